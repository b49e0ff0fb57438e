#pragma once

#include "track_record/probability_map.hpp"
#include "track_record/score_bin.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vt::track_record {

/// Whose signals are looked at together.
enum class Sides : std::uint8_t {
    mirrored,    ///< both, a short by 100 - score: as many as there are, for markets that treat both alike
    long_only,
    short_only,
};
[[nodiscard]] std::string_view name(Sides sides);

struct CalibrationPlan {
    Segment segment = Segment::live;
    Sides sides = Sides::mirrored;
    std::size_t bins = 10;
    double pooling = 50;  ///< as many outcomes weigh what all symbols say against what one of them does
    Counting counting;
};

/// How one symbol does beside what the map expects of its signals.
struct SymbolRecord {
    std::string symbol;
    std::size_t n = 0;
    double n_eff = 0;
    double hits = 0;                      ///< effective
    double expected = 0;                  ///< mean probability by the map
    double rate = 0;                      ///< share of targets, drawn toward the expected one
    statistics::Interval rate_interval;   ///< 90 %
    double shift = 0;                     ///< log-odds that the symbol adds to the map
};

/// What followed signals of each strength, of one segment.
struct Calibration {
    CalibrationPlan plan;
    std::size_t n = 0;                    ///< signals of the segment and side
    std::vector<ScoreBin> bins;           ///< ascending
    std::optional<ProbabilityMap> map;    ///< of the target before stop and expiry
    /// Expected net return in bps by strength, rising; empty where it rests on too few.
    std::array<std::vector<statistics::IsotonicBlock>, kHorizons.size()> net_bps;
    std::vector<SymbolRecord> symbols;    ///< ascending by name; empty without a map

    /// The bin of a strength; above the last one's beginning that one; null below all that was seen.
    [[nodiscard]] const ScoreBin* bin_of(double strength) const;
    /// The probability that a signal of this score and side meets its target first.
    ///   out:  absent where no map could be made, and below the weakest signal that was seen
    [[nodiscard]] std::optional<double> probability(std::string_view symbol, double score, int side) const;
    /// The net return to be expected at a horizon.
    ///   out:  absent as above
    [[nodiscard]] std::optional<Bps> expected_net(std::size_t horizon, double score, int side) const;
};

/// Looks at what became of the signals of the plan's segment and sides.
///   in:     any order; scores 0..100
///   out:    the same for the same signals in whatever order, but for signals of one symbol and instant
///   cost:   O(n log n); allocates
[[nodiscard]] Calibration calibrate(std::span<const Judged> signals, const CalibrationPlan& plan);

}  // namespace vt::track_record
