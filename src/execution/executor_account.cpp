#include "execution/executor.hpp"

#include <set>
#include <string>

// The account as the venue states it, beside what our trades say. The venue is right about what is there; what it
// says is given time to be overtaken by reports that are on their way.

namespace vt::execution {

trading::Money Executor::brought_by_trades() const {
    trading::Money sum;
    for (const auto& [id, trade] : trades_) sum += trading::Position(trade.position).wallet_change();
    return sum;
}

std::optional<trading::Money> Executor::wallet() const {
    if (!wallet_base_) return std::nullopt;
    return *wallet_base_ + brought_by_trades();
}

Lots Executor::own_net(market::InstrumentId instrument) const {
    const auto at = open_.find(instrument);
    return at == open_.end() ? Lots{} : trades_.at(at->second).position.net;
}

void Executor::take(const trading::AccountFound& account, Timestamp at, Timestamp now, Actions& out) {
    account_asked_at_.reset();
    for (const trading::PositionFound& each : account.positions) leverages_.on_found(each, at);
    keeper_.on_open_orders(account.open_orders, now, out);
    for (const trading::PositionFound& each : account.positions) protect_unheard(each, now, out);
    const bool agrees = compare_positions(account, now, out);
    if (agrees) compare_wallet(account.wallet, out);
    is_reconciled_ = agrees && keeper_.unknown_count() == 0;
    ask_account_at_ = now + (is_reconciled_ ? params_.reconcile_every : params_.compare_again_after);
    for (const auto& [instrument, id] : std::map(open_)) drive(trades_.at(id), now, out);
}

/// A position from an entry whose fills nobody told us of yet: its stop does not wait for them.
void Executor::protect_unheard(const trading::PositionFound& position, Timestamp now, Actions& out) {
    Trade* const trade = open_trade(position.instrument);
    if (trade == nullptr || trade->entered > Lots{} || trade->stop || trade->closing) return;
    const auto* const entry = order(trade->entry);
    const bool is_ours = trade->plan.side == market::Side::buy ? position.net > Lots{} : position.net < Lots{};
    if (entry == nullptr || entry->state() != trading::OrderState::unknown || !is_ours) return;
    if (external_.contains(position.instrument)) return;
    trade->unprotected_since = now;
    place_stop(*trade, now, out);
    record(*trade, out);
}

bool Executor::compare_positions(const trading::AccountFound& account, Timestamp now, Actions& out) {
    std::map<market::InstrumentId, Lots> venue;
    for (const trading::PositionFound& each : account.positions) venue[each.instrument] = each.net;
    std::set<market::InstrumentId> all;
    for (const auto& [instrument, net] : venue) all.insert(instrument);
    for (const auto& [instrument, id] : open_) all.insert(instrument);
    for (const auto& [instrument, net] : external_) all.insert(instrument);
    bool agrees = true;
    for (const auto instrument : all) {
        const Lots there = venue.contains(instrument) ? venue.at(instrument) : Lots{};
        const Lots here = own_net(instrument) + (external_.contains(instrument) ? external_.at(instrument) : Lots{});
        if (there == here) {
            differs_since_.erase(instrument);
            continue;
        }
        const auto since = differs_since_.try_emplace(instrument, now).first->second;
        if (now - since < params_.mismatch_after) {
            agrees = false;
            continue;
        }
        differs_since_.erase(instrument);
        adopt(instrument, there, out);
    }
    return agrees;
}

void Executor::compare_wallet(trading::Money venue, Actions& out) {
    const auto ours = wallet();
    if (ours && *ours != venue)
        out.emplace_back(Warning{WarningKind::wallet_differs, std::nullopt,
                                 "the wallet is " + to_string(venue) + ", by our trades " + to_string(*ours)});
    wallet_base_ = venue - brought_by_trades();
}

void Executor::adopt(market::InstrumentId instrument, Lots venue, Actions& out) {
    Trade* const trade = open_trade(instrument);
    const Lots own = own_net(instrument);
    out.emplace_back(Warning{WarningKind::position_differs,
                             trade == nullptr ? std::nullopt : std::optional(trade->id),
                             "the venue's position is " + std::to_string(venue.value()) + " lots, ours " +
                                 std::to_string(own.value()) + ": the venue's counts"});
    external_.erase(instrument);
    const bool is_same_side = (venue > Lots{} && own > Lots{}) || (venue < Lots{} && own < Lots{});
    const auto size = [](Lots lots) { return lots < Lots{} ? -lots : lots; };
    if (trade == nullptr || !trade->is_open() || (is_same_side && size(venue) >= size(own))) {
        if (venue != own) external_[instrument] = venue - own;
        return;
    }
    // less is there than our trade has, or the other side: what is missing was closed at a price that is not known
    const Lots left = is_same_side ? venue : Lots{};
    trading::Position::Facts facts = trade->position;
    facts.cost = trading::scaled(facts.cost, size(left).value(), size(own).value()).value_or(trading::Money{});
    facts.net = left;
    trade->position = facts;
    if (left == Lots{}) begin_closing(*trade, TradeEnd::reconciled);
    if (venue != left) external_[instrument] = venue - left;
    record(*trade, out);
}

}  // namespace vt::execution
