#pragma once

#include "exchange/history_page.hpp"
#include "history/ranges.hpp"
#include "history/table.hpp"

#include <cstdint>
#include <optional>

namespace vt::history {

/// Which pages bring a series up to what was asked for: oldest time first, each page as long as its rows fit, longer
/// ones where the venue had nothing (years before a listing then cost few requests). What a reply proves is worked
/// out the same for venues that cut a full page at its old or at its new end. Every answer shortens what is left, so
/// paging ends.
class Paging {
public:
    /// in: `missing` on the grid of the series' step
    Paging(Series series, exchange::HistoryTerms terms, Ranges missing);

    /// The page to ask for now; nullopt: nothing is left.
    [[nodiscard]] std::optional<exchange::HistoryPage> next() const;

    /// Takes the rows of the answer to next().
    ///   in:  `settled_ms`: up to when a missing row is really missing, and not only late
    ///   out: what has been answered in full by it; may be empty
    TimeRange take(const exchange::HistoryRows& rows, std::int64_t settled_ms);

    [[nodiscard]] const Ranges& missing() const { return missing_; }

private:
    Series series_;
    exchange::HistoryTerms terms_;
    Ranges missing_;
    std::int64_t stretch_ = 1;  ///< how many pages' time the next page spans
};

/// The rows of a page as a table.
[[nodiscard]] Table table_of(Kind kind, exchange::HistoryRows rows);

}  // namespace vt::history
