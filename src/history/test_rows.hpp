#pragma once

// Rows for tests.

#include "base/prng.hpp"
#include "history/table.hpp"

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

namespace vt::history {

inline constexpr std::int64_t kTestStart = 1'767'225'600'000;  // 2026-01-01
inline constexpr std::int64_t kTestStep = 60'000;

/// An empty text is absent.
inline void add_row(Table& table, std::int64_t ms, const std::vector<std::string_view>& values) {
    table.times_ms.push_back(ms);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const bool is_there = i < values.size() && !values[i].empty();
        table.columns[i].push(is_there ? std::optional(*parse_decimal(values[i])) : std::nullopt);
    }
}

/// A walk of one-minute bars with volume and turnover; a bar is left out where `keep` says so.
inline Table test_bars(std::size_t rows, std::uint64_t seed = 1, std::int64_t start_ms = kTestStart) {
    Prng prng(seed, "bars");
    Table table(Kind::klines);
    std::int64_t price = 1'000'000;
    const auto step = [&prng](std::int64_t size) {
        return static_cast<std::int64_t>(prng.uniform() * static_cast<double>(size));
    };
    for (std::size_t i = 0; i < rows; ++i) {
        const std::int64_t open = price + step(5) - 2;
        const std::int64_t close = open + step(400) - 200;
        const std::int64_t high = std::max(open, close) + step(100);
        const std::int64_t low = std::min(open, close) - step(100);
        const std::int64_t volume = step(200'000);
        table.times_ms.push_back(start_ms + static_cast<std::int64_t>(i) * kTestStep);
        for (const auto& [column, value] : {std::pair{0, open}, {1, high}, {2, low}, {3, close}})
            table.columns[static_cast<std::size_t>(column)].push(normalised(value, 1));
        table.columns[4].push(normalised(volume, 3));
        table.columns[5].push(normalised(volume * ((open + close) / 2), 4));
        table.columns[6].push(std::nullopt);
        table.columns[7].push(std::nullopt);
        price = close;
    }
    return table;
}

inline bool same(const Table& a, const Table& b) {
    if (a.kind != b.kind || a.times_ms != b.times_ms) return false;
    for (std::size_t row = 0; row < a.rows(); ++row) {
        if (!same_values(a, row, b, row)) return false;
    }
    return true;
}

}  // namespace vt::history
