#include "report/html_page.hpp"

#include <algorithm>
#include <cmath>

namespace vt::report {
namespace {

constexpr double kFigureWidth = 860, kFigureHeight = 380, kAxisRight = 130, kEdge = 16, kAxisBottom = 28;
constexpr double kRowHeight = 22, kNamesWidth = 230, kFiguresWidth = 70;

std::string point(double value) { return number_text(value, 1); }

std::string label(double x, double y, std::string_view anchor, std::string_view what) {
    return "<text x=\"" + point(x) + "\" y=\"" + point(y) + "\" text-anchor=\"" + std::string(anchor) + "\">" +
           html_escaped(what) + "</text>\n";
}

std::string line(std::string_view style, double x1, double y1, double x2, double y2) {
    return "<line class=\"" + std::string(style) + "\" x1=\"" + point(x1) + "\" y1=\"" + point(y1) + "\" x2=\"" +
           point(x2) + "\" y2=\"" + point(y2) + "\"/>\n";
}

std::string rectangle(std::string_view style, double x, double y, double width, double height) {
    return "<rect class=\"" + std::string(style) + "\" x=\"" + point(x) + "\" y=\"" + point(y) + "\" width=\"" +
           point(width) + "\" height=\"" + point(height) + "\"/>\n";
}

std::string figure(std::string_view title, double height, const std::string& content) {
    return "<figure><svg viewBox=\"0 0 " + point(kFigureWidth) + " " + point(height) + "\" width=\"" +
           point(kFigureWidth) + "\" role=\"img\" aria-label=\"" + html_escaped(title) + "\">\n" + content +
           "</svg><figcaption>" + html_escaped(title) + "</figcaption></figure>\n";
}

/// Where prices and times lie in the figure.
struct Plane {
    double low = 0, high = 0;
    Timestamp first, last;

    [[nodiscard]] double y(double price) const {
        const double share = high > low ? (high - price) / (high - low) : 0.5;
        return kEdge + (kFigureHeight - kEdge - kAxisBottom) * share;
    }
    [[nodiscard]] double x(Timestamp at) const {
        const double span = std::max(1.0, to_seconds(last - first));
        return kEdge + (kFigureWidth - kEdge - kAxisRight) * to_seconds(at - first) / span;
    }
};

/// Names that would lie on each other are moved apart, downward.
std::string names_of_lines(std::span<const PriceLine> lines, const Plane& plane, int digits) {
    std::vector<PriceLine> sorted(lines.begin(), lines.end());
    std::sort(sorted.begin(), sorted.end(), [](const PriceLine& a, const PriceLine& b) { return a.price > b.price; });
    std::string out;
    double lowest = 0;
    for (const PriceLine& each : sorted) {
        const double y = std::max(plane.y(each.price) + 4, lowest + 13);
        lowest = y;
        out += label(kFigureWidth - kAxisRight + 6, y, "start", each.name + " " + number_text(each.price, digits));
    }
    return out;
}

}  // namespace

HtmlPage& HtmlPage::candles(std::string_view title, std::span<const PriceBar> bars, std::span<const PriceLine> lines,
                            std::span<const TimeMark> marks, int digits) {
    if (bars.empty()) return *this;
    Plane plane{.low = bars[0].low, .high = bars[0].high, .first = bars.front().at, .last = bars.back().at};
    for (const PriceBar& bar : bars) {
        plane.low = std::min(plane.low, bar.low);
        plane.high = std::max(plane.high, bar.high);
    }
    for (const PriceLine& each : lines) {
        plane.low = std::min(plane.low, each.price);
        plane.high = std::max(plane.high, each.price);
    }
    std::string content;
    for (const PriceLine& each : lines)
        content += line(each.is_dashed ? "level dashed" : "level", kEdge, plane.y(each.price),
                        kFigureWidth - kAxisRight, plane.y(each.price));
    content += names_of_lines(lines, plane, digits);
    for (const TimeMark& mark : marks) {
        if (mark.at < plane.first || mark.at > plane.last) continue;
        content += line("mark", plane.x(mark.at), kEdge, plane.x(mark.at), kFigureHeight - kAxisBottom);
        content += label(plane.x(mark.at) + 3, kEdge + 10, "start", mark.name);
    }
    const double width = std::max(1.0, 0.6 * (kFigureWidth - kEdge - kAxisRight) / static_cast<double>(bars.size()));
    for (const PriceBar& bar : bars) {
        const std::string_view style = bar.close >= bar.open ? "up" : "down";
        const double x = plane.x(bar.at), top = plane.y(std::max(bar.open, bar.close));
        content += line(style, x, plane.y(bar.high), x, plane.y(bar.low));
        content +=
            rectangle(style, x - width / 2, top, width, std::max(0.5, plane.y(std::min(bar.open, bar.close)) - top));
    }
    content += label(kEdge, kFigureHeight - 8, "start", time_text(plane.first));
    content += label(kFigureWidth - kAxisRight, kFigureHeight - 8, "end", time_text(plane.last));
    body_ += figure(title, kFigureHeight, content);
    return *this;
}

HtmlPage& HtmlPage::amounts(std::string_view title, std::string_view unit, std::span<const Amount> amounts) {
    double largest = 0;
    for (const Amount& amount : amounts) largest = std::max(largest, std::abs(amount.value));
    if (amounts.empty() || !(largest > 0)) return *this;
    const double middle = kNamesWidth + (kFigureWidth - kNamesWidth - kFiguresWidth) / 2;
    const double half = (kFigureWidth - kNamesWidth - kFiguresWidth) / 2 - kEdge;
    std::string content;
    double y = kEdge;
    for (const Amount& amount : amounts) {
        const double width = half * std::abs(amount.value) / largest;
        content += label(0, y + 15, "start", amount.name);
        content += rectangle(amount.value < 0 ? "down" : "up", amount.value < 0 ? middle - width : middle, y + 3,
                             std::max(width, 0.5), kRowHeight - 6);
        content += label(kFigureWidth, y + 15, "end",
                         (amount.value > 0 ? "+" : "") + number_text(amount.value, 2) + " " + std::string(unit));
        y += kRowHeight;
    }
    content += line("level", middle, kEdge, middle, y);
    body_ += figure(title, y + kEdge, content);
    return *this;
}

}  // namespace vt::report
