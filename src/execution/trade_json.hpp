#pragma once

#include "base/json_writer.hpp"
#include "execution/trade.hpp"
#include "market/instrument.hpp"
#include "trading/order.hpp"

#include <optional>

namespace vt::execution {

/// One trade as a JSON object (docs/formats/trades.md).
///   in: mark: what is open is worth; absent: not known, and so is what is not realised
void write_trade(JsonWriter& out, const Trade& trade, const market::Instrument& instrument,
                 std::optional<Ticks> mark);

/// One order as a JSON object, likewise.
void write_order(JsonWriter& out, TradeId trade, const trading::Order& order, const market::Instrument& instrument);

// The same members inside an object that is open, for documents that say more.
void write_trade_members(JsonWriter& out, const Trade& trade, const market::Instrument& instrument,
                         std::optional<Ticks> mark);
void write_order_members(JsonWriter& out, TradeId trade, const trading::Order& order,
                         const market::Instrument& instrument);

}  // namespace vt::execution
