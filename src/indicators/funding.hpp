#pragma once

#include "base/time.hpp"

#include <chrono>

namespace vt::indicators {

/// The interest that a perpetual's funding contains where premium is nil: .01 % for 8 hours, in proportion.
inline constexpr double kInterestPer8Hours = 1e-4;
/// Within this distance of the premium, funding is the interest.
inline constexpr double kFundingClamp = 5e-4;

/// What longs pay shorts at a settlement: P + clamp(I - P, -.05 %, +.05 %), before the venue's caps.
///   in:     mean premium index and interest of the interval, fractions
///   source: Bybit and Binance, "funding rate"
[[nodiscard]] double funding_rate(double premium, double interest);

/// The interest of one funding interval at the usual rate. in: interval > 0. out: a fraction
[[nodiscard]] double usual_interest(Nanos interval);

/// The rate of a year of 365 days, simple. in: a fraction for each interval; interval > 0
[[nodiscard]] double annualised(double rate, Nanos interval);

/// What a dated contract costs above spot, by the year of 365 days.
struct AnnualBasis {
    double simple = 0;      ///< (F/S - 1) 365/days
    double continuous = 0;  ///< ln(F/S) 365/days
};
/// in: prices > 0, days to delivery > 0
[[nodiscard]] AnnualBasis annual_basis(double future, double spot, double days);

}  // namespace vt::indicators
