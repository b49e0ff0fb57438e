#include "sim/book.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace vt::sim {

using market::Level;
using market::Side;

Book::Book(std::size_t window_ticks)
    : mask_(window_ticks - 1), reach_(static_cast<std::int64_t>(window_ticks / 2) - 1) {
    VT_ASSERT(std::has_single_bit(window_ticks));
    VT_ASSERT(window_ticks >= 256);
    for (Half* half : {&bids_, &asks_}) {
        half->lots.assign(window_ticks, 0);
        half->orders.assign(window_ticks, 0);
        half->occupied.assign(window_ticks / 64, 0);
    }
}

void Book::reset(Ticks centre) {
    for (Half* half : {&bids_, &asks_}) {
        std::fill(half->lots.begin(), half->lots.end(), 0);
        std::fill(half->orders.begin(), half->orders.end(), 0);
        std::fill(half->occupied.begin(), half->occupied.end(), 0U);
        half->size = 0;
    }
    centre_ = centre.value();
    ++changes_;
}

bool Book::holds(Ticks price) const { return price.value() >= centre_ - reach_ && price.value() <= centre_ + reach_; }

void Book::recentre(Ticks centre) {
    const std::int64_t moved = centre.value() - centre_;
    if (moved > reach_ || moved < -reach_) {
        reset(centre);
        return;
    }
    // Levels are dropped against the new window before any price can share a slot with them.
    centre_ = centre.value();
    drop_outside(Side::buy);
    drop_outside(Side::sell);
}

void Book::drop_outside(Side side) {
    Half& half = of(side);
    if (half.size == 0) return;
    std::vector<std::int64_t> gone;
    // Called after the centre moved by less than the reach, so prices are read from the old window on both ends.
    for (std::size_t word = 0; word < half.occupied.size(); ++word) {
        std::uint64_t bits = half.occupied[word];
        while (bits != 0) {
            const auto slot = static_cast<std::int64_t>(word * 64) + std::countr_zero(bits);
            bits &= bits - 1;
            const auto width = static_cast<std::int64_t>(mask_ + 1);
            // The price of a slot, as the book's best price sees it: everything of one side lies within one window.
            std::int64_t price = half.best - static_cast<std::int64_t>(index(half.best)) + slot;
            if (side == Side::buy && price > half.best) price -= width;
            if (side == Side::sell && price < half.best) price += width;
            if (!holds(Ticks{price})) gone.push_back(price);
        }
    }
    std::sort(gone.begin(), gone.end());
    if (side == Side::sell) std::reverse(gone.begin(), gone.end());  // outermost first: the best moves last
    for (const std::int64_t price : gone) erase(side, price);
}

void Book::put(Side side, std::int64_t price, std::int64_t lots, std::int32_t orders) {
    Half& half = of(side);
    const std::size_t slot = index(price);
    if (half.lots[slot] == 0) {
        half.occupied[slot / 64] |= std::uint64_t{1} << (slot % 64);
        const bool is_better = side == Side::buy ? price > half.best : price < half.best;
        if (half.size == 0 || is_better) half.best = price;
        ++half.size;
    }
    half.lots[slot] = lots;
    half.orders[slot] = orders;
    ++changes_;
}

void Book::erase(Side side, std::int64_t price) {
    Half& half = of(side);
    const std::size_t slot = index(price);
    if (half.lots[slot] == 0) return;
    half.lots[slot] = 0;
    half.orders[slot] = 0;
    half.occupied[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
    --half.size;
    ++changes_;
    if (price != half.best || half.size == 0) return;
    walk_from(side, price, [&half](const Level& next) {
        half.best = next.price.value();
        return false;
    });
}

bool Book::add(Side side, Ticks price, Lots quantity, std::int32_t orders) {
    VT_ASSERT(quantity.value() > 0);
    VT_ASSERT(orders > 0);
    if (!holds(price)) return false;
    const Half& opposite = of(market::opposite(side));
    if (opposite.size > 0) {
        if (side == Side::buy ? price.value() >= opposite.best : price.value() <= opposite.best) return false;
    }
    const std::size_t slot = index(price.value());
    const Half& half = of(side);
    put(side, price.value(), half.lots[slot] + quantity.value(), half.orders[slot] + orders);
    return true;
}

Lots Book::remove(Side side, Ticks price, Lots quantity, std::int32_t orders) {
    if (!holds(price)) return Lots{0};
    const Half& half = of(side);
    const std::size_t slot = index(price.value());
    const std::int64_t had = half.lots[slot];
    if (had == 0 || quantity.value() <= 0) return Lots{0};
    const std::int64_t taken = std::min(had, quantity.value());
    if (taken == had) {
        erase(side, price.value());
    } else {
        put(side, price.value(), had - taken, std::max(std::int32_t{1}, half.orders[slot] - orders));
    }
    return Lots{taken};
}

void Book::set(Side side, Ticks price, Lots quantity) {
    if (!holds(price)) return;
    if (quantity.value() <= 0) {
        erase(side, price.value());
        return;
    }
    Half& opposite = of(market::opposite(side));
    while (opposite.size > 0 &&
           (side == Side::buy ? price.value() >= opposite.best : price.value() <= opposite.best)) {
        erase(market::opposite(side), opposite.best);
    }
    put(side, price.value(), quantity.value(), 1);
}

std::optional<Level> Book::best(Side side) const {
    const Half& half = of(side);
    if (half.size == 0) return std::nullopt;
    return Level{.price = Ticks{half.best}, .quantity = Lots{half.lots[index(half.best)]}};
}

Lots Book::quantity_at(Side side, Ticks price) const {
    return holds(price) ? Lots{of(side).lots[index(price.value())]} : Lots{0};
}

std::int32_t Book::orders_at(Side side, Ticks price) const {
    return holds(price) ? of(side).orders[index(price.value())] : 0;
}

}  // namespace vt::sim
