#pragma once

#include "statistics/edge_decay.hpp"
#include "statistics/placebo.hpp"
#include "statistics/sharpe.hpp"
#include "statistics/stationary_bootstrap.hpp"
#include "track_record/score_bin.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace vt::track_record {

/// What random entries get with the stops, targets, expiry and costs of the signals: that, not 0, is to be beaten.
///   source: measured for a stop of 2 ATR, a target 1.5 times as far, 8 hours, costs of 15 bps
struct NullRates {
    double target = 0.23;
    double stop = 0.40;
    double expired = 0.36;
    double net_r = -0.12;
};

struct PerformancePlan {
    Segment segment = Segment::live;
    NullRates null;
    Counting counting;
    double trials = 1;          ///< strategies and variants that were ever evaluated, or the effective number of them
    double trial_variance = 0;  ///< of their Sharpe ratios for one trade
    statistics::BootstrapPlan bootstrap;
    std::size_t side_draws = 999;  ///< with sides turned at random, 20 or more
    std::uint64_t seed = 1;        ///< of bootstrap and draws
    statistics::EdgeDecayLimits decay;
};

/// Mean net results, in R, of draws that cannot have an edge but trade as often and as long.
struct StrategyPlacebos {
    std::string strategy;
    std::vector<double> mean_net_r;
};

/// A share beside what chance gives.
struct ShareAgainstNull {
    double share = 0;
    statistics::Interval interval;  ///< 95 %, Wilson on the effective number
    double null = 0;
};

/// What the results of trades say, in R.
struct ResultRecord {
    std::size_t n = 0;
    double n_eff = 0;
    double mean = 0;
    std::optional<statistics::Interval> mean_interval;      ///< by the bootstrap of the plan's confidence
    std::optional<statistics::Interval> sharpe_interval;    ///< absent above kMostResampled trades
    std::optional<statistics::Interval> drawdown_interval;  ///< likewise
    double maximum_drawdown = 0;
    std::optional<double> sharpe;          ///< mean / sd of one trade
    std::optional<double> probabilistic;   ///< chance that the true one is above 0 (PSR), n effective trades
    std::optional<double> deflated;        ///< above what luck gives the best of all trials (DSR)
    std::optional<double> shortest_record; ///< effective trades until PSR reaches .95
    std::optional<double> p_null;          ///< chance of such a mean where the truth is the null's
    std::optional<double> p_profit;        ///< where the truth is 0
};

/// One strategy's record, or that of all together.
struct StrategyRecord {
    std::string strategy;        ///< empty for all
    std::size_t open = 0;        ///< without an end
    std::size_t n = 0;           ///< ended
    double n_eff = 0;
    bool is_thin = true;
    ShareAgainstNull target, stop, expired;
    double target_p = 1;         ///< chance of so many targets where the null is true; exact binomial on n_eff
    std::optional<ResultRecord> results;
    std::optional<double> q_null;    ///< p_null corrected for the number of strategies (Benjamini-Hochberg)
    std::optional<double> q_profit;  ///< likewise
    std::optional<statistics::PlaceboComparison> placebo;  ///< of mean R, where the caller gave draws
    /// Of the mean net return at each horizon, beside the same signals with sides turned at random; p is not
    /// corrected for the number of horizons and strategies.
    std::array<std::optional<statistics::PlaceboComparison>, kHorizons.size()> turned_sides;
    statistics::EdgeDecay decay;     ///< of outcomes against the probabilities that were claimed
};

struct Performance {
    Segment segment = Segment::live;
    StrategyRecord all;
    std::vector<StrategyRecord> strategies;  ///< ascending by name
};

/// Up to so many trades are resampled one by one; more are averaged in turn to so many values, which leaves the
/// mean.
inline constexpr std::size_t kMostResampled = 5000;

/// Judges the signals of a segment.
///   in:     any order
///   cost:   O(n log n), and resamples x min(n, kMostResampled) for each strategy; allocates
///   source: the errors behind p_null and p_profit are the larger of Newey-West's and of sd / sqrt(n_eff)
[[nodiscard]] Performance evaluate(std::span<const Judged> signals, const PerformancePlan& plan,
                                   std::span<const StrategyPlacebos> placebos);

}  // namespace vt::track_record
