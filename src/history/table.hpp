#pragma once

#include "base/decimal.hpp"
#include "history/series.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace vt::history {

/// One column: exact decimals, each mantissa x 10^-scale, some absent.
struct Column {
    static constexpr std::int8_t kAbsent = -1;
    std::vector<std::int64_t> mantissas;  ///< 0 where absent
    std::vector<std::int8_t> scales;      ///< kAbsent where absent

    void push(std::optional<Decimal> value);
    [[nodiscard]] std::optional<Decimal> at(std::size_t row) const;  ///< normalised, as parse_decimal gives it
    [[nodiscard]] std::optional<double> real(std::size_t row) const;
    [[nodiscard]] std::size_t size() const { return mantissas.size(); }
    [[nodiscard]] bool is_present(std::size_t row) const { return scales[row] != kAbsent; }
};

/// Rows of one kind, in columns, ascending by time unless said otherwise.
struct Table {
    Kind kind = Kind::klines;
    std::vector<std::int64_t> times_ms;  ///< open time of a bar, instant of a sample
    std::vector<Column> columns;         ///< by columns_of(kind)

    explicit Table(Kind of);
    [[nodiscard]] std::size_t rows() const { return times_ms.size(); }
    [[nodiscard]] bool empty() const { return times_ms.empty(); }
    void reserve(std::size_t rows);
    void clear();
    void drop_last();
    /// Appends rows first .. first + count - 1 of `other`, a table of the same kind.
    void append(const Table& other, std::size_t first, std::size_t count);
    [[nodiscard]] bool ascends() const;
    /// The index of the first row at or after `ms`, of an ascending table.
    [[nodiscard]] std::size_t first_from(std::int64_t ms) const;
};

/// Whether two rows say the same, times apart: 1.50 is 1.5, absent is only absent.
[[nodiscard]] bool same_values(const Table& a, std::size_t row_a, const Table& b, std::size_t row_b);

/// The shortest form of a decimal; equal numbers get equal forms.
[[nodiscard]] Decimal normalised(std::int64_t mantissa, std::int8_t scale);

}  // namespace vt::history
