#pragma once

#include "base/result.hpp"
#include "history/table.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vt::history {

/// What a block holds besides its values: how its times lie.
struct RowGrid {
    std::size_t rows = 0;
    std::int64_t first_ms = 0;
    std::int64_t step_ms = 0;
};

/// The bytes of rows before compression: docs/formats/history.md, "Payload".
///   in:  an ascending table of at least one row
///   out: nullopt: the values of a column are too far apart to share a scale; halves of the rows can be encoded
[[nodiscard]] std::optional<std::string> encode_columns(const Table& rows, std::int64_t step_ms);

/// Reads them back.
///   errors: corrupt; never reads outside `plain`, never allocates more than `grid.rows` rows
[[nodiscard]] Result<Table> decode_columns(std::string_view plain, Kind kind, const RowGrid& grid);

}  // namespace vt::history
