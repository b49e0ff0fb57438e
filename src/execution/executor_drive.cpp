#include "base/assert.hpp"
#include "execution/executor.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace vt::execution {

using trading::OrderState;

namespace {

/// Attempts to close at the market without waiting longer and longer in between.
constexpr std::uint32_t kQuickExits = 3;
constexpr std::uint32_t kTargetDoublingsMax = 6;

}  // namespace

void Executor::drive(Trade& trade, Timestamp now, Actions& out) {
    if (trade.ended_at) return;
    if (!trade.closing) drive_open(trade, now, out);
    if (trade.closing) drive_closing(trade, now, out);
    if (is_changed_) record(trade, out);
}

void Executor::drive_open(Trade& trade, Timestamp now, Actions& out) {
    if (trade.is_waiting()) return await_leverage(trade, now, out);
    for (const auto& order : trade.withdrawn) keeper_.cancel(order, now, out);
    const bool is_entering = is_live(trade.entry);
    if (is_entering && now >= trade.plan.enter_by) keeper_.cancel(*trade.entry, now, out);
    if (trade.entered == Lots{}) {
        if (!is_entering) return begin_closing(trade, TradeEnd::not_entered);
        return watch_unheard(trade, now, out);
    }
    if (!trade.is_open()) return begin_closing(trade, end_of_flat(trade));
    protect(trade, now, out);
    if (trade.closing) return;
    if (!is_entering && !trade.has_ladder && !trade.unprotected_since) place_ladder(trade, now, out);
    if (trade.has_ladder) renew_targets(trade, now, out);
    move_stop(trade, now, out);
    if (now >= trade.plan.expires_at) begin_closing(trade, TradeEnd::expired);
}

void Executor::await_leverage(Trade& trade, Timestamp now, Actions& out) {
    const auto instrument = trade.plan.instrument;
    const bool is_confirmed = leverages_.is_confirmed(instrument, *trade.plan.leverage);
    if (now >= trade.plan.enter_by)
        return begin_closing(trade, is_confirmed ? TradeEnd::not_entered : TradeEnd::leverage_unconfirmed);
    if (!is_confirmed) return leverages_.ask(instrument, *trade.plan.leverage, now, out);
    // what refusal() asked when it began may have changed meanwhile; the stop to come is counted already
    if (is_halted_ || !is_reconciled_ || external_.contains(instrument) || !has_room_for(1)) return;
    place_entry(trade, now, out);
    is_changed_ = true;
}

void Executor::place_entry(Trade& trade, Timestamp now, Actions& out) {
    const Plan& plan = trade.plan;
    trade.entry = keeper_.place({.instrument = plan.instrument,
                                 .side = plan.side,
                                 .kind = plan.limit ? trading::OrderKind::limit : trading::OrderKind::market,
                                 .time_in_force = trading::TimeInForce::immediate_or_cancel,
                                 .quantity = plan.quantity,
                                 .price = plan.limit},
                                trading::Purpose::entry, trade.id, now, out);
}

/// A position whose entry nobody told of yet (protect_unheard): its stop has as long as any other's.
void Executor::watch_unheard(Trade& trade, Timestamp now, Actions& out) {
    if (!trade.unprotected_since) return;
    const auto* const stop = order(trade.stop);
    if (stop != nullptr && stop->state() == OrderState::open) {
        trade.unprotected_since.reset();
        is_changed_ = true;
    } else if (now - *trade.unprotected_since >= params_.protect_within) {
        out.emplace_back(Warning{WarningKind::unprotected, trade.id, kNotConfirmed});
        begin_closing(trade, TradeEnd::unprotected);
        place_exit(trade, trade.plan.quantity, now, out);  // the venue cuts it to what is there
    }
}

TradeEnd Executor::end_of_flat(const Trade& trade) const {
    if (const auto* stop = order(trade.stop); stop != nullptr && stop->filled() > Lots{}) return TradeEnd::stop;
    for (const auto& target : trade.targets)
        if (const auto* rung = order(target); rung != nullptr && rung->filled() > Lots{}) return TradeEnd::target;
    return TradeEnd::reconciled;
}

