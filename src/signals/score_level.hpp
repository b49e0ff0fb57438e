#pragma once

#include "base/time.hpp"
#include "signals/params.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace vt::signals {

/// How far from 50 a score has to be before it is worth a signal: as far as the strongest minutes of the last week
/// were, over all instruments, within the bounds of the parameters. A fixed number would mean something else for each
/// set of dimensions and each market: how far scores spread depends on how many sides there are and how they agree.
///   in:    one distance for each closed minute of each instrument, in any order within an hour
///   out:   points from 50, in steps of half a point, upward; until Params::level_minutes_min minutes are known, the
///          parameters' prior
///   cost:  O(1) a minute; once an hour O(hours x bins); 68 kB
class ScoreLevel {
public:
    void add(Timestamp minute_end, double distance);
    [[nodiscard]] double distance(const Params& params) const;
    /// Minutes that are known.
    [[nodiscard]] std::uint64_t minutes() const { return minutes_; }

private:
    static constexpr std::size_t kHours = 168;
    static constexpr std::size_t kBins = 100;  ///< of half a point
    struct Hour {
        Timestamp start;
        std::array<std::uint32_t, kBins> counts{};
    };
    void begin_hour(Timestamp start);

    std::array<Hour, kHours> hours_{};
    std::size_t current_ = 0;
    bool has_begun_ = false;
    std::array<std::uint64_t, kBins> counts_{};  ///< of all hours
    std::uint64_t minutes_ = 0;
};

}  // namespace vt::signals
