#include "execution/order_keeper.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <set>
#include <string>
#include <utility>

namespace vt::execution {
namespace {

using namespace std::chrono_literals;
using trading::OrderState;

/// From one question about an order to the next.
constexpr std::array<Nanos, 8> kAskAgainAfter{250ms, 500ms, 1s, 2s, 4s, 8s, 16s, 30s};

std::optional<trading::ClientOrderId> order_of(const trading::ReportBody& body) {
    return std::visit(
        [](const auto& report) -> std::optional<trading::ClientOrderId> {
            using Body = std::decay_t<decltype(report)>;
            if constexpr (std::is_same_v<Body, trading::Fill>)
                return report.order;
            else if constexpr (std::is_same_v<Body, trading::Amended> || std::is_same_v<Body, trading::OrderFound>)
                return report.order.id;
            else if constexpr (requires { report.id; })
                return report.id;
            else
                return std::nullopt;
        },
        body);
}

}  // namespace

std::string_view name(WarningKind kind) {
    switch (kind) {
        case WarningKind::unprotected: return "unprotected";
        case WarningKind::exit_failed: return "exit_failed";
        case WarningKind::order_unknown: return "order_unknown";
        case WarningKind::order_absent: return "order_absent";
        case WarningKind::position_differs: return "position_differs";
        case WarningKind::external_order: return "external_order";
        case WarningKind::liquidated: return "liquidated";
        case WarningKind::wallet_differs: return "wallet_differs";
        case WarningKind::not_resumed: return "not_resumed";
        case WarningKind::not_representable: return "not_representable";
        case WarningKind::leverage_not_set: return "leverage_not_set";
    }
    return "unknown";
}

OrderKeeper::Kept* OrderKeeper::kept(trading::ClientOrderId id) {
    const auto at = orders_.find(id);
    return at == orders_.end() ? nullptr : &at->second;
}

const trading::Order* OrderKeeper::find(trading::ClientOrderId id) const {
    const auto at = orders_.find(id);
    return at == orders_.end() ? nullptr : &at->second.order;
}

std::optional<OrderKeeper::Standing> OrderKeeper::standing(trading::ClientOrderId id) const {
    const auto at = orders_.find(id);
    return at == orders_.end() ? std::nullopt : std::optional(standing_of(at->second));
}

std::size_t OrderKeeper::unknown_count() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        orders_, [](const auto& each) { return each.second.order.state() == OrderState::unknown; }));
}

void OrderKeeper::record(const Kept& kept, Actions& out) {
    out.emplace_back(RecordOrder{kept.trade, kept.order.facts()});
}

void OrderKeeper::record_change(const Kept& kept, const trading::Order::Facts& before, Actions& out) {
    if (kept.order.facts() == before) return;
    counts_.count_change(before, kept.order.facts());
    record(kept, out);
}

void OrderKeeper::let_go_of_placed(Timestamp now) {
    while (!placed_at_.empty() && now - placed_at_.front() >= std::chrono::seconds{1}) placed_at_.pop_front();
}

trading::ClientOrderId OrderKeeper::place(trading::OrderRequest request, trading::Purpose purpose, TradeId trade,
                                          Timestamp now, Actions& out) {
    request.id = {boot_, ++placed_};
    let_go_of_placed(now);
    placed_at_.push_back(now);
    Kept kept{.order = trading::Order(request, purpose, now), .trade = trade, .sent_at = now};
    record(kept, out);
    out.emplace_back(trading::Request{trading::Place{request}});
    kept.order.on_sent();
    counts_.count(purpose, OrderOutcome::sent);
    orders_.emplace(request.id, std::move(kept));
    of_trade_[trade].push_back(request.id);
    return request.id;
}

bool OrderKeeper::amend_trigger(trading::ClientOrderId id, Ticks trigger, Timestamp now, Actions& out) {
    Kept* const order = kept(id);
    if (order == nullptr || order->order.is_over() || order->amending || order->is_cancelling) return false;
    trading::OrderRequest wanted = order->order.request();
    wanted.trigger = trigger;
    order->amending = wanted;
    order->sent_at = now;
    out.emplace_back(trading::Request{trading::Amend{wanted, ++order->amendments}});
    return true;
}

