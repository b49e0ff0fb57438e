#include "history/table.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace vt::history {

Decimal normalised(std::int64_t mantissa, std::int8_t scale) {
    while (scale > 0 && mantissa % 10 == 0) {
        mantissa /= 10;
        --scale;
    }
    return {mantissa, scale};
}

void Column::push(std::optional<Decimal> value) {
    mantissas.push_back(value ? value->mantissa : 0);
    scales.push_back(value ? value->scale : kAbsent);
}

std::optional<Decimal> Column::at(std::size_t row) const {
    if (!is_present(row)) return std::nullopt;
    return normalised(mantissas[row], scales[row]);
}

std::optional<double> Column::real(std::size_t row) const {
    if (!is_present(row)) return std::nullopt;
    return Decimal{mantissas[row], scales[row]}.to_double();
}

Table::Table(Kind of) : kind(of), columns(columns_of(of).size()) {}

void Table::reserve(std::size_t rows) {
    times_ms.reserve(rows);
    for (Column& column : columns) {
        column.mantissas.reserve(rows);
        column.scales.reserve(rows);
    }
}

void Table::clear() {
    times_ms.clear();
    for (Column& column : columns) {
        column.mantissas.clear();
        column.scales.clear();
    }
}

void Table::drop_last() {
    times_ms.pop_back();
    for (Column& column : columns) {
        column.mantissas.pop_back();
        column.scales.pop_back();
    }
}

void Table::append(const Table& other, std::size_t first, std::size_t count) {
    VT_ASSERT(other.kind == kind && first + count <= other.rows());
    const auto copy = [first, count](const auto& from, auto& to) {
        const auto begin = from.begin() + static_cast<std::ptrdiff_t>(first);
        to.insert(to.end(), begin, begin + static_cast<std::ptrdiff_t>(count));
    };
    copy(other.times_ms, times_ms);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        copy(other.columns[i].mantissas, columns[i].mantissas);
        copy(other.columns[i].scales, columns[i].scales);
    }
}

bool Table::ascends() const {
    return std::adjacent_find(times_ms.begin(), times_ms.end(), [](auto a, auto b) { return a >= b; }) ==
           times_ms.end();
}

std::size_t Table::first_from(std::int64_t ms) const {
    return static_cast<std::size_t>(std::lower_bound(times_ms.begin(), times_ms.end(), ms) - times_ms.begin());
}

bool same_values(const Table& a, std::size_t row_a, const Table& b, std::size_t row_b) {
    for (std::size_t i = 0; i < a.columns.size(); ++i) {
        if (a.columns[i].at(row_a) != b.columns[i].at(row_b)) return false;
    }
    return true;
}

}  // namespace vt::history
