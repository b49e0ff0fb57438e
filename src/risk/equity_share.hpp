#pragma once

#include "trading/money.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace vt::risk {

/// A share of the equity as an amount, rounded down. in: share not negative. out: 0 where there is no equity
[[nodiscard]] inline trading::Money share_of(trading::Money equity, double share) {
    constexpr double kMost = 9e18;  // fits
    const double steps = std::floor(static_cast<double>(std::max<std::int64_t>(equity.value(), 0)) * share);
    return trading::Money{static_cast<std::int64_t>(std::min(steps, kMost))};
}

/// An amount as a share of the equity. out: absent where there is none
[[nodiscard]] inline std::optional<double> share_in(trading::Money equity, trading::Money amount) {
    if (equity <= trading::Money{}) return std::nullopt;
    return static_cast<double>(amount.value()) / static_cast<double>(equity.value());
}

/// An amount times a factor that is not negative, rounded up: what is asked for is never less than it says.
///   out: absent where it does not fit
[[nodiscard]] inline std::optional<trading::Money> at_least_times(trading::Money amount, double factor) {
    const double steps = std::ceil(static_cast<double>(amount.value()) * factor);
    if (!(std::abs(steps) < 9e18)) return std::nullopt;
    return trading::Money{static_cast<std::int64_t>(steps)};
}

}  // namespace vt::risk
