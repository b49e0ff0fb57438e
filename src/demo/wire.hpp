#pragma once

#include "base/decimal.hpp"
#include "base/time.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vt::demo {

/// An instant as a client names it, kept between 1970 and kLatestInstant.
[[nodiscard]] constexpr Timestamp instant_of(std::int64_t ms) {
    return from_ms(std::clamp<std::int64_t>(ms, 0, to_ms(kLatestInstant)));
}

// Bybit v5 text frames of the public streams, appended to a string that the caller reuses.
//   source: https://bybit-exchange.github.io/docs/v5/websocket/public/*, read 2026-07-24

/// Appends `count` steps as text, with the step's digits: 617603 steps of 0.10 is "61760.3".
void append_steps(std::string& out, std::int64_t count, Decimal step);
/// Appends a number with a fixed count of digits behind the point, 0..9.
void append_fixed(std::string& out, double value, int digits);
void append_number(std::string& out, std::int64_t value);
void append_number(std::string& out, std::uint64_t value);

struct Steps {
    Decimal tick;
    Decimal lot;
    market::Category category = market::Category::linear;  ///< inverse: lots are of the quote currency
};

struct BookFrame {
    std::string_view symbol;
    std::uint32_t depth = 0;
    bool is_snapshot = false;
    std::span<const market::Level> bids, asks;
    std::uint64_t update_id = 0;
    std::uint64_t sequence = 0;
    std::int64_t at_ms = 0;
};
void append_book(std::string& out, const BookFrame& frame, Steps steps);
/// `[["61760.3","1.204"],...]`
void append_levels(std::string& out, std::span<const market::Level> levels, Steps steps);

/// A print and where it stands among everything the symbol says.
struct WireTrade {
    market::Trade trade;
    std::int64_t at_ms = 0;
    std::uint64_t sequence = 0;
    std::string_view direction;  ///< "PlusTick", "ZeroPlusTick", "MinusTick", "ZeroMinusTick"
};
void append_trades(std::string& out, std::string_view symbol, std::span<const WireTrade> trades, std::int64_t at_ms,
                   Steps steps);
/// "20f43950-d8dd-5b31-9112-a178eb6023af".
void append_trade_id(std::string& out, market::TradeId id);

struct WireLiquidation {
    market::Liquidation liquidation;
    std::int64_t at_ms = 0;
};
void append_liquidations(std::string& out, std::string_view symbol, std::span<const WireLiquidation> liquidations,
                         std::int64_t at_ms, Steps steps);

/// Volume, `between`, turnover; an inverse contract's volume is dollars and its turnover coins.
void append_volumes(std::string& out, const market::Candle& candle, std::string_view between, Steps steps);
/// in: name: the topic's interval, "1", "240", "D"
void append_candle(std::string& out, std::string_view symbol, std::string_view name, const market::Candle& candle,
                   std::int64_t at_ms, Steps steps);

/// The fields of a linear ticker, as text would show them: prices in ticks, sizes in lots.
struct TickerFields {
    bool is_up = true;
    std::int64_t last = 0, open_24h = 0, high_24h = 0, low_24h = 0, open_1h = 0, mark = 0, index = 0;
    std::int64_t bid = 0, bid_lots = 0, ask = 0, ask_lots = 0;
    std::int64_t interest_lots = 0;  ///< one side
    std::int64_t change_ppm = 0;     ///< price24hPcnt
    std::int64_t funding_e8 = 0;
    std::int64_t next_funding_ms = 0;
    std::int64_t funding_hours = 0;
    double turnover = 0, volume_lots = 0;
    bool operator==(const TickerFields&) const = default;
};
/// The members `"lastPrice":"..."` and so on that differ from `before` (all, when there is no before), with commas
/// between them. source: https://bybit-exchange.github.io/docs/v5/websocket/public/ticker
void append_ticker_members(std::string& out, const TickerFields& fields, const TickerFields* before, Steps steps);

/// The same of a spot ticker, which is always whole and names no best prices.
void append_spot_ticker_members(std::string& out, const TickerFields& fields, Steps steps);

}  // namespace vt::demo
