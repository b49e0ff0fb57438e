#pragma once

#include "base/json_writer.hpp"
#include "confluence/params.hpp"
#include "market/candle_frames.hpp"
#include "views/snapshot.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

/// How views are written as JSON: the one place where the wire's names and units are. Units are in the names; what is
/// not known is null.
namespace vt::api {

/// One member of a row: its name, its JSON type for the schema, and how it is written.
template <class View>
struct Member {
    std::string_view name;
    /// JSON's type or the name of a schema; "number|null" where it can be absent, "string[]" for a list of them
    std::string_view type;
    std::string_view meaning;
    void (*write)(JsonWriter& out, const View& view);
};
[[nodiscard]] std::span<const Member<views::Row>> row_members();
[[nodiscard]] std::span<const Member<views::MarketOverview>> overview_members();

void write_mode(JsonWriter& out, views::MarketMode mode, const views::TradingView& trading);
/// Opens a document that says of what time and market it is. Whole seconds, so that a quiet market's is the same.
void begin_part(JsonWriter& out, const views::Snapshot& snapshot);
void write_system_status(JsonWriter& out, const views::Snapshot& snapshot);
void write_top_movers(JsonWriter& out, const views::Snapshot& snapshot);
void write_book(JsonWriter& out, const views::Snapshot& snapshot, std::size_t row, std::size_t levels);
/// One candle: [open time ms, open, high, low, close, volume in base currency, closed].
void write_candle(JsonWriter& out, const market::Candle& candle);
void write_candles(JsonWriter& out, const views::Snapshot& snapshot, std::size_t row, market::Timeframe frame,
                   std::size_t limit);
/// One trade: [time ms, price, size, "buy" or "sell"].
void write_trade(JsonWriter& out, const views::TradeRow& trade, const market::Instrument& instrument);
void write_trades(JsonWriter& out, const views::Snapshot& snapshot, std::size_t row);
/// The full explanation of a score.
void write_score(JsonWriter& out, const views::Snapshot& snapshot, std::size_t row, const confluence::Params& params);
/// Every coin with its price over all venues, its markets, their bases, and who leads.
void write_markets(JsonWriter& out, const views::Snapshot& snapshot);
/// The same of the coin that an instrument is a market of.
void write_coin_markets(JsonWriter& out, const views::Snapshot& snapshot, std::size_t row);
/// Every instrument's beta to its venue's Bitcoin by every estimator and timeframe, the largest first.
void write_bitcoin_beta(JsonWriter& out, const views::Snapshot& snapshot);
/// The explanation in words, and the gates between the score and a signal.
void write_why(JsonWriter& out, const views::Snapshot& snapshot, std::size_t row, const confluence::Params& params);
/// The last closed minutes, at most `limit`, oldest first, as the feature file writes them, and the measures that are
/// shown and used for costs. This and the six below are of the last closed minute.
void write_features(JsonWriter& out, const views::Snapshot& snapshot, std::size_t row, std::size_t limit);
/// Support and resistance, each zone with what became of it, beside the placebo.
void write_zones(JsonWriter& out, const views::Snapshot& snapshot, std::size_t row);
/// Volume by price of 24 hours. One row: [price, volume in base currency].
void write_profile(JsonWriter& out, const views::Snapshot& snapshot, std::size_t row);
/// One liquidation: [time ms, price, size, "long" or "short"]; these are the newest, whatever the minute. Beside them
/// the estimated levels: [price, notional of longs, of shorts].
void write_liquidations(JsonWriter& out, const views::Snapshot& snapshot, std::size_t row, std::size_t limit);
/// Minutes of the footprint where nobody asks for another number.
inline constexpr std::size_t kFootprintMinutes = 15;
/// The last closed minutes' volume by price. One level: [lowest price, bought by takers, sold by takers].
void write_footprint(JsonWriter& out, const views::Snapshot& snapshot, std::size_t row, std::size_t limit);
/// What those who move much did, or seem to have done, each with the time from which it could be known.
void write_events(JsonWriter& out, const views::Snapshot& snapshot, std::size_t row);
/// The technical indicators of one timeframe as of its last closed bar.
void write_indicators(JsonWriter& out, const views::Snapshot& snapshot, std::size_t row, market::Timeframe frame);
void write_instruments(JsonWriter& out, const views::Snapshot& snapshot);
void write_monitoring_symbols(JsonWriter& out, const views::Snapshot& snapshot);

}  // namespace vt::api