void OrderKeeper::cancel(trading::ClientOrderId id, Timestamp now, Actions& out) {
    Kept* const order = kept(id);
    if (order == nullptr || order->order.is_over() || order->is_cancelling) return;
    order->is_cancelling = true;
    order->sent_at = now;
    out.emplace_back(trading::Request{trading::Cancel{id, order->order.request().instrument}});
}

bool OrderKeeper::cancel_all(TradeId trade, Timestamp now, Actions& out) {
    const auto at = of_trade_.find(trade);
    if (at == of_trade_.end()) return false;
    bool is_any_left = false;
    for (const auto id : at->second) {
        if (orders_.at(id).order.is_over()) continue;
        is_any_left = true;
        cancel(id, now, out);
    }
    return is_any_left;
}

void OrderKeeper::forget(TradeId trade) {
    const auto at = of_trade_.find(trade);
    if (at == of_trade_.end()) return;
    for (const auto id : at->second) orders_.erase(id);
    of_trade_.erase(at);
}

void OrderKeeper::begin_doubt(Kept& kept, Timestamp now) {
    kept.sent_at.reset();
    kept.amending.reset();
    kept.is_cancelling = false;  // asked for again once the order is known to stand
    const bool was_unknown = kept.order.state() == OrderState::unknown;
    kept.order.on_unanswered();
    if (!was_unknown && kept.order.state() == OrderState::unknown)
        counts_.count(kept.order.purpose(), OrderOutcome::unknown);
    if (!kept.doubt) kept.doubt = Doubt{.ask_at = now};
}

void OrderKeeper::found(Kept& kept, const trading::OrderFound& what) {
    kept.order.on_amended(what.revision, what.order);
    switch (what.state) {
        case OrderState::cancelled: kept.order.on_cancelled("at the venue"); break;
        case OrderState::rejected: kept.order.on_rejected("by the venue"); break;
        case OrderState::intent:
        case OrderState::sent:
        case OrderState::unknown: return;  // no answer
        case OrderState::open:
        case OrderState::partially_filled:
        case OrderState::filled:
            kept.order.on_accepted();
            kept.is_cancelling = kept.sent_at.has_value() && kept.is_cancelling;
            break;
    }
    // its fills come before the answer; where one is missing, the question is asked again
    if (kept.order.filled() >= what.filled) kept.doubt.reset();
}

void OrderKeeper::absent(Kept& kept, Timestamp now, Actions& out) {
    if (!kept.doubt) return;
    Doubt& doubt = *kept.doubt;
    if (!doubt.first_absence_at) doubt.first_absence_at = now;
    ++doubt.absences;
    if (doubt.absences < params_.absences_min || now - *doubt.first_absence_at < params_.absent_for) return;
    kept.doubt.reset();
    const auto& facts = kept.order.facts();
    if (facts.is_accepted || facts.filled > Lots{})
        kept.order.on_cancelled("no longer at the venue");
    else
        kept.order.on_rejected("never reached the venue");
    out.emplace_back(Warning{WarningKind::order_absent, kept.trade,
                             "order " + to_string(kept.order.id()) + ": " + kept.order.reason()});
}

