#pragma once

#include "statistics/edge_decay.hpp"
#include "track_record/judged.hpp"
#include "track_record/score_bin.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vt::track_record {

/// What is known of signals of one strength and more, up to the next bin.
struct EdgeBin {
    double from = 0;       ///< strength of the weakest that was seen
    double effective = 0;  ///< outcomes behind the figures, overlapping ones counted as one
    std::optional<double> probability;  ///< of the target before stop and expiry; absent without a map
    std::optional<double> low_net_r;    ///< lower end of the 90 % interval of the mean net result; absent below two
};

/// What one symbol adds to the map, in log-odds: its own rate, drawn toward the rate of all.
struct SymbolShift {
    std::string symbol;
    double shift = 0;
};

/// How far outcomes have fallen behind what was claimed: statistics::EdgeDecay, as it stands.
struct DecayState {
    double level = 0;     ///< standard deviations of one outcome
    double alarm = 0;     ///< level at which it is an alarm
    double recovery = 0;  ///< and at which that is over
    bool is_decayed = false;
};
[[nodiscard]] DecayState state_of(const statistics::EdgeDecay& decay);

/// What became of a strategy's signals, as far as the next ones are decided by it.
struct StrategyEdge {
    std::string strategy;
    double effective = 0;              ///< outcomes of all strengths
    std::vector<EdgeBin> bins;         ///< ascending
    std::vector<SymbolShift> symbols;  ///< ascending by name
    /// The lowest strength that was seen from which on the expected net result is above 0; 100 where it is so
    /// nowhere. Absent: too few outcomes.
    std::optional<double> level;
    DecayState decay;

    /// out: null below all that was seen
    [[nodiscard]] const EdgeBin* bin_of(double strength) const;
    /// The probability that a signal of this strength meets its target first.
    ///   out: in (0, 1); absent without a map and below all that was seen
    [[nodiscard]] std::optional<double> probability(std::string_view symbol, double strength) const;
};

/// in: edges: null: nothing is known. out: null: of this strategy nothing
[[nodiscard]] const StrategyEdge* edge_named(const std::vector<StrategyEdge>* edges, std::string_view strategy);

struct EdgePlan {
    Segment segment = Segment::live;
    std::size_t bins = 10;  ///< at most: as many as have `counting.thin_below` effective outcomes each
    Counting counting;
    statistics::EdgeDecayLimits decay;
    std::optional<Timestamp> decay_since;  ///< ends before it do not count for the decay
};

/// Makes what is known of each strategy, ascending by name.
///   in:     signals of the plan's segment in any order; others are left out
///   out:    the same for the same signals
///   cost:   as calibrate(), for each strategy; copies the signals
[[nodiscard]] std::vector<StrategyEdge> edges_of(std::span<const Judged> signals, const EdgePlan& plan);

}  // namespace vt::track_record
