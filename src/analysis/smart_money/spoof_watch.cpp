#include "analysis/smart_money/spoof_watch.hpp"

#include <algorithm>

namespace vt::analysis::smart_money {

using market::Side;

SpoofWatch::SpoofWatch() : events_(kMaxEvents) { orders_.reserve(kMaxOrders); }

void SpoofWatch::on_print(const Print& print) {
    const Side resting = market::opposite(print.aggressor);
    for (Order& order : orders_) {
        if (order.side == resting && order.price == print.price_ticks) order.traded += print.quantity;
    }
}

void SpoofWatch::on_change(const LevelChange& change, std::optional<double> large_shown) {
    if (change.kind == LevelChange::Kind::lost) return lose_orders();
    if (change.kind == LevelChange::Kind::sighted) return;
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
    if (!large_shown || added_quote < *large_shown) return;
    if (orders_.size() == kMaxOrders) orders_.erase(orders_.begin());
    orders_.push_back({.side = change.side,
                       .price = change.price_ticks,
                       .since = change.time,
                       .added = change.added(),
                       .before = change.before,
                       .weight = std::min(kMaxWeight, added_quote / *large_shown)});
}

double SpoofWatch::spoof_like(Timestamp u) const {
    double sum = 0;
    for (std::size_t i = events_.size(); i-- > 0 && u - events_[i].t_confirm < kWindow;) sum += events_[i].weight;
    return std::min(1.0, sum / kFull);
}

}  // namespace vt::analysis::smart_money
