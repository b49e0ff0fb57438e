#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace vt::alpha {

/// The log returns of bars that follow each other without a hole, oldest first: Bitcoin's and the instrument's.
struct Bars {
    std::span<const double> bitcoin;
    std::span<const double> own;
    double coverage = 0;  ///< of the window, and of how old its newest bar is
    [[nodiscard]] std::size_t size() const { return own.size(); }
    [[nodiscard]] Bars part(std::size_t first, std::size_t count) const {
        return {bitcoin.subspan(first, count), own.subspan(first, count), coverage};
    }
};

/// Fewer bars than this give no line to hold anything against.
inline constexpr std::size_t kMinBars = 60;

/// What of the bars Bitcoin does not explain: own - beta bitcoin. The mean stays in: a drift of its own is what some
/// look for.
struct Residuals {
    double beta = 0;
    double sd = 0;  ///< of one bar's, about their mean, n - 2 degrees of freedom
};
/// out: absent for fewer than kMinBars, where Bitcoin did not move, and where the line is exact. cost: O(n)
[[nodiscard]] std::optional<Residuals> residuals_of(const Bars& bars);

/// The sum of own - beta bitcoin over the bars. cost: O(n)
[[nodiscard]] double residual_sum(const Bars& bars, double beta);
/// The same in standard deviations of a walk of that many bars. in: bars not empty, residuals.sd > 0
[[nodiscard]] double residual_move(const Bars& bars, const Residuals& residuals);

}  // namespace vt::alpha