void Executor::protect(Trade& trade, Timestamp now, Actions& out) {
    const auto* const stop = order(trade.stop);
    if (stop != nullptr && stop->filled() > Lots{}) return begin_closing(trade, TradeEnd::stop);
    const OrderState state = stop == nullptr ? OrderState::rejected : stop->state();
    if (state == OrderState::open) {  // what was confirmed rests at the venue, however long we hear nothing of it
        if (trade.unprotected_since) is_changed_ = true;
        trade.unprotected_since.reset();
        trade.stop_attempts = 0;
        return;
    }
    if (!trade.unprotected_since) {
        trade.unprotected_since = now;
        is_changed_ = true;
    }
    const bool has_failed = is_final(state) && trade.stop_attempts >= params_.stop_attempts_max;
    if (has_failed || now - *trade.unprotected_since >= params_.protect_within) {
        out.emplace_back(
            Warning{WarningKind::unprotected, trade.id,
                    kNotConfirmed +
                        (stop != nullptr && !stop->reason().empty() ? " (" + stop->reason() + ")" : std::string())});
        return begin_closing(trade, TradeEnd::unprotected);
    }
    if (is_final(state)) place_stop(trade, now, out);
}

void Executor::place_stop(Trade& trade, Timestamp now, Actions& out) {
    ++trade.stop_attempts;
    // for the whole plan: the venue cuts it to the position, which grows while the entry is filled
    trade.stop = keeper_.place({.instrument = trade.plan.instrument,
                                .side = market::opposite(trade.plan.side),
                                .kind = trading::OrderKind::stop_market,
                                .quantity = trade.plan.quantity,
                                .trigger = trade.stop_wanted,
                                .is_reduce_only = true},
                               trading::Purpose::stop, trade.id, now, out);
    is_changed_ = true;
}

void Executor::place_ladder(Trade& trade, Timestamp now, Actions& out) {
    if (!has_room_for(kRungCount)) return;
    const auto quantities = rung_quantities(trade.plan, trade.entered);
    for (std::size_t i = 0; i < kRungCount; ++i)
        if (trade.plan.ladder.at(i) && quantities.at(i) > Lots{}) place_target(trade, i, quantities.at(i), now, out);
    trade.has_ladder = true;
    is_changed_ = true;
}

void Executor::place_target(Trade& trade, std::size_t rung, Lots quantity, Timestamp now, Actions& out) {
    trade.targets.at(rung) = keeper_.place({.instrument = trade.plan.instrument,
                                            .side = market::opposite(trade.plan.side),
                                            .kind = trading::OrderKind::limit,
                                            .quantity = quantity,
                                            .price = trade.plan.ladder.at(rung)->price,
                                            .is_reduce_only = true},
                                           trading::Purpose::target, trade.id, now, out);
}

/// One that ended without a fill closes nothing: the position would go on without it.
void Executor::renew_targets(Trade& trade, Timestamp now, Actions& out) {
    for (std::size_t i = 0; i < kRungCount; ++i) {
        const auto* const target = order(trade.targets.at(i));
        auto& at = trade.target_renewed_at.at(i);
        if (target == nullptr || !target->is_over() || target->filled() > Lots{}) continue;
        if (trade.is_withdrawn(target->id())) continue;
        std::uint32_t& renewals = trade.target_renewals.at(i);
        if (!at) {
            at = now + params_.target_again_after * (1 << std::min(renewals, kTargetDoublingsMax));
            is_changed_ = true;
        }
        if (now < *at || !has_room_for(1)) continue;
        at.reset();
        ++renewals;
        place_target(trade, i, target->request().quantity, now, out);
        is_changed_ = true;
    }
}

