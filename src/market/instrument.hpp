#pragma once

#include "base/decimal.hpp"
#include "base/strong.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vt::market {

/// A dense index, given in the order in which instruments are listed in a run.
using InstrumentId = Strong<struct InstrumentIdTag, std::uint32_t>;

enum class Venue : std::uint8_t { bybit, binance };
enum class Category : std::uint8_t { linear, inverse, spot };

[[nodiscard]] std::string_view name(Venue venue);
[[nodiscard]] std::string_view name(Category category);

/// What is traded: its names and the steps in which its prices and quantities are counted.
struct Instrument {
    InstrumentId id;
    Venue venue = Venue::bybit;
    Category category = Category::linear;
    std::string symbol;                     ///< as the venue writes it: "BTCUSDT"
    std::string base;                       ///< "BTC"
    std::string quote;                      ///< "USDT"
    std::string settle;                     ///< "USDT"; empty for spot
    Decimal tick_size;                      ///< price step, quote currency
    Decimal lot_size;                       ///< quantity step, base currency (linear, spot)
    std::optional<Nanos> funding_interval;  ///< perpetuals
    bool is_trading = true;

    [[nodiscard]] double price(Ticks ticks) const { return static_cast<double>(ticks.value()) * tick(); }
    [[nodiscard]] double quantity(Lots lots) const { return static_cast<double>(lots.value()) * lot(); }
    [[nodiscard]] double tick() const { return tick_size.to_double(); }
    [[nodiscard]] double lot() const { return lot_size.to_double(); }

    /// "bybit-linear-BTCUSDT": safe in paths and topics.
    [[nodiscard]] std::string path_id() const;
    /// "BTC/USDT:USDT" (perpetual), "BTC/USDT" (spot).
    [[nodiscard]] std::string unified_symbol() const;
};

}  // namespace vt::market
