#include "trading/margin_tier.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace vt::trading {
namespace {

constexpr Money kAny{std::numeric_limits<std::int64_t>::max()};

/// What is more than can be counted limits nothing.
Money amount_of(const Decimal& decimal) { return money_of(decimal.to_double()).value_or(kAny); }

}  // namespace

const market::MarginTier* tier_of(std::span<const market::MarginTier> tiers, Money worth) {
    const auto tier = std::ranges::find_if(
        tiers, [&](const market::MarginTier& each) { return worth <= amount_of(each.worth_max); });
    return tier == tiers.end() ? nullptr : &*tier;
}

std::optional<Money> maintenance_margin(const market::MarginTier& tier, Money worth) {
    const auto whole = times(worth, tier.maintenance_rate);
    if (!whole) return std::nullopt;
    return std::max(Money{}, *whole - amount_of(tier.maintenance_deduction));
}

double maintenance_share(const market::MarginTier& tier, Money worth) {
    const double deducted = tier.maintenance_deduction.to_double() / to_double(worth);
    return std::max(0.0, tier.maintenance_rate.to_double() - deducted);
}

std::optional<Money> worth_most_at(std::span<const market::MarginTier> tiers, double leverage) {
    std::optional<Money> most;
    for (const market::MarginTier& tier : tiers)
        if (tier.leverage_max.to_double() >= leverage) most = amount_of(tier.worth_max);
    return most;
}

}  // namespace vt::trading
