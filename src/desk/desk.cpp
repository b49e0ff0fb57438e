#include "desk/desk.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <type_traits>

namespace vt::desk {
namespace {

constexpr std::string_view kLevelsUnknown = "levels_unknown";
constexpr Nanos kMarkEvery = std::chrono::seconds{1};

Ticks nearest_tick(const market::Instrument& instrument, double price) {
    return Ticks{static_cast<std::int64_t>(std::llround(price / instrument.tick()))};
}

struct ObstacleWords {
    std::string_view text, remedy;
};

ObstacleWords words_of(std::string_view obstacle) {
    using Refusal = execution::Executor::Refusal;
    if (obstacle == kStrategyNotTraded)
        return {"its strategy is not traded", "name it in trading.strategies to have it traded"};
    if (obstacle == kLevelsUnknown)
        return {"the signal has no entry and stop", "wait until the market's volatility is known"};
    if (obstacle == execution::name(Refusal::not_reconciled))
        return {"orders and positions are not yet compared with the venue's",
                "wait until the venue has said what is open; look at its connection if it does not"};
    if (obstacle == execution::name(Refusal::halted))
        return {"trading is halted", "find out why it was halted, then release it with a reason"};
    if (obstacle == execution::name(Refusal::instrument_busy))
        return {"a trade of this market is open", "wait for its end, or close it: there is one at a time"};
    if (obstacle == execution::name(Refusal::instrument_unknown))
        return {"the market is not traded on this account",
                "choose a linear contract of the primary venue in the account's currency"};
    if (obstacle == execution::name(Refusal::order_rate))
        return {"more signals at once than the venue takes orders in a second",
                "none is needed: the next one is traded"};
    return {"too many orders are kept", "wait until some have come to their end"};
}

/// The worst price that the entry takes: rounded so that it is no worse than what was allowed.
Ticks entry_limit(const market::Instrument& instrument, const signals::Signal& signal, double slippage_bps) {
    const double worst = signal.levels->entry * (1 + market::sign(signal.side) * slippage_bps * 1e-4);
    const double ticks = worst / instrument.tick();
    const double rounded = signal.side == market::Side::buy ? std::floor(ticks + 1e-9) : std::ceil(ticks - 1e-9);
    return Ticks{static_cast<std::int64_t>(rounded)};
}

}  // namespace

std::string_view text_of_obstacle(std::string_view obstacle) { return words_of(obstacle).text; }
std::string_view remedy_of_obstacle(std::string_view obstacle) { return words_of(obstacle).remedy; }

Desk::Desk(const Params& params, execution::Numbering numbering, const std::string& currency)
    : params_(params), pre_trade_(params.risk, currency), executor_(params.execution, numbering) {}

const market::Instrument* Desk::instrument(market::InstrumentId id) const {
    const auto at = instruments_.find(id);
    return at == instruments_.end() ? nullptr : &at->second;
}

std::optional<Ticks> Desk::mark(market::InstrumentId instrument) const {
    const auto at = terms_.find(instrument);
    return at == terms_.end() ? std::nullopt : at->second.mark;
}

void Desk::on_instrument(const market::Instrument& instrument, Timestamp now) {
    instruments_.insert_or_assign(instrument.id, instrument);
    executor_.on_instrument(instrument, now, actions_);
    digest(actions_, now);
}

void Desk::on_terms(market::InstrumentId instrument, const risk::MarketTerms& terms) {
    terms_.insert_or_assign(instrument, terms);
    pre_trade_.exposure().on_terms(instrument, terms);
}

void Desk::on_price(market::InstrumentId instrument, Ticks last, Timestamp now) {
    executor_.on_price(instrument, last, now, actions_);
    if (!actions_.empty()) digest(actions_, now);
}

std::string_view Desk::obstacle_to(const signals::Signal& signal) const {
    if (std::ranges::find(params_.strategies, signal.strategy) == params_.strategies.end()) return kStrategyNotTraded;
    if (!signal.levels) return kLevelsUnknown;
    if (const auto refusal = executor_.refusal(signal.instrument)) return execution::name(*refusal);
    return {};
}

void Desk::on_signal(const Idea& idea, const risk::MarketView& market, Timestamp now) {
    const signals::Signal& signal = idea.signal;
    Judgement judgement{.signal = signal.id, .instrument = signal.instrument, .at = now};
    judgement.obstacle = obstacle_to(signal);
    if (!judgement.obstacle.empty()) {
        outputs_.emplace_back(std::move(judgement));
        return;
    }
    const market::Instrument& instrument = instruments_.at(signal.instrument);
    // boot 0 is no start's: the number of a reservation is never that of an order
    const trading::ClientOrderId reservation{0, ++reservations_};
    risk::Decision decision =
        pre_trade_.approve({.id = reservation,
                            .at = now,
                            .kind = trading::OrderKind::limit,
                            .side = signal.side,
                            .entry = entry_limit(instrument, signal, params_.entry_slippage_max_bps),
                            .stop = nearest_tick(instrument, signal.levels->stop),
                            .costs = signal.costs,
                            .chance = idea.chance,
                            .health = idea.health},
                           market);
    judgement.checks = std::move(decision.checks);
    judgement.approval = decision.approval;
    if (!decision.approval) {
        outputs_.emplace_back(std::move(judgement));
        return;
    }
    const auto& approval = *decision.approval;
    judgement.trade = executor_.open(plan_of(idea, instrument, approval, now), now, actions_);
    reserved_.emplace(*judgement.trade, reservation);
    outputs_.emplace_back(std::move(judgement));
    digest(actions_, now);
}

execution::Plan Desk::plan_of(const Idea& idea, const market::Instrument& instrument, const risk::Approval& approval,
                              Timestamp now) const {
    const signals::Signal& signal = idea.signal;
    execution::Plan plan{.signal = signal.id,
                         .strategy = signal.strategy,
                         .instrument = instrument.id,
                         .side = signal.side,
                         .quantity = approval.quantity,
                         .reference = nearest_tick(instrument, signal.mid),
                         .limit = entry_limit(instrument, signal, params_.entry_slippage_max_bps),
                         .stop = nearest_tick(instrument, signal.levels->stop),
                         .break_even_cost_bps = signal.costs.round_trip_bps(),
                         .enter_by = now + params_.enter_within,
                         .expires_at = signal.expires_at,
                         .leverage = approval.leverage,
                         .attribution = idea.attribution};
    static_assert(execution::kRungCount == signals::kTargetCount);
    for (std::size_t i = 0; i < execution::kRungCount; ++i)
        if (signal.target_shares.at(i) > 0)
            plan.ladder.at(i) =
                execution::Rung{nearest_tick(instrument, signal.levels->targets.at(i)), signal.target_shares.at(i)};
    if (params_.trailing_stop_share > 0) {
        const double distance = signal.levels->stop_distance * params_.trailing_stop_share / instrument.tick();
        plan.trailing = execution::Trailing{.distance_ticks = std::max<std::int64_t>(1, std::llround(distance)),
                                            .step_ticks = std::max<std::int64_t>(1, std::llround(distance / 20))};
    }
    return plan;
}

void Desk::on_report(const trading::Report& report, Timestamp now) {
    if (std::holds_alternative<trading::Unanswered>(report.body) ||
        std::holds_alternative<trading::LeverageUnanswered>(report.body))
        pre_trade_.on_request_failed(now);
    executor_.on_report(report, now, actions_);
    digest(actions_, now);
    if (std::holds_alternative<trading::AccountFound>(report.body)) show_leverages(now);
}

void Desk::on_time(Timestamp now) {
    executor_.on_time(now, actions_);
    digest(actions_, now);
    pre_trade_.exposure().expire(now);
    pre_trade_.on_account_known(executor_.is_reconciled());
    if (marked_at_ && now - *marked_at_ < kMarkEvery) return;
    for (const auto& [instrument, lots] : executor_.external())
        if (!shown_external_.contains(instrument) || shown_external_.at(instrument) != lots)
            show_position(instrument, now);
    for (const auto& [instrument, lots] : std::map(shown_external_))
        if (!executor_.external().contains(instrument)) show_position(instrument, now);
    const auto worth = equity();
    if (!worth) return;  // not known: the limits see their last mark grow old
    marked_at_ = now;
    obey(pre_trade_.on_equity(now, *worth), true, now);
}

std::optional<trading::Money> Desk::equity() const {
    auto sum = executor_.wallet();
    if (!sum) return std::nullopt;
    for (const auto& [id, trade] : executor_.trades()) {
        if (!trade.is_open()) continue;
        const auto price = mark(trade.plan.instrument);
        if (!price) return std::nullopt;
        const auto gain =
            trading::Position(trade.position).unrealised(instruments_.at(trade.plan.instrument), *price);
        if (!gain) return std::nullopt;
        *sum += *gain;
    }
    return sum;
}

void Desk::digest(execution::Actions& actions, Timestamp now) {
    // positions before orders: what an order was filled with must not be missing in between
    for (const execution::Action& action : actions)
        if (const auto* trade = std::get_if<execution::RecordTrade>(&action)) follow(*trade, now);
    for (execution::Action& action : actions) {
        if (const auto* order = std::get_if<execution::RecordOrder>(&action)) {
            const auto& facts = order->order;
            pre_trade_.exposure().on_order(instruments_.at(facts.request.instrument), trading::Order(facts), now);
        }
        std::visit([&](auto& one) { outputs_.emplace_back(std::move(one)); }, action);
    }
    actions.clear();
}

void Desk::follow(const execution::RecordTrade& record, Timestamp now) {
    const execution::Trade& trade = record.trade;
    hand_on_reservation(trade);
    show_position(trade.plan.instrument, now);
    show_stop(trade, now);
    // once: a fill that comes behind the end makes no second loss of it
    if (!trade.ended_at || trade.entered == Lots{} || !counted_.insert(trade.id).second) return;
    pre_trade_.on_trade_closed(now, trading::Position(trade.position).wallet_change());
}

/// To the entry, once there is one; free where the trade ended without.
void Desk::hand_on_reservation(const execution::Trade& trade) {
    const auto reserved = reserved_.find(trade.id);
    if (reserved == reserved_.end() || (!trade.entry && !trade.ended_at)) return;
    if (trade.entry)
        pre_trade_.exposure().on_ordered(trade.plan.instrument, reserved->second, *trade.entry);
    else
        pre_trade_.exposure().on_abandoned(trade.plan.instrument, reserved->second);
    reserved_.erase(reserved);
}

/// The venue may have another leverage for what is open than our plan named.
void Desk::show_leverages(Timestamp now) {
    for (const auto& [id, trade] : executor_.trades())
        if (trade.is_open()) show_position(trade.plan.instrument, now);
}

void Desk::show_stop(const execution::Trade& trade, Timestamp now) {
    const auto* const stop = trade.stop ? executor_.orders().find(*trade.stop) : nullptr;
    const bool is_confirmed = stop != nullptr && stop->state() == trading::OrderState::open;
    pre_trade_.exposure().on_stop(trade.plan.instrument, is_confirmed ? stop->request().trigger : std::nullopt, now);
}

void Desk::show_position(market::InstrumentId instrument, Timestamp now) {
    Lots net;
    for (const auto& [id, trade] : executor_.trades())
        if (trade.plan.instrument == instrument) net += trade.position.net;
    const auto external = executor_.external().find(instrument);
    if (external != executor_.external().end()) {
        net += external->second;
        shown_external_.insert_or_assign(instrument, external->second);
    } else {
        shown_external_.erase(instrument);
    }
    pre_trade_.exposure().on_position(instruments_.at(instrument), net, leverage_of(instrument), now);
    if (const auto terms = terms_.find(instrument); terms != terms_.end())
        pre_trade_.exposure().on_terms(instrument, terms->second);
}

std::uint32_t Desk::leverage_of(market::InstrumentId instrument) const {
    if (const auto known = executor_.leverages().known(instrument)) return *known;
    for (const auto& [id, trade] : executor_.trades())
        if (trade.plan.instrument == instrument && trade.is_open() && trade.plan.leverage)
            return *trade.plan.leverage;
    return 1;
}

void Desk::resume(execution::Trade trade, std::vector<trading::Order::Facts> orders, Timestamp now) {
    const market::Instrument& instrument = instruments_.at(trade.plan.instrument);
    for (const auto& facts : orders) pre_trade_.exposure().on_order(instrument, trading::Order(facts), now);
    const auto id = trade.id;
    executor_.resume(std::move(trade), std::move(orders), now);
    show_position(instrument.id, now);
    show_stop(executor_.trades().at(id), now);
}

std::string Desk::encode_limits() const {
    std::string bytes;
    pre_trade_.encode(bytes);
    return bytes;
}

void Desk::begin(Timestamp now) {
    // what stopped the earlier run stops this one, too
    if (pre_trade_.state().mode() == risk::Mode::halted) executor_.halt(false, now, actions_);
    executor_.begin(now, actions_);
    digest(actions_, now);
}

void Desk::obey(const std::optional<risk::ModeChange>& change, bool flatten, Timestamp now) {
    if (!change) return;
    outputs_.emplace_back(*change);
    if (change->to == risk::Mode::active) return;
    if (change->to == risk::Mode::halted)
        executor_.halt(flatten, now, actions_);
    else
        executor_.abandon_waiting(execution::TradeEnd::halted, now, actions_);
    digest(actions_, now);
}

void Desk::halt(bool flatten, std::string_view who, std::string_view reason, Timestamp now) {
    const auto change = pre_trade_.make_safer(risk::Mode::halted, now, who, reason);
    if (change) outputs_.emplace_back(*change);
    executor_.halt(flatten, now, actions_);  // halted already, and now everything is to be closed
    digest(actions_, now);
}

void Desk::reduce(std::string_view who, std::string_view reason, Timestamp now) {
    obey(pre_trade_.make_safer(risk::Mode::reducing, now, who, reason), false, now);
}

Result<void> Desk::release(std::string_view who, std::string_view reason, Timestamp now) {
    VT_TRY(risk::ModeChange change, pre_trade_.release(risk::Mode::active, now, who, reason));
    outputs_.emplace_back(std::move(change));
    executor_.release();
    return {};
}

Result<void> Desk::end_reducing(std::string_view who, std::string_view reason, Timestamp now) {
    if (pre_trade_.state().mode() != risk::Mode::halted) return release(who, reason, now);
    const risk::ModeChange& halt = *pre_trade_.state().last_change();
    return fail(Errc::refused, "trading is halted by " + halt.who + " (" + halt.reason +
                                   "), which is more than reduce-only: look at why, then turn the kill switch off");
}

Result<void> Desk::cancel(trading::ClientOrderId order, Timestamp now) {
    const auto done = executor_.cancel(order, now, actions_);
    digest(actions_, now);
    return done;
}

Result<void> Desk::close(execution::TradeId trade, Timestamp now) {
    const bool is_closing = executor_.close(trade, execution::TradeEnd::requested, now, actions_);
    digest(actions_, now);
    if (is_closing) return {};
    return fail(Errc::not_found, "trade " + std::to_string(trade) + " is not open: `virtuoso positions` lists them");
}

}  // namespace vt::desk
