#include "paper/margin.hpp"

#include "base/assert.hpp"
#include "trading/margin_tier.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace vt::paper {
namespace {

using trading::Money;

constexpr Decimal kFineTick{1, 8};

bool is_long(const trading::Position& position) { return position.side() == market::Side::buy; }

/// A tier in plain numbers, from above `least` to `most`.
struct Band {
    double least = 0;
    double most = std::numeric_limits<double>::infinity();
    double rate = 0;
    double deduction = 0;
};

std::vector<Band> bands_of(const market::Instrument& instrument, const MarginParams& params) {
    std::vector<Band> bands;
    bands.reserve(instrument.margin_tiers.size() + 1);
    for (const market::MarginTier& tier : instrument.margin_tiers)
        bands.push_back({.least = bands.empty() ? 0 : bands.back().most,
                         .most = tier.worth_max.to_double(),
                         .rate = tier.maintenance_rate.to_double(),
                         .deduction = tier.maintenance_deduction.to_double()});
    if (bands.empty()) bands.push_back({.rate = maintenance_rate(instrument, params).to_double()});
    bands.back().most = std::numeric_limits<double>::infinity();
    return bands;
}

/// The highest worth up to the cost at which a long is liquidated: margin + worth - cost = worth x rate - deduction
/// in its band, or the band's upper end where that lies above it.
std::optional<double> worth_below(const std::vector<Band>& bands, double cost, double margin) {
    for (auto band = bands.rbegin(); band != bands.rend(); ++band) {
        if (band->least >= cost) continue;
        const double worth = (cost - margin - band->deduction) / (1 - band->rate);
        if (worth > band->least) return std::min({worth, band->most, cost});
    }
    return std::nullopt;
}

/// The lowest from the cost on at which a short is, likewise.
std::optional<double> worth_above(const std::vector<Band>& bands, double cost, double margin) {
    for (const Band& band : bands) {
        if (band.most < cost) continue;
        const double worth = (cost + margin + band.deduction) / (1 + band.rate);
        if (worth <= band.most) return std::max({worth, band.least, cost});
    }
    return std::nullopt;
}

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

std::optional<Money> maintenance_of(const market::Instrument& instrument, const MarginParams& params, Money value) {
    const auto& tiers = instrument.margin_tiers;
    if (tiers.empty()) return trading::times(value, maintenance_rate(instrument, params));
    const auto* const tier = trading::tier_of(tiers, value);
    return trading::maintenance_margin(tier == nullptr ? tiers.back() : *tier, value);
}

bool is_liquidated(const trading::Position& position, Money margin, Money value, Money maintenance) {
    if (position.is_flat()) return false;
    const Money cost = position.facts().cost;
    const Money gain = is_long(position) ? value - cost : cost - value;
    return margin + gain < maintenance;
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
                                        Money margin, const MarginParams& params) {
    if (position.is_flat()) return std::nullopt;
    const double quantity = instrument.quantity(position.size()) * instrument.contract_size.to_double();
    const double cost = to_double(position.facts().cost);
    const std::vector<Band> bands = bands_of(instrument, params);
    const auto worth =
        is_long(position) ? worth_below(bands, cost, to_double(margin)) : worth_above(bands, cost, to_double(margin));
    if (!worth || *worth <= 0) return std::nullopt;
    return *worth / quantity;
}

}  // namespace vt::paper
