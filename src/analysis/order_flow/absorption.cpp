#include "analysis/order_flow/absorption.hpp"

#include "base/math.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace vt::analysis::order_flow {

std::optional<double> absorption_strength(const AbsorptionWindow& window, double q95, double q99) {
    const double aggression = std::abs(window.net_notional);
    if (!(aggression > 0) || aggression < q95) return std::nullopt;
    if (!(window.taken_quantity > 0) || window.move > Absorption::kMaxMove) return std::nullopt;
    const double left = window.taken_quantity + window.resting_after - window.resting_before;
    const double refill = std::clamp(left / window.taken_quantity, 0.0, 1.0);
    if (refill < Absorption::kMinRefill) return std::nullopt;
    return std::min(1.0, aggression / q99) * (1 - window.move / Absorption::kMaxMove) * refill;
}

Component Absorption::describe() {
    return {.name = "absorption",
            .unit = "1",
            .weight = 0.10,
            .map = MapKind::lb,
            .leaves = {{.frame = Frame::m5, .weight = 1, .map = {.kind = MapKind::lb}}}};
}

void Absorption::note(Timestamp u, double signed_strength, double mid) {
    // Windows slide by a second: those that overlap the one that found an event are the same event, at its strongest.
    if (!events_.empty()) {
        DecayingEvents::Event& last = events_.newest();
        const bool is_same_side = (last.signed_strength > 0) == (signed_strength > 0);
        if (is_same_side && u - last.time < kSecond * static_cast<std::int64_t>(kWindowSeconds)) {
            if (std::abs(signed_strength) > std::abs(last.signed_strength)) last.signed_strength = signed_strength;
            return;
        }
    }
    events_.add(u, signed_strength, mid);
}

void Absorption::look(const FlowContext& context) {
    const Timestamp u = context.u();
    const Timestamp start = u - kSecond * static_cast<std::int64_t>(kWindowSeconds);
    const TradeSums prints = context.trades.sums(u, kWindowSeconds);
    if (prints.alive_seconds < kWindowSeconds) return;
    const double net = prints.net_notional();
    const QuoteBin& quote_after = context.quotes.second_ending(u);
    const QuoteBin& quote_before = context.quotes.second_ending(start);
    const BookBin& book_after = context.books.second_ending(u);
    const BookBin& book_before = context.books.second_ending(start);
    const auto& sigma = context.history.sigma_1m_bps();
    const bool is_known = quote_after.mid_end && quote_before.mid_end && book_after.is_valid && book_before.is_valid;
    if (is_known && sigma && *sigma > 0 && q95_ && net_notional_.n() >= kMinWindows) {
        const bool is_buy = net > 0;
        const double sigma_10s_bps = *sigma / std::sqrt(6.0);
        const double move_bps = 1e4 * std::abs(math::log(*quote_after.mid_end / *quote_before.mid_end));
        const AbsorptionWindow window{.net_notional = net,
                                      .taken_quantity = is_buy ? prints.buy_quantity : prints.sell_quantity,
                                      .move = move_bps / sigma_10s_bps,
                                      .resting_before = is_buy ? book_before.ask_size : book_before.bid_size,
                                      .resting_after = is_buy ? book_after.ask_size : book_after.bid_size};
        if (const auto strength = absorption_strength(window, *q95_, *q99_))
            note(u, is_buy ? -*strength : *strength, *quote_after.mid_end);
    }
    if (u.time_since_epoch() % (kSecond * static_cast<std::int64_t>(kWindowSeconds)) != Nanos{0}) return;
    net_notional_.advance(u);
    net_notional_.add(std::abs(net));
    q95_ = net_notional_.quantile(0.95);
    q99_ = net_notional_.quantile(0.99);
}

void Absorption::evaluate(const FlowContext& context, Component& component) {
    look(context);
    const auto windows = static_cast<double>(net_notional_.n());
    const bool can_judge = net_notional_.n() >= kMinWindows && context.history.sigma_1m_bps().has_value();
    const BookSums& book = context.books_5m;
    Observation seen{
        .events = windows,
        .missing_share = std::max(missing_share(context.trades_5m, Frame::m5), missing_share(book, Frame::m5)),
        .covered_share = minimum_coverage(windows, kWindowsOfADay),
        .flags = context.book_flags,
        .source_sequence = context.trades.last_sequence()};
    if (can_judge) {
        seen.value = events_.strength(context.u(), kHalfLife);
        if (*seen.value == 0) seen.flags.set(Flag::no_event);
    } else {
        seen.flags.set(Flag::warming);
    }
    Leaf& leaf = component.leaves.front();
    score_by_strength(
        leaf, seen,
        {{Input::trades, context.ages.trades}, {Input::book, context.ages.quote}, {Input::book, context.ages.book}});
    leaf.n = net_notional_.n();
    leaf.n_min = static_cast<std::uint64_t>(kWindowsOfADay);
    if (windows < kWindowsOfADay) leaf.flags.set(Flag::few_events);
}

}  // namespace vt::analysis::order_flow
