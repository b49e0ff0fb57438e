#include "records/postgres_values.hpp"

#include <bit>
#include <type_traits>

namespace vt::records {
namespace {

template <class T>
void append_network(std::string& out, T number) {
    for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8)
        out += std::bit_cast<char>(static_cast<std::uint8_t>(static_cast<std::make_unsigned_t<T>>(number) >> shift));
}

std::uint64_t from_network(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char byte : bytes) number = (number << 8U) | std::bit_cast<std::uint8_t>(byte);
    return number;
}

}  // namespace

void append_binary(std::string& out, const Value& value) {
    if (const auto* whole = std::get_if<std::int64_t>(&value))
        append_network(out, static_cast<std::uint64_t>(*whole));
    if (const auto* real = std::get_if<double>(&value)) append_network(out, std::bit_cast<std::uint64_t>(*real));
    if (const auto* text = std::get_if<std::string>(&value)) out += *text;
    if (const auto* blob = std::get_if<Blob>(&value)) out += blob->bytes;
}

Value value_from_binary(PostgresType type, std::string_view bytes) {
    switch (type) {
        case PostgresType::integer: return static_cast<std::int64_t>(from_network(bytes));
        case PostgresType::integer4:
            return static_cast<std::int64_t>(
                static_cast<std::int32_t>(static_cast<std::uint32_t>(from_network(bytes))));
        case PostgresType::boolean: return static_cast<std::int64_t>(bytes.empty() ? 0 : bytes.front());
        case PostgresType::real: return std::bit_cast<double>(from_network(bytes));
        case PostgresType::bytes: return Blob{std::string(bytes)};
        case PostgresType::text:
        case PostgresType::unknown: break;
    }
    return std::string(bytes);
}

PostgresType type_of(const Value& value) {
    if (std::holds_alternative<std::int64_t>(value)) return PostgresType::integer;
    if (std::holds_alternative<double>(value)) return PostgresType::real;
    if (std::holds_alternative<std::string>(value)) return PostgresType::text;
    if (std::holds_alternative<Blob>(value)) return PostgresType::bytes;
    return PostgresType::unknown;
}

PostgresType type_of(Kind kind) {
    switch (kind) {
        case Kind::integer: return PostgresType::integer;
        case Kind::real: return PostgresType::real;
        case Kind::text: return PostgresType::text;
        case Kind::bytes: return PostgresType::bytes;
    }
    return PostgresType::unknown;
}

Parameters::Parameters(std::span<const Value> values) : bytes_(values.size()) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        append_binary(bytes_[i], values[i]);
        const bool is_null = std::holds_alternative<std::monostate>(values[i]);
        types_.push_back(static_cast<std::uint32_t>(type_of(values[i])));
        values_.push_back(is_null ? nullptr : bytes_[i].data());
        lengths_.push_back(static_cast<int>(bytes_[i].size()));
        formats_.push_back(1);
    }
}

void begin_copy(std::string& out) {
    using namespace std::string_view_literals;
    out += "PGCOPY\n\377\r\n\0"sv;
    append_network(out, std::uint32_t{0});  // flags
    append_network(out, std::uint32_t{0});  // no extension of the header
}

void append_copy_row(std::string& out, std::span<const Value> row) {
    append_network(out, static_cast<std::uint16_t>(row.size()));
    for (const Value& value : row) {
        if (std::holds_alternative<std::monostate>(value)) {
            append_network(out, ~std::uint32_t{0});  // -1: NULL
            continue;
        }
        const std::size_t length_at = out.size();
        append_network(out, std::uint32_t{0});
        append_binary(out, value);
        std::string length;
        append_network(length, static_cast<std::uint32_t>(out.size() - length_at - 4));
        out.replace(length_at, 4, length);
    }
}

void end_copy(std::string& out) { append_network(out, static_cast<std::uint16_t>(0xFFFF)); }

}  // namespace vt::records
