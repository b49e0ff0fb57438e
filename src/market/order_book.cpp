#include "market/order_book.hpp"

namespace vt::market {
namespace {

/// False at the first level that no book can hold; the levels before it have been set.
bool set_all(Ladder& side, std::span<const Level> levels) {
    for (const Level& level : levels) {
        if (level.price.value() <= 0 || level.quantity.value() < 0) return false;
        side.set(level.price, level.quantity);
    }
    return true;
}

}  // namespace

OrderBook::OrderBook(std::size_t window_ticks) : bids_(Side::buy, window_ticks), asks_(Side::sell, window_ticks) {}

ApplyResult OrderBook::apply(const BookUpdate& update) {
    if (update.is_snapshot) {
        bids_.clear();
        asks_.clear();
        if (!is_valid_) ++generation_;
        is_valid_ = true;
    } else if (!is_valid_) {
        return ApplyResult::ignored;
    }
    if (!set_all(bids_, update.bids) || !set_all(asks_, update.asks)) {
        invalidate();
        return ApplyResult::malformed;
    }
    update_id_ = update.update_id;
    depth_ = update.depth;
    const auto bid = bids_.best();
    const auto ask = asks_.best();
    if (bid && ask && bid->price >= ask->price) {
        invalidate();
        return ApplyResult::crossed;
    }
    if (update.is_snapshot) {
        bid_edge_ = ask_edge_ = std::nullopt;
        for (const Level& level : update.bids) bid_edge_ = std::min(bid_edge_.value_or(level.price), level.price);
        for (const Level& level : update.asks) ask_edge_ = std::max(ask_edge_.value_or(level.price), level.price);
    }
    return ApplyResult::applied;
}

void OrderBook::invalidate() {
    bids_.clear();
    asks_.clear();
    is_valid_ = false;
    bid_edge_ = ask_edge_ = std::nullopt;
}

std::optional<Ticks> OrderBook::snapshot_edge(Side side) const { return side == Side::buy ? bid_edge_ : ask_edge_; }
std::optional<Level> OrderBook::best(Side side) const { return (side == Side::buy ? bids_ : asks_).best(); }
Lots OrderBook::quantity_at(Side side, Ticks price) const {
    return (side == Side::buy ? bids_ : asks_).quantity_at(price);
}
std::size_t OrderBook::level_count(Side side) const { return (side == Side::buy ? bids_ : asks_).size(); }
std::size_t OrderBook::overflow_count(Side side) const { return (side == Side::buy ? bids_ : asks_).overflow_size(); }

}  // namespace vt::market
