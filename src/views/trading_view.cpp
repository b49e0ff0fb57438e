#include "views/trading_view.hpp"

#include "engine/paper_trading.hpp"
#include "trading/position.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace vt::views {
namespace {

using trading::Money;

constexpr const char* kOff =
    "signals are not traded: start with `virtuoso run --trade paper`, or set trading.mode to \"paper\"";

PositionView position_of(const execution::Trade& trade, const desk::Desk& desk, const paper::Venue& venue) {
    PositionView view{.trade = trade, .mark = desk.mark(trade.plan.instrument)};
    const auto* const stop = trade.stop ? desk.executor().orders().find(*trade.stop) : nullptr;
    if (stop != nullptr && stop->state() == trading::OrderState::open) view.confirmed_stop = stop->request().trigger;
    if (!trade.is_open()) return view;
    view.margin = venue.margin(trade.plan.instrument);
    const market::Instrument& instrument = *desk.instrument(trade.plan.instrument);
    const trading::Position position(trade.position);
    if (!view.mark) return view;
    if (const auto worth = trading::notional_of(instrument, *view.mark, position.size()))
        view.worth = trading::to_double(*worth);
    if (const auto gain = position.unrealised(instrument, *view.mark))
        view.open_r = execution::in_r(trade, instrument, position.wallet_change() + *gain);
    return view;
}

void take_orders(const desk::Desk& desk, TradingView& view) {
    std::set<execution::TradeId> open;
    for (const PositionView& position : view.positions) open.insert(position.trade.id);
    desk.executor().orders().each([&](const execution::OrderKeeper::Standing& one) {
        if (one.order.is_over() && !open.contains(one.trade)) return;
        view.orders.push_back({one.order, one.trade, one.is_cancelling, one.asked});
    });
}

AccountView account_of(const desk::Desk& desk, const paper::Venue& venue, Timestamp now) {
    const risk::Breakers& breakers = desk.limits().breakers();
    AccountView account{.equity = desk.equity(),
                        .wallet = desk.executor().wallet(),
                        .available = venue.available(),
                        .margin = venue.margin_in_use(),
                        .brought = venue.brought(),
                        .peak = breakers.peak(),
                        .day = breakers.day(now),
                        .week = breakers.week(now)};
    if (account.equity && account.wallet) account.unrealised = *account.equity - *account.wallet;
    if (account.peak) account.drawdown = breakers.drawdown();
    return account;
}

RiskView risk_of(const desk::Desk& desk, Timestamp now) {
    const risk::PreTrade& limits = desk.limits();
    const risk::Breakers& breakers = limits.breakers();
    return {.mode = limits.state().mode(),
            .last_change = limits.state().last_change(),
            .is_reconciled = desk.executor().is_reconciled(),
            .equity_age = breakers.equity_age(now),
            .size_multiplier = breakers.size_multiplier(),
            .loss_cooldown_left = breakers.loss_cooldown_left(now),
            .venue_cooldown_left = breakers.venue_cooldown_left(now),
            .shortfall = limits.exposure().expected_shortfall(),
            .worst_shortfall = limits.exposure().worst_shortfall(),
            .limits = risk::limits_in_use(limits, now)};
}

std::string waiting_for(const engine::PaperTrading& trading) {
    std::string names;
    for (const std::string& each : trading.missing()) names += (names.empty() ? "" : ", ") + each;
    return names.empty() ? "it begins as soon as markets are listed"
                         : "it waits for markets in which a trade is open: " + names;
}

template <class T>
void keep_newest(std::deque<T>& all, T one, std::size_t most) {
    all.push_front(std::move(one));
    if (all.size() > most) all.pop_back();
}

}  // namespace

std::string_view name(TradingState state) {
    switch (state) {
        case TradingState::off: return "off";
        case TradingState::waiting: return "waiting";
        case TradingState::on: return "on";
        case TradingState::stopped: return "stopped";
    }
    return "unknown";
}

void TradingTalk::hear(const engine::TradingStep& step) {
    for (const desk::Output& output : step.outputs) {
        if (const auto* warning = std::get_if<execution::Warning>(&output))
            keep_newest(warnings_, TradingWarning{step.at, *warning}, kWarningsShown);
        const auto* judgement = std::get_if<desk::Judgement>(&output);
        if (judgement == nullptr || judgement->trade || judgement->obstacle == desk::kStrategyNotTraded) continue;
        keep_newest(denials_, *judgement, kDenialsShown);
        count(*judgement);
    }
}

void TradingTalk::count(const desk::Judgement& denial) {
    if (!denial.obstacle.empty()) ++denial_counts_[denial.obstacle];
    for (const risk::Check& check : denial.checks)
        if (check.denies()) ++denial_counts_[risk::name(check.code)];
}

TradingView trading_view_of(const engine::PaperTrading& trading, const TradingTalk& talk, Timestamp now) {
    if (!trading.is_on()) return {.reason = kOff};
    TradingView view{.state = TradingState::on,
                     .currency = trading.currency(),
                     .denials = talk.denials(),
                     .warnings = talk.warnings(),
                     .denial_counts = talk.denial_counts()};
    if (!trading.given_up().empty()) {
        view.state = TradingState::stopped;
        view.reason = trading.given_up();
    } else if (trading.desk() == nullptr) {
        view.state = TradingState::waiting;
        view.reason = waiting_for(trading);
    }
    if (!view.is_on()) return view;
    const desk::Desk& desk = *trading.desk();
    for (const auto& [number, trade] : desk.executor().trades())
        if (!trade.ended_at) view.positions.push_back(position_of(trade, desk, *trading.venue()));
    take_orders(desk, view);
    view.external = desk.executor().external();
    view.order_counts = desk.executor().orders().counts();
    view.account = account_of(desk, *trading.venue(), now);
    view.risk = risk_of(desk, now);
    return view;
}

}  // namespace vt::views
