#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace vt {

/// An exact decimal: mantissa x 10^-scale. Tick sizes, lot sizes, and prices before they are counted in ticks.
struct Decimal {
    std::int64_t mantissa = 0;
    std::int8_t scale = 0;  ///< digits behind the point, 0..18

    [[nodiscard]] double to_double() const;
    [[nodiscard]] std::string to_string() const;
    bool operator==(const Decimal&) const =
        default;  ///< of representation: 1.0 (10, 1) is not 1 (1, 0); normalise first
};

/// Reads "123.4500", "-0.1", "1e-5". Trailing zeros are dropped, so equal numbers have equal representations.
///   errors: malformed (empty, stray characters), out_of_range (more than 18 significant digits)
///   cost:   O(length), does not allocate on success
[[nodiscard]] Result<Decimal> parse_decimal(std::string_view text);

/// Counts `text` in whole steps: "61760.30" in steps of 0.10 is 617603.
///   errors: malformed, out_of_range; a value that is not a whole number of steps is malformed
///   cost:   O(length), does not allocate on success
[[nodiscard]] Result<std::int64_t> parse_steps(std::string_view text, Decimal step);

/// `count` steps as text with the step's number of digits: 617603 steps of 0.10 is "61760.3", of 0.01 "6176.03".
[[nodiscard]] std::string format_steps(std::int64_t count, Decimal step);

}  // namespace vt
