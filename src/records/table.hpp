#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace vt::records {

enum class Kind : std::uint8_t { integer, real, text, bytes };

struct Column {
    std::string_view name;
    Kind kind = Kind::integer;
};

/// A table whose rows are only ever added, by a key that is the row's own: adding one twice adds it once, and rows of
/// two databases can be brought together.
struct Table {
    std::string_view name;
    std::span<const Column> columns;
    std::size_t key_columns = 1;  ///< the first so many; rows are read, copied and digested in their order
};

/// `INSERT INTO scores (at_ms, ...) VALUES ($1, ...) ON CONFLICT DO NOTHING`, as both databases take it.
[[nodiscard]] std::string insertion_into(const Table& table);

}  // namespace vt::records
