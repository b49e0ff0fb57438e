#pragma once

#include "records/table.hpp"
#include "records/value.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vt::records {

/// The server's own numbers of the types that are used here (pg_type.dat).
enum class PostgresType : std::uint32_t {
    unknown = 0,
    boolean = 16,
    bytes = 17,
    integer = 20,
    integer4 = 23,
    text = 25,
    real = 701
};

/// A value in PostgreSQL's binary form: numbers in network order.
void append_binary(std::string& out, const Value& value);
/// errors: none; of a type that is not listed above the value is its text as it stands
[[nodiscard]] Value value_from_binary(PostgresType type, std::string_view bytes);
[[nodiscard]] PostgresType type_of(const Value& value);
[[nodiscard]] PostgresType type_of(Kind kind);

/// Values of one statement as libpq wants them: parallel arrays, in binary form.
class Parameters {
public:
    explicit Parameters(std::span<const Value> values);
    [[nodiscard]] int count() const { return static_cast<int>(lengths_.size()); }
    [[nodiscard]] const std::uint32_t* types() const { return types_.data(); }
    [[nodiscard]] const char* const* values() const { return values_.data(); }
    [[nodiscard]] const int* lengths() const { return lengths_.data(); }
    [[nodiscard]] const int* formats() const { return formats_.data(); }

private:
    std::vector<std::string> bytes_;
    std::vector<std::uint32_t> types_;
    std::vector<const char*> values_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
};

/// The stream of `COPY ... FROM STDIN (FORMAT binary)`: begin_copy, rows, end_copy.
void begin_copy(std::string& out);
void append_copy_row(std::string& out, std::span<const Value> row);
void end_copy(std::string& out);

}  // namespace vt::records
