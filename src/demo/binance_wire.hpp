#pragma once

// Binance's JSON for futures and spot, appended to a string that the caller reuses.
//   source: developers.binance.com and captures of 2024 and 2026; docs/venues/binance.md

#include "demo/stream.hpp"
#include "demo/wire.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace vt::demo::binance {

/// How one symbol's numbers are written: spot always with eight digits.
struct Figures {
    Decimal tick;
    Decimal lot;
    bool is_spot = false;

    void append_price(std::string& out, std::int64_t ticks) const;
    void append_quantity(std::string& out, std::int64_t lots) const;
    void append_base(std::string& out, double quantity) const;  ///< rounded to lots
    void append_quote(std::string& out, double amount) const;
    void append_price_of(std::string& out, double price) const;  ///< rounded to ticks
};
[[nodiscard]] Figures figures_of(const SymbolView& view);

/// `,"key":"` price `"`, and so on; the first of an object comes without comma.
void append_text(std::string& out, std::string_view key, std::string_view value);
void append_count(std::string& out, std::string_view key, std::int64_t value);
void append_count(std::string& out, std::string_view key, std::uint64_t value);
void append_price(std::string& out, std::string_view key, std::int64_t ticks, const Figures& figures);
void append_quantity(std::string& out, std::string_view key, std::int64_t lots, const Figures& figures);

/// `[["61800.30","2.510"],...]`; a quantity of 0 is written as such.
void append_levels(std::string& out, std::span<const market::Level> levels, const Figures& figures);

/// A trade and those that belong to the same taker's order at the same price.
struct Aggregate {
    std::uint64_t id = 0;
    std::uint64_t first = 0, last = 0;
    std::int64_t lots = 0;
    std::int64_t ticks = 0;
    std::int64_t at_ms = 0;
    market::Side aggressor = market::Side::buy;

    [[nodiscard]] bool takes(const WireTrade& trade) const {
        return at_ms == trade.at_ms && ticks == trade.trade.price.value() && aggressor == trade.trade.aggressor;
    }
};

/// What the tape does not know of a candle.
struct CandleFlow {
    std::int64_t count = 0;
    double bought_base = 0, bought_quote = 0;
    std::uint64_t first = 0, last = 0;
};

}  // namespace vt::demo::binance
