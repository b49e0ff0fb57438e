#pragma once

#include "base/time.hpp"
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

/// A bar of a price, oldest first in a chart.
struct PriceBar {
    Timestamp at;
    double open = 0, high = 0, low = 0, close = 0;
};
/// A price that a chart draws across, with its name.
struct PriceLine {
    std::string name;
    double price = 0;
    bool is_dashed = false;
};
/// An instant that a chart marks.
struct TimeMark {
    std::string name;
    Timestamp at;
};
/// One amount of a sum, with its sign.
struct Amount {
    std::string name;
    double value = 0;
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
    /// Prices over time. What lies outside the bars' time is left out of the marks; lines widen the scale.
    ///   in: bars: not empty; digits: of a price, after the point
    HtmlPage& candles(std::string_view title, std::span<const PriceBar> bars, std::span<const PriceLine> lines,
                      std::span<const TimeMark> marks, int digits);
    /// Amounts below each other, to the left and to the right of zero.
    HtmlPage& amounts(std::string_view title, std::string_view unit, std::span<const Amount> amounts);
    /// The whole document; the page is empty after it.
    [[nodiscard]] std::string take();

private:
    std::string body_;
};

}  // namespace vt::report
