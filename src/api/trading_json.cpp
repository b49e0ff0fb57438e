#include "api/trading_json.hpp"

#include "execution/trade_json.hpp"
#include "risk/check.hpp"

#include <chrono>

namespace vt::api {
namespace {

using trading::Money;
using views::Snapshot;
using views::TradingView;

std::optional<double> amount_of(const std::optional<Money>& amount) {
    return amount ? std::optional(trading::to_double(*amount)) : std::nullopt;
}

std::optional<std::string_view> unless_empty(std::string_view text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

std::int64_t whole_seconds(Nanos span) { return std::chrono::ceil<std::chrono::seconds>(span).count(); }

const market::Instrument& instrument_of(const Snapshot& snapshot, market::InstrumentId id) {
    return snapshot.rows.at(id.value()).instrument;
}

/// What every document of trading begins with.
const TradingView& write_head(JsonWriter& out, const Snapshot& snapshot) {
    const TradingView& view = *snapshot.trading;
    out.key("trading").begin_object().field("state", views::name(view.state));
    out.field("reason", unless_empty(view.reason)).end_object();
    out.field("currency", unless_empty(view.currency));
    return view;
}

/// A list of trading that is on.
template <class List, class Write>
void write_list(JsonWriter& out, std::string_view name, const TradingView& view, const List& list, Write write) {
    out.key(name);
    if (!view.is_on()) {
        out.null();
        return;
    }
    out.begin_array();
    for (const auto& one : list) write(one);
    out.end_array();
}

void write_position(JsonWriter& out, const views::PositionView& position, const market::Instrument& instrument) {
    const execution::Trade& trade = position.trade;
    const auto& margin = position.margin;
    out.begin_object();
    execution::write_trade_members(out, trade, instrument, position.mark);
    out.field("entry_price", execution::entry_price(trade, instrument)).field("open_r_multiple", position.open_r);
    out.field("confirmed_stop_price",
              position.confirmed_stop ? std::optional(instrument.price(*position.confirmed_stop)) : std::nullopt);
    out.field("unprotected_since",
              trade.unprotected_since ? std::optional(to_ms(*trade.unprotected_since)) : std::nullopt);
    out.field("worth", position.worth);
    out.field("margin", margin ? std::optional(trading::to_double(margin->amount)) : std::nullopt);
    out.field("leverage", margin ? std::optional(static_cast<std::int64_t>(margin->leverage)) : std::nullopt);
    out.field("liquidation_price", margin ? margin->liquidation_price : std::nullopt).end_object();
}

void write_order(JsonWriter& out, const views::OrderView& order, const market::Instrument& instrument) {
    const trading::Order::Facts& facts = order.order.facts();
    out.begin_object();
    execution::write_order_members(out, order.trade, order.order, instrument);
    out.field("is_sent", facts.is_sent).field("is_accepted", facts.is_accepted);
    out.field("is_unanswered", facts.is_unanswered).field("is_cancelling", order.is_cancelling);
    out.field("asked", order.asked).field("executions", static_cast<std::uint64_t>(facts.executions.size()));
    out.end_object();
}

void write_span(JsonWriter& out, std::string_view name, const std::optional<risk::Breakers::Span>& span,
                const std::optional<Money>& equity) {
    out.key(name);
    if (!span) {
        out.null();
        return;
    }
    const double first = trading::to_double(span->first);
    std::optional<double> result, result_pct;
    if (equity) {
        result = trading::to_double(*equity - span->first);
        if (first > 0) result_pct = 100 * *result / first;
    }
    out.begin_object().field("began_at", to_ms(span->begins_at)).field("first_equity", first);
    out.field("result", result).field("result_pct", result_pct);
    out.field("worst_loss_pct", 100 * span->loss()).end_object();
}

void write_limit(JsonWriter& out, const risk::LimitUse& limit) {
    out.begin_object().field("code", risk::name(limit.code)).field("key", limit.key).field("value", limit.value);
    out.field("limit", limit.limit).field("unit", limit.unit).field("use", limit.use());
    out.field("amount", amount_of(limit.amount)).end_object();
}

void write_reason(JsonWriter& out, std::string_view code, std::string_view text, std::string_view remedy) {
    out.begin_object().field("code", code).field("text", text).field("remedy", remedy).end_object();
}

void write_denial(JsonWriter& out, const desk::Judgement& judgement, const market::Instrument& instrument) {
    out.begin_object().field("at", to_ms(judgement.at)).field("id", instrument.path_id());
    out.field("symbol", instrument.symbol).field("signal", judgement.signal).key("reasons").begin_array();
    if (!judgement.obstacle.empty())
        write_reason(out, judgement.obstacle, desk::text_of_obstacle(judgement.obstacle),
                     desk::remedy_of_obstacle(judgement.obstacle));
    for (const risk::Check& check : judgement.checks)
        if (check.denies()) write_reason(out, risk::name(check.code), risk::figures(check), risk::remedy(check.code));
    out.end_array().end_object();
}

void write_shortfall(JsonWriter& out, std::string_view key, const std::optional<risk::Shortfall>& one,
                     const std::optional<Money>& equity) {
    out.key(key);
    if (!one) {
        out.null();
        return;
    }
    const double amount = trading::to_double(one->amount);
    const bool has_equity = equity && *equity > Money{};
    out.begin_object().field("amount", amount);
    out.field("share", has_equity ? std::optional(amount / trading::to_double(*equity)) : std::nullopt);
    out.field("scenarios", one->scenarios).field("coverage", one->coverage).end_object();
}

void write_shortfalls(JsonWriter& out, const TradingView& view) {
    out.key("expected_shortfall");
    if (!view.is_on()) {
        out.null();
        return;
    }
    out.begin_object();
    write_shortfall(out, "open", view.risk.shortfall, view.account.equity);
    write_shortfall(out, "worst", view.risk.worst_shortfall, view.account.equity);
    out.end_object();
}

void write_risk_mode(JsonWriter& out, const TradingView& view) {
    out.key("risk_mode");
    if (!view.is_on()) {
        out.null();
        return;
    }
    const auto& change = view.risk.last_change;
    out.begin_object().field("mode", risk::name(view.risk.mode));
    out.field("since", change ? std::optional(to_ms(change->at)) : std::nullopt);
    out.field("who", change ? std::optional(change->who) : std::nullopt);
    out.field("reason", change ? std::optional(change->reason) : std::nullopt).end_object();
}

}  // namespace

void write_positions(JsonWriter& out, const Snapshot& snapshot) {
    const TradingView& view = write_head(out, snapshot);
    write_list(out, "positions", view, view.positions, [&](const views::PositionView& one) {
        write_position(out, one, instrument_of(snapshot, one.trade.plan.instrument));
    });
    write_list(out, "external", view, view.external, [&](const auto& one) {
        const market::Instrument& instrument = instrument_of(snapshot, one.first);
        out.begin_object().field("id", instrument.path_id()).field("symbol", instrument.symbol);
        out.field("quantity", instrument.quantity(one.second)).end_object();
    });
    write_shortfalls(out, view);
}

void write_orders(JsonWriter& out, const Snapshot& snapshot) {
    const TradingView& view = write_head(out, snapshot);
    write_list(out, "orders", view, view.orders, [&](const views::OrderView& one) {
        write_order(out, one, instrument_of(snapshot, one.order.request().instrument));
    });
}

void write_portfolio(JsonWriter& out, const Snapshot& snapshot) {
    const TradingView& view = write_head(out, snapshot);
    const views::AccountView& account = view.account;
    const auto total = [&](Money amount) {
        return view.is_on() ? std::optional(trading::to_double(amount)) : std::nullopt;
    };
    out.field("equity", amount_of(account.equity)).field("wallet", amount_of(account.wallet));
    out.field("available", amount_of(account.available)).field("margin", amount_of(account.margin));
    out.field("unrealised", amount_of(account.unrealised)).field("realised", total(account.brought.realised));
    out.field("fees", total(account.brought.fees)).field("funding", total(account.brought.funding));
    out.field("peak_equity", amount_of(account.peak));
    out.field("drawdown_pct", account.drawdown ? std::optional(100 * *account.drawdown) : std::nullopt);
    write_span(out, "day", account.day, account.equity);
    write_span(out, "week", account.week, account.equity);
}

void write_risk(JsonWriter& out, const Snapshot& snapshot) {
    const TradingView& view = write_head(out, snapshot);
    const views::RiskView& risk = view.risk;
    const auto seconds = [&](Nanos span) { return view.is_on() ? std::optional(whole_seconds(span)) : std::nullopt; };
    write_risk_mode(out, view);
    out.field("is_reconciled", view.is_on() ? std::optional(risk.is_reconciled) : std::nullopt);
    out.field("equity", amount_of(view.account.equity));
    out.field("equity_age_ms",
              risk.equity_age ? std::optional(whole_seconds(*risk.equity_age) * 1000) : std::nullopt);
    out.field("size_multiplier", view.is_on() ? std::optional(risk.size_multiplier) : std::nullopt);
    write_list(out, "limits", view, risk.limits, [&](const risk::LimitUse& one) { write_limit(out, one); });
    write_shortfalls(out, view);
    out.field("loss_cooldown_left_seconds", seconds(risk.loss_cooldown_left));
    out.field("venue_cooldown_left_seconds", seconds(risk.venue_cooldown_left));
    write_list(out, "denials", view, view.denials,
               [&](const desk::Judgement& one) { write_denial(out, one, instrument_of(snapshot, one.instrument)); });
    write_list(out, "warnings", view, view.warnings, [&](const views::TradingWarning& one) {
        out.begin_object().field("at", to_ms(one.at)).field("kind", execution::name(one.warning.kind));
        out.field("trade", one.warning.trade).field("text", one.warning.text).end_object();
    });
}

}  // namespace vt::api
