#pragma once

#include "base/time.hpp"

#include <chrono>

namespace vt::indicators {

/// The usual interest within a perpetual's funding: .01 % for 8 hours, in proportion.
inline constexpr double kInterestPer8Hours = 1e-4;
/// What funding is in an interval whose premium is nil.
///   in:     a fraction for 8 hours, whatever the interval (Binance's 4-hour contracts say .0001 and settle at
///           .00005); interval > 0
///   out:    a fraction for the interval
///   source: Bybit and Binance, "funding rate"
[[nodiscard]] double interest_of(Nanos interval, double per_8_hours = kInterestPer8Hours);

}  // namespace vt::indicators
