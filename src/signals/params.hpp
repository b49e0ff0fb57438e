#pragma once

#include "base/time.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace vt::signals {

inline constexpr std::size_t kTargetCount = 3;

/// The knobs of signals. Each score is mirrored around 50 for the short side: both sides ask for the same strength.
struct Params {
    double score = 70;          ///< what a minute has to reach at most, and as long as too few minutes are known
    double level_floor = 60;    ///< and at least
    double level_share = 0.02;  ///< of the last week's minutes of all instruments may lie beyond what is asked for
    std::uint64_t level_minutes_min = 1000;
    double persistence_points = 5;  ///< the minute before may be so much nearer to 50
    double rearm_share = 0.5;       ///< of the level: the score has to come back so near before another signal
    double coverage_min = 0.80;     ///< share of the evidence that is alive
    double confidence_min = 0.50;   ///< 0..1
    double opposition_max = 0.25;   ///< of the score's distance from 50, by a single dimension
    double listed_days_min = 30;    ///< since the venue began to trade it
    double turnover_min_usd = 5e6;  ///< in 24 hours
    double spread_max_bps = 15;     ///< or the 99 % quantile of the market's own minutes, if that is less
    double cost_share_max = 0.20;   ///< of a round trip, in the stop's distance that the market asks for
    double stop_atr = 2;            ///< ATR of 30 minutes to the stop, at least
    double stop_atr_max = 4;        ///< beyond that many there is no signal
    double taker_fee_bps = 5.5;     ///< of one fill
    double order_quote = 10'000;    ///< quote currency: the size whose slippage is counted; 1e3, 1e4, 1e5 or 1e6
    double leverage = 10;           ///< what the way to liquidation is measured with
    double risk_share = 0.005;      ///< of the equity, lost at the stop: what the suggested size is made for
    std::array<double, kTargetCount> target_distances{1.5, 2.5, 4};  ///< in stop distances
    std::array<double, kTargetCount> target_shares{0.5, 0.3, 0.2};   ///< of the position; they add up to 1
    Nanos expiry = std::chrono::hours{8};
    Nanos cooldown = std::chrono::minutes{60};  ///< after a signal of the same side ended
    Nanos cooldown_after_stop = std::chrono::minutes{120};
    std::uint32_t new_per_hour_max = 10;  ///< of all instruments
    std::uint32_t cluster_max = 3;        ///< signals of one side that are open among correlated instruments
    double cluster_correlation = 0.7;     ///< of the minutes' returns, from which on two are one cluster
    double calibrated_effective_min = 30;  ///< effective outcomes of its strength below which one is uncalibrated
    double edge_effective_min = 200;       ///< and from which on the calibrated edge decides
    bool operator==(const Params&) const = default;
};

}  // namespace vt::signals
