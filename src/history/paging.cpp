#include "history/paging.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <utility>

namespace vt::history {
namespace {

/// Funding has no step; no venue settles more often than hourly.
constexpr std::int64_t kShortestFunding_ms = 3'600'000;
constexpr std::int64_t kLongestStretch = 1 << 12;

std::int64_t spacing_of(const Series& series) { return series.step_ms > 0 ? series.step_ms : kShortestFunding_ms; }

}  // namespace

Paging::Paging(Series series, exchange::HistoryTerms terms, Ranges missing)
    : series_(std::move(series)), terms_(terms), missing_(std::move(missing)) {
    VT_ASSERT(terms_.limit > 0);
}

std::optional<exchange::HistoryPage> Paging::next() const {
    if (missing_.empty()) return std::nullopt;
    const TimeRange first = missing_.front();
    const std::int64_t span = spacing_of(series_) * terms_.limit * stretch_;
    return exchange::HistoryPage{.venue = series_.venue,
                                 .category = series_.category,
                                 .symbol = series_.symbol,
                                 .kind = series_.kind,
                                 .step_ms = series_.step_ms,
                                 .from_ms = first.from_ms,
                                 .to_ms = std::min(first.to_ms, first.from_ms + span),
                                 .limit = terms_.limit};
}

TimeRange Paging::take(const exchange::HistoryRows& rows, std::int64_t settled_ms) {
    const std::optional<exchange::HistoryPage> page = next();
    VT_ASSERT(page.has_value());
    TimeRange answered{page->from_ms, page->to_ms};
    const std::size_t count = rows.times_ms.size();
    stretch_ = count == 0 ? std::min(stretch_ * 2, kLongestStretch) : 1;
    const std::int64_t places =
        series_.step_ms > 0 ? (page->to_ms - page->from_ms) / series_.step_ms : static_cast<std::int64_t>(count) + 1;
    if (count >= terms_.limit && places > static_cast<std::int64_t>(count)) {
        // Full, and there may be more: it proves what lies between its end that was not cut and its last row.
        if (terms_.is_newest_first)
            answered.from_ms = rows.times_ms.front();
        else
            answered.to_ms = rows.times_ms.back() + std::max<std::int64_t>(series_.step_ms, 1);
    }
    Ranges left;
    for (const TimeRange& range : missing_) {
        for (const TimeRange& part : missing_from(range, {answered})) left.push_back(part);
    }
    missing_ = std::move(left);
    if (count > 0 && series_.step_ms == 0) settled_ms = std::max(settled_ms, rows.times_ms.back() + 1);
    if (count > 0) settled_ms = std::max(settled_ms, rows.times_ms.back() + series_.step_ms);
    answered.to_ms = std::min(answered.to_ms, settled_ms);
    return answered.empty() ? TimeRange{} : answered;
}

Table table_of(Kind kind, exchange::HistoryRows rows) {
    Table table(kind);
    VT_ASSERT(rows.columns.size() == table.columns.size());
    table.times_ms = std::move(rows.times_ms);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        for (const std::optional<Decimal>& value : rows.columns[i]) table.columns[i].push(value);
    }
    return table;
}

}  // namespace vt::history
