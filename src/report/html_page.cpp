#include "report/html_page.hpp"

#include "base/math.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace vt::report {
namespace {

constexpr std::string_view kHead =
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<style>\n"
    ":root{color-scheme:light dark}\n"
    "body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}\n"
    "table{border-collapse:collapse;margin:1rem 0;display:block;overflow-x:auto}\n"
    "th,td{padding:.3rem .7rem;border-bottom:1px solid #8886;text-align:right;vertical-align:top}\n"
    "th:first-child,td:first-child,.findings td,.findings th{text-align:left}\n"
    "td{font-variant-numeric:tabular-nums}\n"
    ".passed::before{content:'\\2713 '}.failed::before{content:'\\2717 '}.failed{font-weight:700}\n"
    "svg{max-width:100%;height:auto}svg text{font:12px system-ui,sans-serif;fill:currentColor}\n"
    ".up{stroke:#1f8a5b;fill:#1f8a5b}.down{stroke:#c2403a;fill:#c2403a}\n"
    ".level{stroke:currentColor;stroke-width:1}.dashed{stroke-dasharray:5 4}\n"
    ".mark{stroke:#2a7de1;stroke-dasharray:2 3}\n"
    ".curve0{stroke:#2a7de1}.curve1{stroke:#d9822b;stroke-dasharray:6 4}\n"
    "</style>\n";

constexpr double kWidth = 720, kHeight = 300, kLeft = 70, kRight = 20, kTop = 20, kBottom = 50;

std::string text(double x, double y, std::string_view anchor, std::string_view what) {
    return "<text x=\"" + number_text(x, 1) + "\" y=\"" + number_text(y, 1) + "\" text-anchor=\"" +
           std::string(anchor) + "\">" + html_escaped(what) + "</text>\n";
}

std::string rule(double y) {
    return "<line x1=\"" + number_text(kLeft, 1) + "\" x2=\"" + number_text(kWidth - kRight, 1) + "\" y1=\"" +
           number_text(y, 1) + "\" y2=\"" + number_text(y, 1) + "\" stroke=\"#8884\"/>\n";
}

}  // namespace

std::string html_escaped(std::string_view content) {
    std::string out;
    out.reserve(content.size());
    for (const char letter : content) {
        switch (letter) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default:
                if (static_cast<unsigned char>(letter) >= 0x20 || letter == '\n' || letter == '\t') out += letter;
        }
    }
    return out;
}

HtmlPage::HtmlPage(std::string_view title) {
    const std::string safe = html_escaped(title);
    body_ = std::string(kHead) + "<title>" + safe + "</title>\n</head>\n<body>\n<h1>" + safe + "</h1>\n";
}

HtmlPage& HtmlPage::heading(std::string_view content) {
    body_ += "<h2>" + html_escaped(content) + "</h2>\n";
    return *this;
}

HtmlPage& HtmlPage::paragraph(std::string_view content) {
    body_ += "<p>" + html_escaped(content) + "</p>\n";
    return *this;
}

HtmlPage& HtmlPage::table(const Table& table) {
    body_ += "<table>\n<thead><tr>";
    for (const std::string& cell : table.head) body_ += "<th scope=\"col\">" + html_escaped(cell) + "</th>";
    body_ += "</tr></thead>\n<tbody>\n";
    for (const auto& row : table.rows) {
        body_ += "<tr>";
        for (const std::string& cell : row) body_ += "<td>" + html_escaped(cell) + "</td>";
        body_ += "</tr>\n";
    }
    body_ += "</tbody>\n</table>\n";
    return *this;
}

