#include "analysis/trade_flow.hpp"

#include <algorithm>
#include <cmath>

namespace vt::analysis {

void TradeSums::add(const Print& print) {
    const bool is_buy = print.aggressor == market::Side::buy;
    (is_buy ? buy_notional : sell_notional) += print.notional;
    (is_buy ? buy_quantity : sell_quantity) += print.quantity;
    if (n() == 0) {
        open = high = low = print.price;
    } else {
        high = std::max(high, print.price);
        low = std::min(low, print.price);
    }
    close = print.price;
    ++(is_buy ? n_buy : n_sell);
}

void TradeSums::add(const TradeSums& later) {
    if (later.n() > 0) {
        if (n() == 0) {
            open = later.open;
            high = later.high;
            low = later.low;
        } else {
            high = std::max(high, later.high);
            low = std::min(low, later.low);
        }
        close = later.close;
    }
    buy_notional += later.buy_notional;
    sell_notional += later.sell_notional;
    buy_quantity += later.buy_quantity;
    sell_quantity += later.sell_quantity;
    n_buy += later.n_buy;
    n_sell += later.n_sell;
    parents_buy += later.parents_buy;
    parents_sell += later.parents_sell;
    alive_seconds += later.alive_seconds;
    large_buy += later.large_buy;
    large_sell += later.large_sell;
    judged_seconds += later.judged_seconds;
}

TradeFlow::TradeFlow() : histogram_(kHours) { staged_.reserve(1024); }

bool TradeFlow::continues_parent(const Print& print) const {
    if (!has_parent_ || print.aggressor != parent_side_) return false;
    if (print.time < parent_time_ || print.time - parent_time_ > kParentGap) return false;
    if (floor_to(print.time, kMinute) != floor_to(parent_time_, kMinute)) return false;
    return parent_side_ == market::Side::buy ? print.price >= parent_price_ : print.price <= parent_price_;
}

void TradeFlow::finish_parent() {
    if (!has_parent_) return;
    has_parent_ = false;
    is_parent_whale_ = false;
    if (staged_.size() == kMaxParentsPerMinute) return;
    staged_.push_back(market::sign(parent_side_) * parent_notional_);
}

/// in: the running parent's notional before this print of it
void TradeFlow::note_size(const Print& print, double before, TradeSums* bin) {
    if (threshold_ && bin != nullptr && parent_notional_ >= *threshold_) {
        const double newly_large = before >= *threshold_ ? print.notional : parent_notional_;
        (print.aggressor == market::Side::buy ? bin->large_buy : bin->large_sell) += newly_large;
    }
    if (!whale_threshold_ || parent_notional_ < *whale_threshold_) return;
    const double signed_notional = print.sign() * parent_notional_;
    if (is_parent_whale_) {
        whales_.back().price = print.price;
        whales_.back().signed_notional = signed_notional;
    } else {
        whales_.push({.time = print.time, .price = print.price, .signed_notional = signed_notional});
        is_parent_whale_ = true;
    }
}

void TradeFlow::add(const Print& print) {
    last_sequence_ = std::max(last_sequence_, print.source_sequence);
    TradeSums* bin = bins_.at(print.time);
    double before = 0;
    if (continues_parent(print)) {
        before = parent_notional_;
        parent_notional_ += print.notional;
    } else {
        finish_parent();
        has_parent_ = true;
        parent_side_ = print.aggressor;
        parent_notional_ = print.notional;
        if (bin != nullptr) ++(print.aggressor == market::Side::buy ? bin->parents_buy : bin->parents_sell);
    }
    parent_time_ = print.time;
    parent_price_ = print.price;
    if (bin != nullptr) bin->add(print);
    note_size(print, before, bin);
}

void TradeFlow::close_second(Timestamp u, bool is_alive) {
    TradeSums* bin = bins_.at(u - kSecond);
    bin->alive_seconds = is_alive ? 1 : 0;
    bin->judged_seconds = is_alive && threshold_ ? 1 : 0;
}

ParentMinute TradeFlow::close_minute(Timestamp u) {
    finish_parent();
    histogram_.advance(u - kMinute);
    ParentMinute minute{.threshold = threshold_};
    for (const double parent : staged_) {
        const double notional = std::abs(parent);
        minute.notional_max = std::max(minute.notional_max.value_or(0), notional);
        if (threshold_ && notional >= *threshold_) (parent > 0 ? minute.large_buy : minute.large_sell) += notional;
        histogram_.add(notional);
    }
    staged_.clear();
    // The hour may change here: the threshold in force for the next minute is that of its own hour.
    histogram_.advance(u);
    threshold_.reset();
    if (histogram_.n() >= kMinParents) {
        threshold_ = std::max(*histogram_.quantile(0.99), 20 * *histogram_.quantile(0.50));
    }
    whale_threshold_.reset();
    if (histogram_.n() >= kMinParentsOfWhales) whale_threshold_ = histogram_.quantile(0.999);
    return minute;
}

void TradeFlow::skip_to(Timestamp u) {
    has_parent_ = false;
    is_parent_whale_ = false;
    staged_.clear();
    bins_.clear();
    (void)bins_.at(u);
    histogram_.advance(u);
}

TradeSums TradeFlow::sums(Timestamp u, std::size_t count) const {
    TradeSums total;
    bins_.visit(u, count, [&](const TradeSums& second) { total.add(second); });
    return total;
}

}  // namespace vt::analysis
