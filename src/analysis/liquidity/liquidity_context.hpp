#pragma once

#include "analysis/evaluation.hpp"
#include "analysis/flag.hpp"
#include "analysis/leaf_scoring.hpp"
#include "base/time.hpp"

#include <cstddef>

namespace vt::analysis::liquidity {

/// What the components read at a grid second, beside their own state.
struct LiquidityContext {
    GridSecond second;
    Ages ages;
    Flags quote_flags;
    Flags book_flags;
    double spoof = 0;  ///< 0..1: how much of the book seems to be there for show

    [[nodiscard]] Timestamp u() const { return second.u; }
    /// The flags of a leaf that reads the book.
    [[nodiscard]] Flags with_spoof(Flags flags) const {
        if (spoof > 0) flags.set(Flag::spoof_like);
        return flags;
    }
};

/// A mean over book samples, one a second: below this it counts in part.
inline constexpr double kMinBookSamples = 30;

/// The share of a window of seconds in which no sample has a value.
[[nodiscard]] inline double missing_samples(std::size_t defined, std::size_t window) {
    return 1 - static_cast<double>(defined) / static_cast<double>(window);
}

}  // namespace vt::analysis::liquidity
