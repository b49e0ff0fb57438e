#pragma once

// Instruments for the tests of this module.

#include "base/decimal.hpp"
#include "market/instrument_directory.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace vt::exchange {

inline market::Instrument test_instrument(market::Venue venue, market::Category category, std::string symbol,
                                          std::string_view tick, std::string_view lot) {
    market::Instrument instrument;
    instrument.venue = venue;
    instrument.category = category;
    instrument.base = symbol.substr(0, symbol.size() - 4);
    instrument.quote = "USDT";
    instrument.settle = category == market::Category::spot ? "" : "USDT";
    instrument.symbol = std::move(symbol);
    instrument.tick_size = *parse_decimal(tick);
    instrument.lot_size = *parse_decimal(lot);
    return instrument;
}

/// Bybit: 0 BTCUSDT, 1 ETHUSDT, 2 XRPUSDT. Binance: 3 BTCUSDT futures, 4 BTCUSDT spot, 5 ETHUSDT spot.
inline market::InstrumentDirectory test_directory() {
    using market::Category;
    using market::Venue;
    market::InstrumentDirectory directory;
    directory.list(test_instrument(Venue::bybit, Category::linear, "BTCUSDT", "0.10", "0.001"));
    directory.list(test_instrument(Venue::bybit, Category::linear, "ETHUSDT", "0.01", "0.01"));
    directory.list(test_instrument(Venue::bybit, Category::linear, "XRPUSDT", "0.0001", "1"));
    directory.list(test_instrument(Venue::binance, Category::linear, "BTCUSDT", "0.10", "0.001"));
    directory.list(test_instrument(Venue::binance, Category::spot, "BTCUSDT", "0.01", "0.00000001"));
    directory.list(test_instrument(Venue::binance, Category::spot, "ETHUSDT", "0.01", "0.00000001"));
    return directory;
}

}  // namespace vt::exchange