HtmlPage& HtmlPage::findings(std::span<const Finding> findings) {
    body_ +=
        "<table class=\"findings\">\n<thead><tr><th scope=\"col\">Verdict</th><th scope=\"col\">What</th>"
        "<th scope=\"col\">Measured</th><th scope=\"col\">Wanted</th><th scope=\"col\">Definition</th></tr></thead>\n"
        "<tbody>\n";
    for (const Finding& finding : findings) {
        const std::string verdict = html_escaped(name(finding.verdict));
        std::string measured = html_escaped(finding.measured);
        if (!finding.remedy.empty()) measured += "<br>&rarr; " + html_escaped(finding.remedy);
        body_ += "<tr><td class=\"" + verdict + "\">" + verdict + "</td><td>" + html_escaped(finding.name) +
                 "</td><td>" + measured + "</td><td>" + html_escaped(finding.wanted) + "</td><td>" +
                 html_escaped(finding.definition) + "</td></tr>\n";
    }
    body_ += "</tbody>\n</table>\n";
    return *this;
}

HtmlPage& HtmlPage::chart(std::string_view title, std::string_view unit, std::span<const std::string> labels,
                          std::span<const Curve> curves) {
    double lowest = 1, highest = 1;
    bool is_first = true;
    for (const Curve& curve : curves) {
        for (const double point : curve.points) {
            if (!(point > 0)) continue;
            lowest = is_first ? point : std::min(lowest, point);
            highest = is_first ? point : std::max(highest, point);
            is_first = false;
        }
    }
    if (is_first) return *this;
    // Whole powers of ten below and above.
    const double bottom = std::floor(math::log(lowest) / math::log(10)),
                 top = std::max(std::ceil(math::log(highest) / math::log(10)), bottom + 1);
    const auto y_of = [&](double value) {
        return kTop + (kHeight - kTop - kBottom) * (top - math::log(value) / math::log(10)) / (top - bottom);
    };
    const auto x_of = [&](std::size_t i) {
        const auto last = static_cast<double>(std::max<std::size_t>(labels.size(), 2) - 1);
        return kLeft + (kWidth - kLeft - kRight) * static_cast<double>(i) / last;
    };
    body_ += "<figure><svg viewBox=\"0 0 " + number_text(kWidth, 0) + " " + number_text(kHeight, 0) + "\" width=\"" +
             number_text(kWidth, 0) + "\" role=\"img\" aria-label=\"" + html_escaped(title) + "\">\n";
    for (double power = bottom; power <= top; ++power) {
        const double value = math::pow(10, power);
        body_ += rule(y_of(value)) +
                 text(kLeft - 8, y_of(value) + 4, "end",
                      number_text(value, power < 0 ? static_cast<int>(-power) : 0) + " " + std::string(unit));
    }
    for (std::size_t i = 0; i < labels.size(); ++i)
        body_ += text(x_of(i), kHeight - kBottom + 18, "middle", labels[i]);
    for (std::size_t i = 0; i < curves.size(); ++i) {
        const std::string style = "class=\"curve" + std::to_string(i % 2) + "\" fill=\"none\" stroke-width=\"2\"";
        body_ += "<polyline " + style + " points=\"";
        for (std::size_t point = 0; point < curves[i].points.size(); ++point) {
            if (!(curves[i].points[point] > 0)) continue;
            body_ += number_text(x_of(point), 1) + "," + number_text(y_of(curves[i].points[point]), 1) + " ";
        }
        const double x = kLeft + 10 + 240 * static_cast<double>(i);
        body_ += "\"/>\n<line " + style + " x1=\"" + number_text(x, 1) + "\" x2=\"" + number_text(x + 30, 1) +
                 "\" y1=\"" + number_text(kHeight - 10, 1) + "\" y2=\"" + number_text(kHeight - 10, 1) + "\"/>\n" +
                 text(x + 36, kHeight - 6, "start", curves[i].name);
    }
    body_ += "</svg><figcaption>" + html_escaped(title) + "</figcaption></figure>\n";
    return *this;
}

std::string HtmlPage::take() {
    std::string out = std::move(body_) + "</body>\n</html>\n";
    body_.clear();
    return out;
}

}  // namespace vt::report
