#include "execution/trade_json.hpp"

namespace vt::execution {
namespace {

std::string_view state_of(const Trade& trade) {
    if (trade.ended_at) return "closed";
    if (trade.closing) return "closing";
    return trade.is_open() ? "open" : "entering";
}

std::optional<std::int64_t> ms_of(const std::optional<Timestamp>& at) {
    return at ? std::optional(to_ms(*at)) : std::nullopt;
}

std::optional<double> number_of(const std::optional<trading::Money>& amount) {
    return amount ? std::optional(trading::to_double(*amount)) : std::nullopt;
}

}  // namespace

void write_trade(JsonWriter& out, const Trade& trade, const market::Instrument& instrument,
                 std::optional<Ticks> mark) {
    out.begin_object();
    write_trade_members(out, trade, instrument, mark);
    out.end_object();
}

void write_order(JsonWriter& out, TradeId trade, const trading::Order& order, const market::Instrument& instrument) {
    out.begin_object();
    write_order_members(out, trade, order, instrument);
    out.end_object();
}

void write_trade_members(JsonWriter& out, const Trade& trade, const market::Instrument& instrument,
                         std::optional<Ticks> mark) {
    const trading::Position position(trade.position);
    const Plan& plan = trade.plan;
    const auto price = [&](std::optional<Ticks> ticks) {
        return ticks ? std::optional(instrument.price(*ticks)) : std::nullopt;
    };
    out.field("number", trade.id)
        .field("id", instrument.path_id())
        .field("symbol", instrument.symbol)
        .field("signal", plan.signal.empty() ? std::nullopt : std::optional<std::string_view>(plan.signal))
        .field("strategy", plan.strategy)
        .field("direction", plan.side == market::Side::buy ? "long" : "short")
        .field("state", state_of(trade))
        .field("end", trade.closing ? std::optional(name(*trade.closing)) : std::nullopt)
        .field("decided_at", to_ms(trade.decided_at))
        .field("entered_at", ms_of(trade.first_fill_at))
        .field("ended_at", ms_of(trade.ended_at))
        .field("expires_at", to_ms(plan.expires_at))
        .field("planned_quantity", instrument.quantity(plan.quantity))
        .field("entered_quantity", instrument.quantity(trade.entered))
        .field("open_quantity", instrument.quantity(position.size()))
        .field("reference_price", instrument.price(plan.reference))
        .field("average_price", position.average_price(instrument))
        .field("stop_price", instrument.price(trade.stop_wanted))
        .field("is_protected", trade.is_open() ? std::optional(!trade.unprotected_since) : std::nullopt)
        .field("mark_price", trade.is_open() ? price(mark) : std::nullopt)
        .field("unrealised",
               trade.is_open() && mark ? number_of(position.unrealised(instrument, *mark)) : std::nullopt)
        .field("realised", trading::to_double(position.facts().realised))
        .field("fees", trading::to_double(position.facts().fees))
        .field("funding", trading::to_double(position.facts().funding))
        .field("net", trading::to_double(position.wallet_change()));
    const auto result = result_of(trade, instrument);
    out.field("r_multiple", result ? std::optional(result->r_multiple) : std::nullopt)
        .field("slippage_bps", result ? std::optional(result->slippage_bps) : std::nullopt)
        .field("mfe_bps", result ? std::optional(result->mfe_bps) : std::nullopt)
        .field("mae_bps", result ? std::optional(result->mae_bps) : std::nullopt);
    out.key("targets").begin_array();
    for (const auto& rung : plan.ladder)
        if (rung)
            out.begin_object().field("price", instrument.price(rung->price)).field("share", rung->share).end_object();
    out.end_array().key("attribution").begin_array();
    for (const Attribution& each : plan.attribution)
        out.begin_object().field("dimension", each.dimension).field("share", each.share).end_object();
    out.end_array();
}

void write_order_members(JsonWriter& out, TradeId trade, const trading::Order& order,
                         const market::Instrument& instrument) {
    const trading::OrderRequest& request = order.request();
    const auto price = [&](std::optional<Ticks> ticks) {
        return ticks ? std::optional(instrument.price(*ticks)) : std::nullopt;
    };
    out.field("order", to_string(request.id))
        .field("trade", trade)
        .field("id", instrument.path_id())
        .field("symbol", instrument.symbol)
        .field("purpose", name(order.purpose()))
        .field("side", request.side == market::Side::buy ? "buy" : "sell")
        .field("kind", name(request.kind))
        .field("time_in_force", name(request.time_in_force))
        .field("reduce_only", request.is_reduce_only)
        .field("state", name(order.state()))
        .field("created_at", to_ms(order.facts().created_at))
        .field("quantity", instrument.quantity(request.quantity))
        .field("filled_quantity", instrument.quantity(order.filled()))
        .field("price", price(request.price))
        .field("trigger_price", price(request.trigger))
        .field("revision", static_cast<std::uint64_t>(order.facts().revision))
        .field("reason", order.reason().empty() ? std::nullopt : std::optional<std::string_view>(order.reason()));
}

}  // namespace vt::execution
