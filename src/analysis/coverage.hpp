#pragma once

#include "analysis/flag.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace vt::analysis {

// How much of the evidence behind a value is alive: c = hist x age x gap x minimum x flag, each in 0..1.

/// What a value is computed from, by how fast it goes stale.
enum class Input : std::uint8_t {
    book,             ///< best quote and depth
    trades,           ///< age of the connection that carries the topic: silence is legitimate
    liquidations,     ///< likewise
    ticker,           ///< open interest, mark, index, running funding
    btc_mid,          ///< Bitcoin's mid, for the others
    account_ratios,   ///< polled every 5 minutes
    minute_features,  ///< model prediction, closed minutes
    zones,            ///< support and resistance estimates, from 5-minute bars
    bars_30m,         ///< what is found in them
    bars_4h,
    fear_and_greed,
    beta_1m,  ///< betas to Bitcoin, by the bars they are estimated on: fresh for two bars
    beta_5m,
    beta_30m,
    beta_4h,
    lead_lag,  ///< the search for a lag, every ten minutes
};
[[nodiscard]] std::string_view name(Input input);

/// Fresh until `grace`, then fading with `decay`.
struct AgePlan {
    Nanos grace{};
    Nanos decay{};
};
[[nodiscard]] AgePlan age_plan(Input input);

/// Below this, an aged input counts as absent.
inline constexpr double kMinAgeCoverage = 0.05;
/// A window of which more than this share is missing gives no value.
inline constexpr double kMaxMissingShare = 0.5;
/// A dimension with less coverage than this has no score.
inline constexpr double kMinDimensionCoverage = 0.20;

/// 0 below n_min, then .5 rising to 1 at 2 n_min.
[[nodiscard]] double history_coverage(std::size_t n, std::size_t n_min);
/// exp(-max(0, age - grace)/decay). out: absent below kMinAgeCoverage, or when there is no age
[[nodiscard]] std::optional<double> age_coverage(std::optional<Nanos> age, AgePlan plan);
/// 1 - missing share. out: absent above kMaxMissingShare
[[nodiscard]] std::optional<double> gap_coverage(double missing_share);
/// min(1, events/minimum); 1 where the component has no minimum.
[[nodiscard]] double minimum_coverage(double events, double minimum);
/// Product over the flags: conflated .9, censored .7, kline_based .7, clock_suspect .5, spoof_like 1 - .5 spoof.
///   in: `spoof` in 0..1, read only where the flag is set
[[nodiscard]] double flag_coverage(Flags flags, double spoof = 0);

}  // namespace vt::analysis
