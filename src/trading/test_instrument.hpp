#pragma once

#include "market/instrument.hpp"

#include <string>

namespace vt::trading {

/// A linear perpetual as the venues list them: tick 0.1, lot 0.001.
inline market::Instrument test_perpetual(std::uint32_t id = 0, std::string base = "BTC") {
    market::Instrument instrument;
    instrument.id = market::InstrumentId{id};
    instrument.base = std::move(base);
    instrument.symbol = instrument.base + "USDT";
    instrument.quote = instrument.settle = "USDT";
    instrument.tick_size = {1, 1};
    instrument.lot_size = {1, 3};
    instrument.funding_interval = std::chrono::hours{8};
    instrument.limits.quantity_min = Decimal{1, 3};
    instrument.limits.quantity_max = Decimal{1000, 0};
    instrument.limits.market_quantity_max = Decimal{100, 0};
    instrument.limits.notional_min = Decimal{5, 0};
    instrument.limits.leverage_max = Decimal{100, 0};
    return instrument;
}

}  // namespace vt::trading
