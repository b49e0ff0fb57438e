#include "history/gaps.hpp"

#include <algorithm>

namespace vt::history {
namespace {

void add_gap(TimeRange range, bool is_venues, std::int64_t step_ms, GapReport& report) {
    const std::uint64_t rows = step_ms > 0 ? static_cast<std::uint64_t>((range.to_ms - range.from_ms) / step_ms) : 0;
    (is_venues ? report.venue_rows : report.unasked_rows) += rows;
    report.gaps.push_back({range, rows, is_venues});
}

/// Rounds inwards to the grid of the rows.
TimeRange on_grid(TimeRange range, std::int64_t step_ms) {
    const auto up = [step_ms](std::int64_t ms) { return (ms + step_ms - 1) / step_ms * step_ms; };
    return step_ms > 0 ? TimeRange{up(range.from_ms), up(range.to_ms)} : range;
}

}  // namespace

Ranges settled(const Table& rows, std::int64_t step_ms, Ranges covered) {
    if (step_ms <= 0) return covered;
    for (std::size_t first = 0; first < rows.rows();) {
        std::size_t behind = first + 1;
        while (behind < rows.rows() && rows.times_ms[behind] == rows.times_ms[behind - 1] + step_ms) ++behind;
        add(covered, {rows.times_ms[first], rows.times_ms[behind - 1] + step_ms});
        first = behind;
    }
    return covered;
}

Result<GapReport> find_gaps(SeriesReader& reader, std::optional<TimeRange> range) {
    const std::int64_t step_ms = reader.header().series.step_ms;
    if (!range) {
        Ranges known = reader.covered();
        if (const auto extent = reader.extent())
            add(known, {extent->from_ms, extent->to_ms - 1 + std::max<std::int64_t>(step_ms, 1)});
        if (known.empty()) return GapReport{};
        range = TimeRange{known.front().from_ms, known.back().to_ms};
    }
    GapReport report{.range = on_grid(*range, step_ms)};
    VT_TRY(const Table rows, reader.read(report.range));
    report.rows = rows.rows();
    const Ranges covered = reader.covered();
    const Ranges holes = missing_from(report.range, settled(rows, step_ms, step_ms > 0 ? Ranges{} : covered));
    for (const TimeRange& hole : holes) {
        const Ranges unasked = missing_from(hole, covered);
        std::int64_t at = hole.from_ms;
        for (const TimeRange& part : unasked) {
            if (part.from_ms > at) add_gap({at, part.from_ms}, true, step_ms, report);
            add_gap(part, false, step_ms, report);
            at = part.to_ms;
        }
        if (at < hole.to_ms) add_gap({at, hole.to_ms}, true, step_ms, report);
    }
    return report;
}

}  // namespace vt::history
