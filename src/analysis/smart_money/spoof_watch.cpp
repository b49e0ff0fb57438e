#include "analysis/smart_money/spoof_watch.hpp"

#include <algorithm>

namespace vt::analysis::smart_money {

using market::Side;

SpoofWatch::SpoofWatch() : prices_(kMaxPrices), events_(kMaxEvents) { orders_.reserve(kMaxOrders); }

void SpoofWatch::on_print(const Print& print) {
    const Side resting = print.aggressor == Side::buy ? Side::sell : Side::buy;
    Taken* taken = nullptr;
    for (std::size_t i = prices_.size(); i-- > 0 && taken == nullptr;) {
        if (prices_[i].side == resting && prices_[i].price == print.price_ticks) taken = &prices_[i];
    }
    if (taken == nullptr) {
        prices_.push({.side = resting, .price = print.price_ticks});
        taken = &prices_.back();
    } else if (print.time - taken->last > kAnswerTime) {
        taken->quantity = 0;
    }
    taken->last = print.time;
    taken->quantity += print.quantity;
    for (Order& order : orders_) {
        if (order.side == resting && order.price == print.price_ticks) order.traded += print.quantity;
    }
}

/// What was printed at the change's price since its last change: each print explains one change only.
double SpoofWatch::take_answered(const LevelChange& change) {
    for (std::size_t i = prices_.size(); i-- > 0;) {
        Taken& taken = prices_[i];
        if (taken.side != change.side || taken.price != change.price_ticks) continue;
        const double quantity = change.time - taken.last > kAnswerTime ? 0 : taken.quantity;
        taken.quantity = 0;
        return quantity;
    }
    return 0;
}

void SpoofWatch::on_change(const LevelChange& change, std::optional<double> large_order) {
    if (change.kind == LevelChange::Kind::lost) return lose_orders();
    if (change.kind == LevelChange::Kind::sighted) return;
    const double printed = take_answered(change);
    if (change.added() < 0) {
        const double gone = -change.added();
        DepthRemoved& removed = removed_[static_cast<std::size_t>(change.side)];
        const double traded = std::min(gone, printed);
        removed.traded += traded;
        removed.cancelled += gone - traded;
    }
    std::erase_if(orders_, [&](const Order& order) {
        if (change.time - order.since >= kMaxLife) return true;  // it rests
        if (order.side != change.side || order.price != change.price_ticks) return false;
        if (change.after > order.before + (1 - kGone) * order.added) return false;
        const double cancelled = 1 - std::min(1.0, order.traded / order.added);
        if (cancelled > kCancelled) {
            events_.push({.side = order.side,
                          .price = change.price,
                          .added_quote = order.added * change.price,
                          .cancelled_share = cancelled,
                          .t_event = order.since,
                          .t_confirm = change.time,
                          .weight = order.weight});
        }
        return true;
    });
    const double added_quote = change.added() * change.price;
    if (!large_order || added_quote < *large_order) return;
    if (orders_.size() == kMaxOrders) orders_.erase(orders_.begin());
    orders_.push_back({.side = change.side,
                       .price = change.price_ticks,
                       .since = change.time,
                       .added = change.added(),
                       .before = change.before,
                       .weight = std::min(kMaxWeight, added_quote / *large_order)});
}

double SpoofWatch::spoof_like(Timestamp u) const {
    double sum = 0;
    for (std::size_t i = events_.size(); i-- > 0 && u - events_[i].t_confirm < kWindow;) sum += events_[i].weight;
    return std::min(1.0, sum / kFull);
}

void SpoofWatch::lose_orders() {
    orders_.clear();
    prices_.clear();
}

}  // namespace vt::analysis::smart_money
