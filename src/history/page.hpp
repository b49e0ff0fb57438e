#pragma once

#include "base/result.hpp"
#include "history/series_reader.hpp"
#include "history/table.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace vt::history {

/// Some rows of a range, from one of its ends.
struct PageQuery {
    TimeRange range;
    std::size_t limit = 500;  ///< at least 1
    bool newest_first = true;
};

struct Page {
    Table rows;  ///< ascending, whichever end they are from
    /// Where the page after this one begins (oldest first) or ends, not included (newest first); absent: this was the
    /// last one.
    std::optional<std::int64_t> next_ms;
    bool is_damaged = false;  ///< a part of what was read is lost; SeriesReader::damages says which
};

/// The first or the last rows of a range that a file holds.
///   errors: io
///   cost:   O(rows of the blocks that it reads): those of the page, and a few more where rows are sparse
[[nodiscard]] Result<Page> read_page(SeriesReader& reader, const PageQuery& query);

}  // namespace vt::history
