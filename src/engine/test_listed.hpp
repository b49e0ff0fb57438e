#pragma once

#include "market/instrument.hpp"

#include <string>

namespace vt::engine {

/// A linear perpetual of Bybit, quoted in USDT.
inline market::Instrument listed_perpetual(std::uint32_t id, const std::string& base) {
    return {.id = market::InstrumentId{id},
            .symbol = base + "USDT",
            .base = base,
            .quote = "USDT",
            .settle = "USDT",
            .tick_size = {1, 2},
            .lot_size = {1, 0}};
}

}  // namespace vt::engine
