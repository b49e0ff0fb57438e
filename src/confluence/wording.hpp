#pragma once

#include "base/time.hpp"

#include <string>
#include <string_view>

namespace vt::confluence {

/// What moves the score by less is not worth a word: it would read as 0.0 or little more.
inline constexpr double kSmallestPoints = 0.1;

/// "trade imbalance" for "trade_imbalance".
[[nodiscard]] std::string plain(std::string_view name);
/// With so many digits after the point; "-0.0" is "0.0".
[[nodiscard]] std::string number(double value, int digits);
/// "+3.2" or "\u22123.2": always with its sign.
[[nodiscard]] std::string points(double value);
/// Four significant digits, without an exponent where that is readable.
[[nodiscard]] std::string quantity(double value);
/// "91 %" for .91; "99.7 %" rather than a whole that it is not.
[[nodiscard]] std::string percent(double share);
/// "1:05" hours and minutes, rounded up.
[[nodiscard]] std::string countdown(Nanos left);

}  // namespace vt::confluence
