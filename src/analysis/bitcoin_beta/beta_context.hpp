#pragma once

#include "analysis/bitcoin_beta/bar_returns.hpp"
#include "analysis/bitcoin_beta/beta_estimates.hpp"
#include "analysis/bitcoin_beta/bitcoin_inputs.hpp"
#include "analysis/bitcoin_beta/lead_lag_search.hpp"
#include "analysis/bitcoin_beta/minute_mids.hpp"
#include "analysis/bitcoin_beta/second_returns.hpp"
#include "analysis/evaluation.hpp"
#include "analysis/flag.hpp"
#include "analysis/grid.hpp"
#include "analysis/leaf_scoring.hpp"

#include <array>
#include <optional>

namespace vt::analysis::bitcoin_beta {

/// Fewer returns than this give no beta to work with.
inline constexpr std::size_t kMinReturns = 60;

using FrameReturns = std::array<BarReturns, kBetaFrames.size()>;
using FrameEstimates = std::array<std::optional<BetaEstimates>, kBetaFrames.size()>;

/// What the components read at a grid second, beside their own state.
struct BetaContext {
    GridSecond second;
    const Ages& ages;
    Flags quote_flags;
    const BitcoinInputs& bitcoin;
    const FrameReturns& returns;
    const FrameEstimates& estimates;
    const MinuteMids& minutes;
    const SecondReturns& seconds;
    const std::optional<LeadLagEstimate>& lead_lag;

    [[nodiscard]] Timestamp u() const { return second.u; }
    [[nodiscard]] bool closes_minute() const { return floor_to(second.u, kMinute) == second.u; }
    /// Since the newest bar of a frame closed; absent without one.
    [[nodiscard]] std::optional<Nanos> bar_age(std::size_t frame) const {
        const auto newest = returns[frame].newest();
        return newest ? std::optional(second.u - *newest) : std::nullopt;
    }
};

}  // namespace vt::analysis::bitcoin_beta
