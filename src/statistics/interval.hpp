#pragma once

namespace vt::statistics {

/// From where to where a quantity may lie. What is known of it without data stands in the function that returns it.
struct Interval {
    double lower = 0;
    double upper = 1;

    [[nodiscard]] bool contains(double value) const { return lower <= value && value <= upper; }
};

}  // namespace vt::statistics
