#include "sim/liquidity.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"
#include "sim/factor.hpp"
#include "sim/laws.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace vt::sim {

using market::Level;
using market::Side;

namespace {

/// Proposals for a cancellation come this many times as often as needed in equilibrium; the rest is refused.
constexpr double kCancelBound = 4;
constexpr double kMakerOrders = 6;  // what a market maker shows, in mean orders

std::int64_t levels_for(double tick_bps) {
    return static_cast<std::int64_t>(std::clamp(150 / tick_bps, 250.0, 7500.0));
}

double fifth_root(double x) { return math::pow(x, .2); }

double cancel_rate(std::int64_t distance) { return .02 + .08 / (1 + static_cast<double>(distance) / 10); }

}  // namespace

std::size_t window_ticks(double tick_bps) {
    return std::bit_ceil(static_cast<std::size_t>(levels_for(tick_bps)) * 4);
}

Liquidity::Liquidity(std::uint64_t seed, std::string_view symbol, const LiquidityParams& params)
    : params_(params),
      sizes_(params.size_scale),
      orders_(seed, stream_name(symbol, "limit orders")),
      cancels_(seed, stream_name(symbol, "cancels")),
      makers_(seed, stream_name(symbol, "makers")),
      levels_(levels_for(params.tick_bps)) {
    // (1 + x)^-.8 integrates to 5 (1 + x)^.2, so a distance is one draw, to the fifth power.
    lowest_root_ = fifth_root(.5);
    root_span_ = fifth_root(static_cast<double>(levels_) + .5) - lowest_root_;
    for (std::int64_t j = 0; j < levels_; ++j) {
        const auto x = static_cast<double>(j);
        const double weight = 5 * params_.rate_per_second * (fifth_root(x + 1.5) - fifth_root(x + .5));
        weights_.push_back(weight);
        cancel_chance_.push_back(cancel_rate(j) / (kCancelBound * weight));
    }
}

std::int64_t Liquidity::draw_distance(Prng& prng) const {
    const double root = lowest_root_ + prng.uniform() * root_span_;
    const double squared = root * root;
    return std::min(static_cast<std::int64_t>(std::floor(squared * squared * root + .5)) - 1, levels_ - 1);
}

Lots Liquidity::draw_size(double lots_per_quote) {
    const double lots = std::round(sizes_.draw(orders_) * lots_per_quote);
    return Lots{static_cast<std::int64_t>(std::max(1.0, lots))};
}

std::int64_t Liquidity::reference(const Book& book, Side side, double efficient_ticks) const {
    // The best price at which an order of this side could rest.
    const auto opposite = book.best(market::opposite(side));
    const auto efficient = static_cast<std::int64_t>(std::floor(efficient_ticks));
    if (side == Side::buy) return opposite ? opposite->price.value() - 1 : efficient;
    return opposite ? opposite->price.value() + 1 : efficient + 1;
}

void Liquidity::fill(Book& book, double efficient_ticks, double lots_per_quote) {
    const auto bid = static_cast<std::int64_t>(std::ceil(efficient_ticks)) - 1;
    for (const Side side : {Side::buy, Side::sell}) {
        for (std::int64_t j = 0; j < levels_; ++j) {
            const double mean = weights_[static_cast<std::size_t>(j)] / cancel_rate(j);
            const std::int64_t price = side == Side::buy ? bid - j : bid + 1 + j;
            // Poisson, by the exponential waits in one unit of time.
            double waited = orders_.exponential();
            while (waited < mean) {
                (void)book.add(side, Ticks{price}, draw_size(lots_per_quote));
                waited += orders_.exponential();
            }
        }
    }
}

void Liquidity::step(Book& book, double efficient_ticks, double lots_per_quote) {
    if (follows_) follow(book, efficient_ticks);
    const double rate = 2 * 5 * root_span_ * params_.rate_per_second;
    next_order_s_ -= kStepSeconds;
    while (next_order_s_ <= 0) {
        place(book, efficient_ticks, lots_per_quote);
        next_order_s_ += orders_.exponential() / (rate * depth_share_);
    }
    next_cancel_s_ -= kStepSeconds;
    while (next_cancel_s_ <= 0) {
        cancel(book, efficient_ticks);
        next_cancel_s_ += cancels_.exponential() / (rate * kCancelBound);
    }
    tighten(book, efficient_ticks, lots_per_quote);
}

void Liquidity::place(Book& book, double efficient_ticks, double lots_per_quote) {
    const Side side = (orders_.next() >> 63U) == 0 ? Side::buy : Side::sell;
    const std::int64_t spread = least_spread_ - 1;
    const std::int64_t distance = draw_distance(orders_) + spread;
    const std::int64_t first = reference(book, side, efficient_ticks);
    const Lots size = draw_size(lots_per_quote);
    (void)book.add(side, Ticks{side == Side::buy ? first - distance : first + distance}, size);
}

void Liquidity::cancel(Book& book, double efficient_ticks) {
    const Side side = (cancels_.next() >> 63U) == 0 ? Side::buy : Side::sell;
    const std::int64_t distance = draw_distance(cancels_);
    const double accepted = cancels_.uniform();
    const std::int64_t first = reference(book, side, efficient_ticks);
    const Ticks price{side == Side::buy ? first - distance : first + distance};
    const std::int32_t orders = book.orders_at(side, price);
    if (orders == 0 || accepted >= orders * cancel_chance_[static_cast<std::size_t>(distance)]) return;
    const Lots here = book.quantity_at(side, price);
    const std::int64_t free = here.value() - pinned_at(side, price).value();
    if (free <= 0) return;
    std::int64_t gone = free;
    if (orders > 1) {  // one of them, of a size between nothing and twice the mean
        gone = static_cast<std::int64_t>(2 * cancels_.uniform() * static_cast<double>(free) / orders);
        gone = std::clamp<std::int64_t>(gone, 1, free);
    }
    (void)book.remove(side, price, Lots{gone}, 1);
}