void OrderKeeper::answer(Kept& kept, const trading::ReportBody& body, Timestamp now, Actions& out) {
    const auto settled = [&] {
        kept.sent_at.reset();
        kept.doubt.reset();
    };
    if (std::holds_alternative<trading::Accepted>(body)) {
        kept.order.on_accepted();
        settled();
    } else if (const auto* refused = std::get_if<trading::Refused>(&body)) {
        if (!kept.order.facts().is_rejected) counts_.count_refusal(refused->code);
        kept.order.on_rejected(std::string(name(refused->code)) + ": " + refused->text);
        settled();
    } else if (std::holds_alternative<trading::Unanswered>(body)) {
        begin_doubt(kept, now);
        out.emplace_back(Warning{WarningKind::order_unknown, kept.trade,
                                 "order " + to_string(kept.order.id()) + ": no answer, it is asked for"});
    } else if (const auto* amended = std::get_if<trading::Amended>(&body)) {
        kept.order.on_amended(amended->revision, amended->order);
        kept.amending.reset();
        settled();
    } else if (const auto* unamended = std::get_if<trading::AmendRefused>(&body)) {
        kept.amending.reset();
        kept.sent_at.reset();
        if (unamended->code == trading::RefusalCode::not_found) begin_doubt(kept, now);
    } else if (const auto* cancelled = std::get_if<trading::Cancelled>(&body)) {
        kept.order.on_cancelled(cancelled->reason);
        settled();
    } else if (const auto* uncancelled = std::get_if<trading::CancelRefused>(&body)) {
        kept.is_cancelling = false;
        kept.sent_at.reset();
        if (uncancelled->code == trading::RefusalCode::not_found) {
            begin_doubt(kept, now);
            kept.is_cancelling = true;  // not asked for again before it was found
        }
    } else if (const auto* there = std::get_if<trading::OrderFound>(&body)) {
        found(kept, *there);
    } else if (std::holds_alternative<trading::OrderAbsent>(body)) {
        absent(kept, now, out);
    }
}

std::optional<OrderKeeper::Subject> OrderKeeper::on_report(const trading::Report& report, Timestamp now,
                                                           Actions& out) {
    const auto id = order_of(report.body);
    Kept* const order = id ? kept(*id) : nullptr;
    if (order == nullptr) return std::nullopt;
    Subject subject{.trade = order->trade, .order = *id};
    const auto before = order->order.facts();
    if (const auto* fill = std::get_if<trading::Fill>(&report.body)) {
        subject.is_new_fill = order->order.on_filled(fill->execution, fill->quantity);
        // it is there, whatever became of the answer
        order->order.on_accepted();
        if (!order->amending && !order->is_cancelling) order->sent_at.reset();
    } else {
        answer(*order, report.body, now, out);
    }
    if (order->order.is_over()) {
        order->sent_at.reset();
        order->amending.reset();
    }
    record_change(*order, before, out);
    return subject;
}

void OrderKeeper::on_open_orders(const std::vector<trading::OrderFound>& open, Timestamp now, Actions& out) {
    std::set<trading::ClientOrderId> there;
    for (const trading::OrderFound& each : open) {
        there.insert(each.order.id);
        Kept* const order = kept(each.order.id);
        if (order == nullptr) continue;
        const auto before = order->order.facts();
        found(*order, each);
        record_change(*order, before, out);
    }
    for (auto& [id, order] : orders_) {
        const bool should_be_there = order.order.facts().is_accepted && !order.order.is_over() && !order.sent_at;
        if (should_be_there && !there.contains(id)) begin_doubt(order, now);
    }
}

void OrderKeeper::on_time(Timestamp now, Actions& out) {
    let_go_of_placed(now);
    for (auto& [id, order] : orders_) {
        if (order.sent_at && now - *order.sent_at >= params_.answer_within) {
            const auto before = order.order.state();
            begin_doubt(order, now);
            if (order.order.state() != before) {
                record(order, out);
                out.emplace_back(Warning{WarningKind::order_unknown, order.trade,
                                         "order " + to_string(id) + ": no answer in time, it is asked for"});
            }
        }
        if (!order.doubt || now < order.doubt->ask_at) continue;
        const std::size_t step = std::min<std::size_t>(order.doubt->asked, kAskAgainAfter.size() - 1);
        order.doubt->ask_at = now + kAskAgainAfter.at(step);
        ++order.doubt->asked;
        out.emplace_back(trading::Request{trading::FindOrder{id, order.order.request().instrument}});
    }
}

void OrderKeeper::resume(TradeId trade, trading::Order::Facts facts, Timestamp now) {
    const auto id = facts.request.id;
    Kept kept{.order = trading::Order(std::move(facts)), .trade = trade};
    kept.amendments = kept.order.facts().revision;
    if (!kept.order.is_over()) begin_doubt(kept, now);
    if (orders_.insert_or_assign(id, std::move(kept)).second) of_trade_[trade].push_back(id);
}

void OrderKeeper::doubt_all(Timestamp now) {
    for (auto& [id, order] : orders_)
        if (!order.order.is_over()) begin_doubt(order, now);
}

}  // namespace vt::execution
