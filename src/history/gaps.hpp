#pragma once

#include "history/series_reader.hpp"

#include <cstdint>
#include <vector>

namespace vt::history {

/// A stretch of time without rows.
struct Gap {
    TimeRange range;
    std::uint64_t rows = 0;  ///< that would fit; 0 where the series has no step
    bool is_venues = false;  ///< the venue was asked and has nothing there; else nobody asked
    bool operator==(const Gap&) const = default;
};

struct GapReport {
    TimeRange range;  ///< that was looked at
    std::uint64_t rows = 0;
    std::vector<Gap> gaps;           ///< ascending
    std::uint64_t venue_rows = 0;    ///< in gaps of the venue's
    std::uint64_t unasked_rows = 0;  ///< in the others
};

/// The gaps of a series in `range`; without one, from its first row (or first answer of the venue) to its last. A gap
/// that is partly the venue's and partly not asked for comes as two. Of a series without a step only what was not
/// asked for is known.
///   errors: io
[[nodiscard]] Result<GapReport> find_gaps(SeriesReader& reader, std::optional<TimeRange> range);

/// The time for which nothing needs to be asked any more: answered by the venue, or full of rows.
[[nodiscard]] Ranges settled(const Table& rows, std::int64_t step_ms, Ranges covered);

}  // namespace vt::history
