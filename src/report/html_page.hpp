#pragma once

#include "report/finding.hpp"
#include "report/text.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vt::report {

/// Fit for an element's content and for a quoted attribute: & < > " ' are written as entities, and control characters
/// that no document may hold are left out.
[[nodiscard]] std::string html_escaped(std::string_view text);

/// A line of a chart: its name and its points from left to right; y above 0.
struct Curve {
    std::string name;
    std::vector<double> points;
};

/// One page without scripts that needs no other file. Every text is escaped.
class HtmlPage {
public:
    explicit HtmlPage(std::string_view title);

    HtmlPage& heading(std::string_view text);
    HtmlPage& paragraph(std::string_view text);
    HtmlPage& table(const Table& table);
    HtmlPage& findings(std::span<const Finding> findings);
    /// Curves over the same labels, on a logarithmic scale of y.
    ///   in: unit: of y;  labels: one for each point
    HtmlPage& chart(std::string_view title, std::string_view unit, std::span<const std::string> labels,
                    std::span<const Curve> curves);
    /// The whole document; the page is empty after it.
    [[nodiscard]] std::string take();

private:
    std::string body_;
};

}  // namespace vt::report
