#include "history/page.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace vt::history {
namespace {

/// Funding has no step: its usual interval.
constexpr std::int64_t kUsualFundingStepMs = std::chrono::milliseconds{std::chrono::hours{8}}.count();

/// What lies at the wanted end of the range, `span_ms` long, or all of it.
TimeRange end_of(const TimeRange& range, std::int64_t span_ms, bool newest) {
    if (range.to_ms - range.from_ms <= span_ms) return range;
    return newest ? TimeRange{range.to_ms - span_ms, range.to_ms} : TimeRange{range.from_ms, range.from_ms + span_ms};
}

}  // namespace

Result<Page> read_page(SeriesReader& reader, const PageQuery& query) {
    VT_ASSERT(query.limit > 0);
    const Series& series = reader.header().series;
    Page page{.rows = Table(series.kind)};
    const auto extent = reader.extent();
    if (!extent) return page;
    const TimeRange range{std::max(query.range.from_ms, extent->from_ms), std::min(query.range.to_ms, extent->to_ms)};
    if (range.empty()) return page;

    // One row more than asked for says whether there is a page after this one.
    const std::size_t wanted = query.limit + 1;
    const std::int64_t step_ms = series.step_ms > 0 ? series.step_ms : kUsualFundingStepMs;
    std::int64_t span_ms = step_ms * static_cast<std::int64_t>(wanted);
    Table rows(series.kind);
    while (true) {
        const TimeRange part = end_of(range, span_ms, query.newest_first);
        VT_TRY(rows, reader.read(part));
        if (rows.rows() >= wanted || part == range) break;
        span_ms *= 2;  // rows are missing there
    }
    const std::size_t count = std::min(query.limit, rows.rows());
    const std::size_t first = query.newest_first ? rows.rows() - count : 0;
    page.rows.append(rows, first, count);
    if (rows.rows() > count)
        page.next_ms = query.newest_first ? page.rows.times_ms.front() : page.rows.times_ms.back() + 1;
    page.is_damaged = !reader.damages().empty();
    return page;
}

}  // namespace vt::history
