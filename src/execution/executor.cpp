#include "execution/executor.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace vt::execution {
namespace {

using trading::OrderState;

constexpr std::size_t kForeignExecutionsMax = 4096;
/// Of a second's orders, left alone by entries and targets: an exit, or a stop that is placed anew.
constexpr std::size_t kSpareOrders = 2;

}  // namespace

std::string_view name(Executor::Refusal refusal) {
    switch (refusal) {
        case Executor::Refusal::not_reconciled: return "not_reconciled";
        case Executor::Refusal::halted: return "halted";
        case Executor::Refusal::instrument_busy: return "instrument_busy";
        case Executor::Refusal::instrument_unknown: return "instrument_unknown";
        case Executor::Refusal::too_many_orders: return "too_many_orders";
        case Executor::Refusal::order_rate: return "order_rate";
    }
    return "unknown";
}

Trade* Executor::open_trade(market::InstrumentId instrument) {
    const auto at = open_.find(instrument);
    return at == open_.end() ? nullptr : &trades_.at(at->second);
}

void Executor::record(const Trade& trade, Actions& out) {
    out.emplace_back(RecordTrade{trade});
    is_changed_ = false;
}

void Executor::on_instrument(const market::Instrument& instrument, Timestamp now, Actions& out) {
    instruments_.insert_or_assign(instrument.id, instrument);
    if (instrument.is_trading()) return;
    if (Trade* const trade = open_trade(instrument.id)) close(trade->id, TradeEnd::delisted, now, out);
}

void Executor::disconnected() {
    is_reconciled_ = false;
    leverages_.forget_known();
}

void Executor::begin(Timestamp now, Actions& out) {
    is_reconciled_ = false;
    leverages_.forget_known();
    differs_since_.clear();
    keeper_.doubt_all(now);
    ask_account_at_ = now;
    on_time(now, out);
}

void Executor::resume(Trade trade, std::vector<trading::Order::Facts> orders, Timestamp now) {
    VT_ASSERT(trade.id > 0);
    last_trade_ = std::max(last_trade_, trade.id);
    std::ranges::sort(orders, {}, [](const auto& each) { return each.request.id; });
    for (auto& facts : orders) {
        const auto id = facts.request.id;
        // the trade as it was written may be older than its orders
        switch (facts.purpose) {
            case trading::Purpose::entry: trade.entry = id; break;
            case trading::Purpose::stop: trade.stop = id; break;
            case trading::Purpose::exit:
            case trading::Purpose::emergency: trade.exit = id; break;
            case trading::Purpose::target:
                for (std::size_t i = 0; i < kRungCount; ++i)
                    if (trade.plan.ladder.at(i) && trade.plan.ladder.at(i)->price == facts.request.price)
                        trade.targets.at(i) = id;
                trade.has_ladder = true;
                break;
        }
        keeper_.resume(trade.id, std::move(facts), now);
    }
    if (!trade.ended_at) open_.insert_or_assign(trade.plan.instrument, trade.id);
    if (trade.is_waiting() && !trade.closing) trade.closing = TradeEnd::leverage_unconfirmed;
    trades_.insert_or_assign(trade.id, std::move(trade));
}

std::optional<Executor::Refusal> Executor::refusal(market::InstrumentId instrument) const {
    if (is_halted_) return Refusal::halted;
    if (!is_reconciled_) return Refusal::not_reconciled;
    if (!instruments_.contains(instrument)) return Refusal::instrument_unknown;
    if (open_.contains(instrument) || external_.contains(instrument)) return Refusal::instrument_busy;
    if (keeper_.size() + kRungCount + 3 > params_.orders_max) return Refusal::too_many_orders;
    if (!has_room_for(2)) return Refusal::order_rate;  // the entry and its stop
    return std::nullopt;
}

bool Executor::has_room_for(std::size_t orders) const {
    const auto stops_to_come = static_cast<std::size_t>(std::ranges::count_if(open_, [&](const auto& each) {
        const Trade& trade = trades_.at(each.second);
        return !trade.stop && !trade.closing;
    }));
    return keeper_.placed_lately() + stops_to_come + orders + kSpareOrders <= params_.orders_per_s;
}

TradeId Executor::open(const Plan& plan, Timestamp now, Actions& out) {
    VT_ASSERT(!refusal(plan.instrument));
    VT_ASSERT(plan.quantity > Lots{});
    VT_ASSERT(plan.stop != plan.reference && is_as_good(plan.side, plan.reference, plan.stop));
    const TradeId id = ++last_trade_;
    Trade& trade = trades_[id];
    trade = Trade{.id = id, .plan = plan, .decided_at = now, .stop_wanted = plan.stop};
    open_.emplace(plan.instrument, id);
    record(trade, out);  // before its first order: an order without its plan could not be protected
    if (!plan.leverage) {
        place_entry(trade, now, out);
        record(trade, out);
        return id;
    }
    leverages_.begin(plan.instrument);
    drive(trade, now, out);
    return id;
}

