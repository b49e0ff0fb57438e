#pragma once

// The inside of the Binance codecs. Included by their .cpp files only.

#include "exchange/binance/codec.hpp"
#include "exchange/json_walk.hpp"
#include "market/instrument.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace vt::exchange::binance {

using TextLevel = std::pair<std::string_view, std::string_view>;

/// The members of one event by their letter, as text, until the event's kind is known: the same letter means another
/// thing in each kind, and nothing promises that the kind comes first.
struct Members {
    std::array<std::string_view, 64> texts;  ///< by place_of(letter); numbers and flags as they stand in the frame
    std::uint64_t seen = 0;
    std::string_view previous;  ///< pu
    std::string_view market;    ///< st: 1 USDT-M, 2 COIN-M
    std::string_view average;   ///< ap: average price of a liquidation
    bool has_bids = false;      ///< b is a list
    bool has_asks = false;

    static constexpr std::size_t place_of(char letter) { return static_cast<std::size_t>(letter - 'A') & 63U; }
    [[nodiscard]] std::string_view operator[](char letter) const { return texts[place_of(letter)]; }
    [[nodiscard]] bool has(char letter) const { return (seen >> place_of(letter) & 1U) != 0; }
};

/// Where the levels' texts go.
struct LevelTexts {
    std::vector<TextLevel> bids;
    std::vector<TextLevel> asks;
};

/// A member's value as text: a string's content, or a number or flag as written. Null is empty.
[[nodiscard]] json::Fault scalar_of(json::ondemand::value value, json::ondemand::json_type type,
                                    std::string_view& out);
[[nodiscard]] json::Fault count_in(std::string_view text, std::uint64_t& out);
[[nodiscard]] json::Fault optional_count(std::string_view text, std::optional<std::uint64_t>& out);
/// Milliseconds since 1970; an empty text is absent.
[[nodiscard]] json::Fault optional_instant(std::string_view text, std::optional<Timestamp>& out);
[[nodiscard]] json::Fault required_instant(std::string_view text, Timestamp& out);
[[nodiscard]] json::Fault required_real(std::string_view text, double& out);

[[nodiscard]] json::Fault text_levels(json::ondemand::value list, std::vector<TextLevel>& levels);
[[nodiscard]] json::Fault level_of(const TextLevel& text, const market::Instrument& instrument, market::Level& level);
[[nodiscard]] json::Fault levels_of(const std::vector<TextLevel>& texts, const market::Instrument& instrument,
                                    std::vector<market::Level>& levels);

// Each fills the message from the members of its kind.
[[nodiscard]] json::Fault read_trade(const Members& members, const market::Instrument& instrument, bool is_spot,
                                     Message& message);
[[nodiscard]] json::Fault read_aggregate_trade(const Members& members, const market::Instrument& instrument,
                                               Message& message);
[[nodiscard]] json::Fault read_quote(const Members& members, const market::Instrument& instrument, Message& message);
[[nodiscard]] json::Fault read_day_ticker(const Members& members, bool is_mini, Message& message);
[[nodiscard]] json::Fault read_mark_price(const Members& members, Message& message);
/// in: `inner` is the object k or o
[[nodiscard]] json::Fault read_candle(const Members& members, const Members& inner, Message& message);
[[nodiscard]] json::Fault read_liquidation(const Members& inner, Message& message);

}  // namespace vt::exchange::binance