void Executor::move_stop(Trade& trade, Timestamp now, Actions& out) {
    const bool has_rungs = std::ranges::any_of(trade.plan.ladder, [](const auto& each) { return each.has_value(); });
    if (has_rungs) {
        // of those that were taken back only what was filled counts
        const auto first = std::ranges::find_if(trade.targets, [&](const auto& each) {
            const auto* const rung = order(each);
            return rung != nullptr && (rung->state() == OrderState::filled || !trade.is_withdrawn(rung->id()));
        });
        if (first == trade.targets.end() || order(*first)->state() != OrderState::filled) return;
    }
    const market::Side side = trade.plan.side;
    const auto raise = [&](Ticks stop) {
        if (stop == trade.stop_wanted || !is_as_good(side, stop, trade.stop_wanted)) return;
        trade.stop_wanted = stop;
        is_changed_ = true;
    };
    const auto even = break_even(trade, instruments_.at(trade.plan.instrument));
    if (has_rungs && even) raise(*even);
    const auto& trailing = trade.plan.trailing;
    if (trailing && trade.best) {
        const Ticks distance{trailing->distance_ticks};
        const Ticks stop = side == market::Side::buy ? *trade.best - distance : *trade.best + distance;
        if (std::abs((stop - trade.stop_wanted).value()) >= trailing->step_ticks) raise(stop);
    }
    const auto* const resting = order(trade.stop);
    if (resting == nullptr || resting->is_over() || resting->request().trigger == trade.stop_wanted) return;
    if (trade.stop_amended_at && now - *trade.stop_amended_at < params_.amend_not_before) return;
    if (!keeper_.amend_trigger(*trade.stop, trade.stop_wanted, now, out)) return;
    trade.stop_amended_at = now;
    is_changed_ = true;
}

void Executor::begin_closing(Trade& trade, TradeEnd why) {
    if (trade.closing) return;
    trade.closing = why;
    is_changed_ = true;
}

void Executor::drive_closing(Trade& trade, Timestamp now, Actions& out) {
    const trading::Position position(trade.position);
    // the other side: it was closed before we were told of what opened it
    const bool holds = trade.is_open() && position.side() == trade.plan.side;
    if (!holds) {
        if (!keeper_.cancel_all(trade.id, now, out) && !trade.is_open()) end(trade, now, out);
        return;
    }
    if (trade.entry) keeper_.cancel(*trade.entry, now, out);
    for (const auto& target : trade.targets)
        if (target) keeper_.cancel(*target, now, out);
    // an exit of which nothing is heard does not hold up the next: both only reduce, and close no more than is there
    if (!trade.exit_not_before || now >= *trade.exit_not_before) place_exit(trade, position.size(), now, out);
}

void Executor::place_exit(Trade& trade, Lots size, Timestamp now, Actions& out) {
    if (const auto* failed = order(trade.exit))
        out.emplace_back(
            Warning{WarningKind::exit_failed, trade.id,
                    "closing at the market again: " + (failed->reason().empty() ? "no answer" : failed->reason())});
    trade.exit =
        keeper_.place({.instrument = trade.plan.instrument,
                       .side = market::opposite(trade.plan.side),
                       .kind = trading::OrderKind::market,
                       .time_in_force = trading::TimeInForce::immediate_or_cancel,
                       .quantity = size,
                       .is_reduce_only = true},
                      trade.closing == TradeEnd::unprotected ? trading::Purpose::emergency : trading::Purpose::exit,
                      trade.id, now, out);
    Nanos wait = params_.exit_again_after;
    for (std::uint32_t i = kQuickExits; i <= trade.exits && wait < params_.exit_again_at_most; ++i) wait *= 2;
    ++trade.exits;
    trade.exit_not_before = now + std::min(wait, params_.exit_again_at_most);
    is_changed_ = true;
}

void Executor::end(Trade& trade, Timestamp now, Actions& out) {
    if (trade.closing == TradeEnd::leverage_unconfirmed)
        out.emplace_back(Warning{WarningKind::leverage_not_set, trade.id,
                                 "the venue did not confirm a leverage of " +
                                     std::to_string(trade.plan.leverage.value_or(0)) +
                                     " in time, or before the program ended: nothing is entered"});
    trade.ended_at = now;
    open_.erase(trade.plan.instrument);
    record(trade, out);
}

}  // namespace vt::execution