void Executor::abandon_waiting(TradeEnd why, Timestamp now, Actions& out) {
    for (const auto& [instrument, id] : std::map(open_))
        if (trades_.at(id).is_waiting()) close(id, why, now, out);
}

bool Executor::close(TradeId id, TradeEnd why, Timestamp now, Actions& out) {
    const auto at = trades_.find(id);
    if (at == trades_.end() || at->second.ended_at) return false;
    begin_closing(at->second, why);
    drive(at->second, now, out);
    return true;
}

Result<void> Executor::cancel(trading::ClientOrderId id, Timestamp now, Actions& out) {
    const auto standing = keeper_.standing(id);
    if (!standing || standing->order.is_over())
        return fail(Errc::not_found,
                    "order " + to_string(id) + " is not open: `virtuoso orders` lists those that are");
    Trade& trade = trades_.at(standing->trade);
    switch (standing->order.purpose()) {
        case trading::Purpose::entry:
        case trading::Purpose::target: break;
        case trading::Purpose::stop:
            return fail(Errc::refused,
                        "order " + to_string(id) + " is the stop that protects position " + std::to_string(trade.id) +
                            ": close the position, or flatten with the kill switch; its stop goes with it");
        case trading::Purpose::exit:
        case trading::Purpose::emergency:
            return fail(Errc::refused, "order " + to_string(id) + " closes position " + std::to_string(trade.id) +
                                           " at the market, which cannot be taken back");
    }
    if (!trade.is_withdrawn(id)) {
        trade.withdrawn.push_back(id);
        is_changed_ = true;
    }
    drive(trade, now, out);
    return {};
}

void Executor::halt(bool flatten, Timestamp now, Actions& out) {
    is_halted_ = true;
    for (const auto& [instrument, id] : std::map(open_)) {
        Trade& trade = trades_.at(id);
        if (flatten || trade.entered == Lots{})
            close(id, TradeEnd::halted, now, out);
        else if (is_live(trade.entry))
            keeper_.cancel(*trade.entry, now, out);
    }
}

void Executor::on_report(const trading::Report& report, Timestamp now, Actions& out) {
    if (const auto* paid = std::get_if<trading::FundingPaid>(&report.body)) return take(*paid, out);
    if (const auto* account = std::get_if<trading::AccountFound>(&report.body))
        return take(*account, report.at, now, out);
    if (take_leverage(report, now, out)) return;
    const auto* fill = std::get_if<trading::Fill>(&report.body);
    const auto subject = keeper_.on_report(report, now, out);
    if (!subject) {
        if (fill != nullptr) take_foreign(*fill, now, out);
        return;
    }
    Trade& trade = trades_.at(subject->trade);
    if (subject->is_new_fill) {
        if (!trade.first_fill_at) trade.first_fill_at = now;
        book(*fill, trade, out);
        if (trade.is_open()) reopen(trade);
    }
    // a stop that the price is beyond already has done its work
    const auto* refused = std::get_if<trading::Refused>(&report.body);
    const auto* unamended = std::get_if<trading::AmendRefused>(&report.body);
    const bool is_beyond = (refused != nullptr && refused->code == trading::RefusalCode::would_trigger) ||
                           (unamended != nullptr && unamended->code == trading::RefusalCode::would_trigger);
    if (is_beyond && trade.stop == subject->order && trade.is_open()) begin_closing(trade, TradeEnd::stop);
    drive(trade, now, out);
}

bool Executor::take_leverage(const trading::Report& report, Timestamp now, Actions& out) {
    Trade* trade = nullptr;
    if (const auto* set = std::get_if<trading::LeverageSet>(&report.body)) {
        trade = open_trade(set->instrument);
        const bool is_late = trade != nullptr && trade->is_waiting() && now >= trade->plan.enter_by;
        if (is_late) drive(*trade, now, out);  // ends it, before it is confirmed
        leverages_.on_set(*set, report.at);
    } else if (const auto* unanswered = std::get_if<trading::LeverageUnanswered>(&report.body)) {
        leverages_.on_unanswered(*unanswered, now);
        trade = open_trade(unanswered->instrument);
    } else if (const auto* refused = std::get_if<trading::LeverageRefused>(&report.body)) {
        trade = open_trade(refused->instrument);
        const bool is_final = leverages_.on_refused(*refused, report.at, now);
        if (is_final && trade != nullptr && trade->is_waiting() && trade->plan.leverage == refused->leverage) {
            out.emplace_back(Warning{WarningKind::leverage_not_set, trade->id,
                                     "the venue refused a leverage of " + std::to_string(refused->leverage) + " (" +
                                         refused->text + "): nothing is entered"});
            begin_closing(*trade, TradeEnd::leverage_refused);
        }
    } else {
        return false;
    }
    if (trade != nullptr) drive(*trade, now, out);
    return true;
}

