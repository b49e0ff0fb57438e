#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace vt::records {

/// Bytes that are no text.
struct Blob {
    std::string bytes;
    bool operator==(const Blob&) const = default;
};

/// What a column of a row can hold; monostate is NULL: not known.
using Value = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;
using Row = std::vector<Value>;

template <class T>
[[nodiscard]] Value value_of(const std::optional<T>& maybe) {
    return maybe ? Value(*maybe) : Value{};
}
/// In milliseconds.
[[nodiscard]] inline Value value_of_time(const std::optional<Timestamp>& at) {
    return at ? Value(to_ms(*at)) : Value{};
}
/// The value as a `T`, or nothing where it is NULL or of another kind.
template <class T>
[[nodiscard]] std::optional<T> optional_of(const Value& value) {
    const T* held = std::get_if<T>(&value);
    return held != nullptr ? std::optional<T>(*held) : std::nullopt;
}
[[nodiscard]] inline std::optional<Timestamp> optional_time(const Value& value) {
    const auto ms = optional_of<std::int64_t>(value);
    return ms ? std::optional(from_ms(*ms)) : std::nullopt;
}

/// What a statement gave.
struct Answer {
    std::vector<Row> rows;
    std::uint64_t changed = 0;  ///< rows written or removed
};

}  // namespace vt::records
