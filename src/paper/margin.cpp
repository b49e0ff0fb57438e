#include "paper/margin.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vt::paper {
namespace {

using trading::Money;

constexpr Decimal kFineTick{1, 8};

bool is_long(const trading::Position& position) { return position.side() == market::Side::buy; }

}  // namespace

Decimal maintenance_rate(const market::Instrument& instrument, const MarginParams& params) {
    if (!instrument.limits.leverage_max) return params.maintenance;
    const double highest = instrument.limits.leverage_max->to_double();
    if (highest < 1) return params.maintenance;
    return trading::rate_of(1 / (2 * highest)).value_or(params.maintenance);
}

std::optional<Money> value_at(const market::Instrument& instrument, double price, Lots quantity) {
    const double steps = std::nearbyint(price * 1e8);
    if (!(steps >= 1 && steps < 9e18)) return std::nullopt;
    market::Instrument fine;  // the terms that count, without the names
    fine.category = instrument.category;
    fine.tick_size = kFineTick;
    fine.lot_size = instrument.lot_size;
    fine.contract_size = instrument.contract_size;
    return trading::notional_of(fine, Ticks{static_cast<std::int64_t>(steps)}, quantity);
}

bool is_liquidated(const trading::Position& position, Money margin, Money value, Decimal rate) {
    if (position.is_flat()) return false;
    const Money cost = position.facts().cost;
    const Money gain = is_long(position) ? value - cost : cost - value;
    return margin + gain < trading::times(value, rate).value_or(Money{});
}

Ticks bankruptcy_price(const market::Instrument& instrument, const trading::Position& position, Money margin) {
    VT_ASSERT(!position.is_flat());
    const Money cost = position.facts().cost;
    const Money worth = is_long(position) ? std::max(Money{}, cost - margin) : cost + margin;
    constexpr Money kMost{std::numeric_limits<std::int64_t>::max()};
    const auto value_of = [&](std::int64_t price) {
        return trading::notional_of(instrument, Ticks{price}, position.size()).value_or(kMost);
    };
    const double of_one_tick =
        instrument.tick() * instrument.quantity(position.size()) * instrument.contract_size.to_double();
    auto price = std::max(std::int64_t{1}, static_cast<std::int64_t>(to_double(worth) / of_one_tick));
    if (is_long(position)) {  // the lowest price that brings as much as that
        while (value_of(price) < worth) ++price;
        while (price > 1 && value_of(price - 1) >= worth) --price;
    } else {  // the highest that costs no more
        while (price > 1 && value_of(price) > worth) --price;
        while (value_of(price + 1) <= worth) ++price;
    }
    return Ticks{price};
}

std::optional<double> liquidation_price(const market::Instrument& instrument, const trading::Position& position,
                                        Money margin, Decimal rate) {
    if (position.is_flat()) return std::nullopt;
    const double quantity = instrument.quantity(position.size()) * instrument.contract_size.to_double();
    const double cost = to_double(position.facts().cost);
    const double share = rate.to_double();
    const double worth =
        is_long(position) ? (cost - to_double(margin)) / (1 - share) : (cost + to_double(margin)) / (1 + share);
    if (worth <= 0) return std::nullopt;
    return worth / quantity;
}

}  // namespace vt::paper