void Executor::reopen(Trade& trade) {
    // a fill that was overtaken by the news that its order is over
    if (trade.closing == TradeEnd::not_entered) trade.closing.reset();
    if (!trade.ended_at || open_.contains(trade.plan.instrument)) return;
    trade.ended_at.reset();
    open_.emplace(trade.plan.instrument, trade.id);
    is_changed_ = true;
}

void Executor::take_foreign(const trading::Fill& fill, Timestamp now, Actions& out) {
    if (std::ranges::find(foreign_, fill.execution) != foreign_.end()) return;
    foreign_.push_back(fill.execution);
    if (foreign_.size() > kForeignExecutionsMax) foreign_.pop_front();
    Trade* const trade = open_trade(fill.instrument);
    if (trade == nullptr || !trade->is_open() || fill.kind == trading::ExecutionKind::trade) {
        ask_account_at_ = now;  // somebody else's: found by comparing
        return;
    }
    // what the venue itself did to the position is part of the trade
    const bool is_delivery = fill.kind == trading::ExecutionKind::delivery;
    if (!is_delivery)
        out.emplace_back(Warning{WarningKind::liquidated, trade->id,
                                 "the venue closed the position: " + std::string(name(fill.kind))});
    book(fill, *trade, out);
    begin_closing(*trade, is_delivery ? TradeEnd::delisted : TradeEnd::liquidated);
    drive(*trade, now, out);
}

void Executor::book(const trading::Fill& fill, Trade& trade, Actions& out) {
    const market::Instrument& instrument = instruments_.at(trade.plan.instrument);
    trading::Position position(trade.position);
    const auto taken = position.apply(fill, instrument);
    if (!taken) {
        out.emplace_back(Warning{WarningKind::not_representable, trade.id, taken.error().what});
        return;
    }
    trade.position = position.facts();
    if (fill.order && fill.order == trade.entry) {
        trade.entered += fill.quantity;
        trade.entry_value += trading::notional_of(instrument, fill.price, fill.quantity).value();
    }
    record(trade, out);  // with the order's fill, in one transaction
}

void Executor::take(const trading::FundingPaid& paid, Actions& out) {
    // of the trade that was open at the settlement: the news may come after its end
    const auto was_open = [&](const auto& each) {
        const Trade& trade = each.second;
        return trade.plan.instrument == paid.instrument && trade.first_fill_at &&
               *trade.first_fill_at <= paid.settled_at && (!trade.ended_at || *trade.ended_at >= paid.settled_at);
    };
    const auto at = std::ranges::find_if(trades_, was_open);
    if (at == trades_.end()) return;
    Trade& trade = at->second;
    if (trade.funded_until && paid.settled_at <= *trade.funded_until) return;
    trade.funded_until = paid.settled_at;
    trade.position.funding += paid.amount;
    record(trade, out);
}

void Executor::on_price(market::InstrumentId instrument, Ticks last, Timestamp now, Actions& out) {
    if (open_.empty()) return;
    Trade* const trade = open_trade(instrument);
    if (trade == nullptr || !trade->is_open()) return;
    const market::Side side = trade->plan.side;
    if (!trade->worst || is_as_good(side, *trade->worst, last)) trade->worst = last;
    if (trade->best && is_as_good(side, *trade->best, last)) return;
    trade->best = last;
    if (!trade->plan.trailing || trade->closing) return;
    move_stop(*trade, now, out);
    if (is_changed_) record(*trade, out);
}

void Executor::on_time(Timestamp now, Actions& out) {
    keeper_.on_time(now, out);
    for (const auto& [instrument, id] : std::map(open_)) drive(trades_.at(id), now, out);
    if (account_asked_at_ && now - *account_asked_at_ >= params_.answer_within) {
        account_asked_at_.reset();
        ask_account_at_ = now;
    }
    // what an unknown entry did shows in the position first
    if (keeper_.unknown_count() > 0 && ask_account_at_)
        ask_account_at_ = std::min(*ask_account_at_, last_account_at_ + params_.compare_again_after);
    if (ask_account_at_ && now >= *ask_account_at_ && !account_asked_at_) {
        last_account_at_ = now;
        account_asked_at_ = now;
        out.emplace_back(trading::Request{trading::FindAccount{}});
    }
    forget_old(now);
}

void Executor::forget_old(Timestamp now) {
    for (auto at = trades_.begin(); at != trades_.end();) {
        const Trade& trade = at->second;
        if (!trade.ended_at || now - *trade.ended_at < params_.forget_after) {
            ++at;
            continue;
        }
        keeper_.forget(trade.id);
        if (wallet_base_) *wallet_base_ += trading::Position(trade.position).wallet_change();
        at = trades_.erase(at);
    }
}

}  // namespace vt::execution
