#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace vt::demo {

/// What a public linear topic asks for.
struct TopicName {
    enum class Kind : std::uint8_t { book, trades, ticker, liquidations, candles };
    Kind kind = Kind::book;
    std::uint32_t depth = 0;         ///< of a book: 1, 50, 200, 1000
    Nanos interval{};                ///< of candles
    std::string_view interval_name;  ///< "1", "240", "D"; part of the text that was read
    std::string_view symbol;         ///< part of the text that was read
};

/// "orderbook.50.BTCUSDT", "publicTrade.BTCUSDT", "tickers.BTCUSDT", "allLiquidation.BTCUSDT", "kline.1.BTCUSDT".
///   out: nullopt for any other family, depth or interval
[[nodiscard]] std::optional<TopicName> parse_topic(std::string_view text);

/// "1", "3", "5", "15", "30", "60", "120", "240", "360", "720", "D", "W". Calendar months are not served.
[[nodiscard]] std::optional<Nanos> candle_interval(std::string_view name);

}  // namespace vt::demo
