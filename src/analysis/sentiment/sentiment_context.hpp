#pragma once

#include "analysis/evaluation.hpp"
#include "analysis/flag.hpp"
#include "analysis/leaf_scoring.hpp"
#include "analysis/ticker_state.hpp"
#include "base/time.hpp"

#include <chrono>
#include <optional>

namespace vt::analysis::sentiment {

/// What is polled, or changes slowly, is judged by one sample each hour of the last 30 days.
inline constexpr NormaliserPlan kHourlyPlan{.period = std::chrono::hours{1}, .n_kept = 720, .n_min = 72};

/// All that the components read at a grid second.
struct SentimentContext {
    GridSecond second;
    Ages ages;
    const TickerState& ticker;
    std::optional<double> mid;           ///< quote currency
    std::optional<double> sigma_1m_bps;  ///< of a minute's mid returns
    std::optional<FearAndGreed> fear_and_greed;
    std::optional<double> interest_per_8h;  ///< within the contract's funding, a fraction; absent: not published

    [[nodiscard]] Timestamp u() const { return second.u; }
};

}  // namespace vt::analysis::sentiment