void Liquidity::withdraw(Book& book, Side side, std::int64_t ticks) {
    const auto start = book.best(side);
    if (!start) return;
    const std::int64_t edge = side == Side::buy ? start->price.value() - ticks : start->price.value() + ticks;
    for (;;) {
        const auto best = book.best(side);
        if (!best) return;
        if (side == Side::buy ? best->price.value() <= edge : best->price.value() >= edge) return;
        const Lots pinned = pinned_at(side, best->price);
        (void)book.remove(side, best->price, best->quantity - pinned, book.orders_at(side, best->price));
        if (pinned.value() > 0) return;
    }
}

void Liquidity::follow(Book& book, double efficient_ticks) {
    const auto bid = book.best(Side::buy);
    const auto ask = book.best(Side::sell);
    if (!bid || !ask) return;
    double beyond = 0;
    if (efficient_ticks > static_cast<double>(ask->price.value())) {
        beyond = efficient_ticks - static_cast<double>(ask->price.value());
    } else if (efficient_ticks < static_cast<double>(bid->price.value())) {
        beyond = efficient_ticks - static_cast<double>(bid->price.value());
    }
    if (beyond == 0 || (beyond > 0) != (carry_ >= 0)) carry_ = 0;
    if (beyond == 0) return;
    constexpr double kMove = .013767;  // 1 - 2^(-.02): a half-life of one second in steps of 20 ms
    carry_ += beyond * kMove / params_.follow_half_life_s;
    const auto ticks = static_cast<std::int64_t>(carry_ > 0 ? carry_ : -carry_);
    if (ticks < 1) return;
    carry_ -= carry_ > 0 ? static_cast<double>(ticks) : -static_cast<double>(ticks);
    withdraw(book, beyond > 0 ? Side::sell : Side::buy, ticks);
}

void Liquidity::tighten(Book& book, double efficient_ticks, double lots_per_quote) {
    const auto bid = book.best(Side::buy);
    const auto ask = book.best(Side::sell);
    if (bid && ask && ask->price.value() - bid->price.value() <= least_spread_) return;
    if (makers_.uniform() >= params_.tighten_probability) return;
    const double mean_lots = kMakerOrders * depth_share_ * sizes_.mean() * lots_per_quote;
    const Lots size{static_cast<std::int64_t>(std::max(1.0, std::round(mean_lots * (.5 + makers_.uniform()))))};
    constexpr int kOrders = 3;
    const auto efficient = static_cast<std::int64_t>(std::floor(efficient_ticks));
    if (!bid || !ask) {
        if (!bid)
            (void)book.add(Side::buy, Ticks{ask ? ask->price.value() - least_spread_ : efficient}, size, kOrders);
        if (!ask)
            (void)book.add(Side::sell, Ticks{bid ? bid->price.value() + least_spread_ : efficient + 1}, size,
                           kOrders);
        return;
    }
    const double middle = static_cast<double>(bid->price.value() + ask->price.value()) / 2;
    if (efficient_ticks > middle) {
        (void)book.add(Side::buy, Ticks{ask->price.value() - least_spread_}, size, kOrders);
    } else {
        (void)book.add(Side::sell, Ticks{bid->price.value() + least_spread_}, size, kOrders);
    }
}

void Liquidity::thin_out(Book& book, double share, std::int64_t spread_ticks) {
    VT_ASSERT(share > 0);
    const bool is_thinner = share < depth_share_;
    const double keep = share / depth_share_;
    depth_share_ = share;
    least_spread_ = spread_ticks;
    if (!is_thinner) return;
    for (const Side side : {Side::buy, Side::sell}) {
        std::vector<Level> levels;
        book.walk(side, [&](const Level& level) {
            levels.push_back(level);
            return true;
        });
        for (const Level& level : levels) {
            const auto gone = static_cast<std::int64_t>(static_cast<double>(level.quantity.value()) * (1 - keep));
            const std::int32_t orders = book.orders_at(side, level.price);
            (void)book.remove(side, level.price, Lots{gone}, static_cast<std::int32_t>(orders * (1 - keep)));
        }
        withdraw(book, side, spread_ticks / 2);
    }
}

void Liquidity::pin(Book& book, Side side, Ticks price, Lots quantity) {
    if (book.add(side, price, quantity)) pins_.push_back(Pin{.side = side, .price = price, .quantity = quantity});
}

void Liquidity::unpin(Book& book, Side side, Ticks price) {
    const Lots pinned = pinned_at(side, price);
    (void)book.remove(side, price, pinned, 1);
    std::erase_if(pins_, [&](const Pin& pin) { return pin.side == side && pin.price == price; });
}

void Liquidity::filled(const Book& book, Side resting, Ticks price) {
    const Lots left = book.quantity_at(resting, price);
    for (Pin& pin : pins_) {
        if (pin.side == resting && pin.price == price) pin.quantity = std::min(pin.quantity, left);
    }
    std::erase_if(pins_, [](const Pin& pin) { return pin.quantity.value() == 0; });
}

Lots Liquidity::pinned_at(Side side, Ticks price) const {
    std::int64_t sum = 0;
    for (const Pin& pin : pins_) {
        if (pin.side == side && pin.price == price) sum += pin.quantity.value();
    }
    return Lots{sum};
}

}  // namespace vt::sim
