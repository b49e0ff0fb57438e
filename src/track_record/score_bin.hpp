#pragma once

#include "statistics/interval.hpp"
#include "statistics/quantiles.hpp"
#include "track_record/lives.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>

namespace vt::track_record {

/// How figures of overlapping signals are made.
struct Counting {
    /// Between outcomes of two symbols at the same time: the coins of one market move together. A proposal; 1
    /// counts all symbols as one.
    double correlation = 0.5;
    double thin_below = 30;  ///< effective outcomes; what rests on fewer is shown in grey and not used
};

/// What followed at one horizon. Shares and means weigh each signal by its uniqueness.
struct HorizonRecord {
    std::size_t n = 0;
    double n_eff = 0;
    double hit_rate = 0;               ///< share whose gross return was above 0, at the horizon itself and not before
    statistics::Interval hit_interval;  ///< 95 %, Wilson on the effective number
    double above_costs = 0;            ///< share whose net return was above 0
    double mean_net_bps = 0;
    statistics::Quartiles net_bps;     ///< of the plain sample
    bool is_thin = true;
};

/// How signals ended.
struct BarrierRecord {
    std::size_t n = 0;
    double n_eff = 0;
    double target = 0, stop = 0, expired = 0;  ///< shares; they add up to 1
    statistics::Interval target_interval;       ///< 95 %
    std::optional<double> mean_net_r;           ///< of those with a known result
    std::optional<statistics::Interval> net_r_interval;  ///< 90 %: its lower end is what an edge is judged by
    bool is_thin = true;
};

/// Signals of similar strength.
struct ScoreBin {
    double from = 0;  ///< strength of the weakest
    double to = 0;    ///< and of the strongest
    std::size_t n = 0;
    std::array<std::optional<HorizonRecord>, kHorizons.size()> horizons;  ///< absent without an outcome
    std::optional<BarrierRecord> barrier;
};

/// What became of these signals at a horizon.
///   out:  absent where none has both a gross and a net return
[[nodiscard]] std::optional<HorizonRecord> horizon_record(std::span<const Judged* const> signals, std::size_t horizon,
                                                          const SymbolNumbers& symbols, const Counting& counting);

/// How these signals ended; those that did not are left out.
[[nodiscard]] std::optional<BarrierRecord> barrier_record(std::span<const Judged* const> signals,
                                                          const SymbolNumbers& symbols, const Counting& counting);

/// Bins of about equally many signals; equal strengths stay together, so there may be fewer.
///   in:   ascending by strength
[[nodiscard]] std::vector<ScoreBin> score_bins(std::span<const Judged* const> by_strength, std::size_t bins,
                                               const SymbolNumbers& symbols, const Counting& counting);

}  // namespace vt::track_record
