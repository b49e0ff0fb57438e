#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vt::demo {

/// Which way a connection to Binance's futures streams came in. A stream on the wrong one is acknowledged and stays
/// silent; spot has one way for all.
enum class BinanceRoute : std::uint8_t { public_data, market_data, private_data, spot };

/// What a stream's name asks for.
struct BinanceName {
    enum class Kind : std::uint8_t {
        depth,          ///< differences
        partial_depth,  ///< the best levels, always whole
        best_quote,
        trade,
        aggregate_trade,
        candles,
        mark_price,
        ticker,
        mini_ticker,
        liquidations,
        average_price,
        shutdown,
    };
    Kind kind = Kind::depth;
    std::string symbol;         ///< upper case; empty: of all symbols
    std::uint32_t levels = 0;   ///< of a partial book
    Nanos every{0};             ///< how often at most
    Nanos interval{0};          ///< of candles
    std::string interval_name;  ///< "1m"
};

/// "btcusdt@depth@100ms", "!miniTicker@arr".
///   out: nullopt for a name that the market does not know: it is acknowledged all the same
[[nodiscard]] std::optional<BinanceName> parse_binance_name(std::string_view text, bool is_spot);
[[nodiscard]] BinanceRoute route_of(BinanceName::Kind kind);
/// "1m" to "1w". Calendar months are not served.
[[nodiscard]] std::optional<Nanos> binance_interval(std::string_view name);

}  // namespace vt::demo
