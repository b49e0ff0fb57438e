#include "runtime/kept_trading.hpp"

#include "execution/trade_codec.hpp"
#include "execution/trade_json.hpp"
#include "risk/pre_trade.hpp"

#include <map>
#include <optional>
#include <utility>

namespace vt::runtime {
namespace {

constexpr const char* kLimits = "limits";
constexpr const char* kVenue = "paper_venue";

records::TradeRow row_of(const execution::Trade& trade, const market::Instrument& instrument,
                         const std::string& market, Timestamp at) {
    JsonWriter body;
    execution::write_trade(body, trade, instrument, std::nullopt);
    return {.market = market,
            .number = trade.id,
            .at = at,
            .instrument = instrument.path_id(),
            .signal = trade.plan.signal,
            .state = trade.ended_at ? "closed" : "open",
            .body = body.take(),
            .follow = trade.ended_at ? "" : execution::encode_trade(trade)};
}

records::OrderRow row_of(const execution::RecordOrder& record, const market::Instrument& instrument,
                         const std::string& market, Timestamp at) {
    const trading::Order order(record.order);
    JsonWriter body;
    execution::write_order(body, record.trade, order, instrument);
    return {.market = market,
            .order = to_string(order.id()),
            .trade = record.trade,
            .at = at,
            .instrument = instrument.path_id(),
            .state = std::string(name(order.state())),
            .body = body.take(),
            .follow = execution::encode_order(order.facts())};
}

/// in: open: as records::open_trading
Result<void> abandon(records::Database& database, records::TradingBatch open) {
    for (records::TradeRow& trade : open.trades) {
        trade.state = "abandoned";
        trade.follow.clear();
    }
    open.orders.clear();
    return records::store_trading(database, open);
}

}  // namespace

records::TradingBatch trading_rows(const engine::TradingStep& step, const market::InstrumentDirectory& instruments,
                                   const std::string& market) {
    const Timestamp at = from_ms(to_ms(step.at));
    // of one that changed several times the newest form, made once
    std::map<execution::TradeId, const execution::Trade*> trades;
    std::map<trading::ClientOrderId, const execution::RecordOrder*> orders;
    for (const desk::Output& output : step.outputs) {
        if (const auto* trade = std::get_if<execution::RecordTrade>(&output)) trades[trade->trade.id] = &trade->trade;
        if (const auto* order = std::get_if<execution::RecordOrder>(&output)) orders[order->order.request.id] = order;
    }
    records::TradingBatch batch;
    for (const auto& [id, trade] : trades)
        batch.trades.push_back(row_of(*trade, instruments[trade->plan.instrument], market, at));
    for (const auto& [id, record] : orders)
        batch.orders.push_back(row_of(*record, instruments[record->order.request.instrument], market, at));
    // where nothing is traded there is no account, and the one that is kept stays as it is
    if (!step.venue.empty()) batch.states = {{market, kLimits, at, step.limits}, {market, kVenue, at, step.venue}};
    return batch;
}

std::string limits_for_new_account(std::string_view limits, Timestamp now) {
    if (limits.empty()) return {};
    risk::PreTrade before({}, ""), after({}, "");
    before.restore(limits, now);
    const auto& change = before.state().last_change();
    if (before.state().mode() != risk::Mode::halted || change->who == risk::kByDrawdown) return {};
    (void)after.make_safer(risk::Mode::halted, change->at, change->who, change->reason);
    std::string bytes;
    after.encode(bytes);
    return bytes;
}

Result<void> reset_paper_account(records::Database& database, Timestamp now) {
    VT_TRY(records::TradingBatch open, records::open_trading(database, "live"));
    VT_TRY(const auto limits, records::trading_state(database, "live", kLimits));
    open.states = {{"live", kLimits, now, limits_for_new_account(limits.value_or(""), now)},
                   {"live", kVenue, now, ""}};
    return abandon(database, std::move(open));
}

Result<desk::SavedTrading> trading_left(records::Database& database, const std::string& market, Timestamp now) {
    desk::SavedTrading saved;
    VT_TRY(const records::TradingStart start, records::begin_trading(database, market, now));
    saved.numbering = {.boot = start.boot, .last_trade = start.last_trade};
    VT_TRY(records::TradingBatch open, records::open_trading(database, market));
    VT_TRY(auto limits, records::trading_state(database, market, kLimits));
    if (market != "live") {
        if (Result<void> stored = abandon(database, std::move(open)); !stored)
            return tl::unexpected<Error>(std::move(stored.error()));
        saved.limits = limits_for_new_account(limits.value_or(""), now);
        return saved;
    }
    for (records::TradeRow& trade : open.trades)
        saved.trades.push_back({trade.number, trade.instrument, std::move(trade.follow)});
    for (records::OrderRow& order : open.orders)
        saved.orders.push_back({order.trade, order.instrument, std::move(order.follow)});
    VT_TRY(auto venue, records::trading_state(database, market, kVenue));
    saved.limits = std::move(limits).value_or("");
    saved.venue = std::move(venue).value_or("");
    return saved;
}

}  // namespace vt::runtime
