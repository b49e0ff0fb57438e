#pragma once

#include "base/result.hpp"
#include "exchange/history_page.hpp"
#include "market/instrument.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vt::history {

/// What a series tells of its instrument.
using Kind = exchange::HistoryKind;
inline constexpr std::array kKinds = {Kind::klines,        Kind::mark_klines,   Kind::funding,
                                      Kind::open_interest, Kind::account_ratio, Kind::top_account_ratio,
                                      Kind::position_ratio};
[[nodiscard]] std::string_view name(Kind kind);
[[nodiscard]] std::optional<Kind> parse_kind(std::string_view text);
/// The names of a kind's columns, in order; the same in files and in CSV.
[[nodiscard]] std::span<const std::string_view> columns_of(Kind kind);
/// How many of them, from the first, no row may lack.
[[nodiscard]] std::size_t required_columns(Kind kind);

/// "1m" .. "1d" in milliseconds: the timeframes whose bars all begin at whole multiples of their length.
[[nodiscard]] std::optional<std::int64_t> parse_timeframe(std::string_view text);
/// "5m"; of a length without a name "<n>ms".
[[nodiscard]] std::string timeframe_name(std::int64_t step_ms);

/// Times from..to in ms since 1970, `to_ms` excluded.
struct TimeRange {
    std::int64_t from_ms = 0;
    std::int64_t to_ms = 0;
    [[nodiscard]] bool empty() const { return to_ms <= from_ms; }
    bool operator==(const TimeRange&) const = default;
};

/// One file's worth: one kind of one instrument. Funding has no step, since its interval changes; the others are told
/// apart by theirs.
struct Series {
    market::Venue venue = market::Venue::bybit;
    market::Category category = market::Category::linear;
    std::string symbol;  ///< as the venue writes it
    Kind kind = Kind::klines;
    std::int64_t step_ms = 0;
    bool operator==(const Series&) const = default;

    /// "bybit linear BTCUSDT klines 1m", for people.
    [[nodiscard]] std::string title() const;
    /// "bybit/linear/BTCUSDT/klines-1m.vth", safe whatever the venue calls the symbol.
    [[nodiscard]] std::filesystem::path file() const;
};

/// Checks that a step fits the kind: none for funding, a named one for everything else.
///   errors: configuration
[[nodiscard]] Result<void> check(const Series& series);

/// The venue or category of that name.
[[nodiscard]] std::optional<market::Venue> parse_venue(std::string_view text);
[[nodiscard]] std::optional<market::Category> parse_category(std::string_view text);

/// "2026-01-01", "2026-01-01T12:30", "2026-01-01T12:30:00Z" (UTC) or milliseconds since 1970.
///   errors: configuration
[[nodiscard]] Result<std::int64_t> parse_time_ms(std::string_view text);
/// "2026-01-01 12:30:00", with milliseconds where there are some.
[[nodiscard]] std::string format_time(std::int64_t ms);

}  // namespace vt::history
