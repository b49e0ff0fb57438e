#include "risk/sizing.hpp"

#include "risk/equity_share.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vt::risk {
namespace {

using trading::Money;
using Wide = __int128;

constexpr Nanos kYear = 365 * kDay;
/// Beyond it a double no longer tells neighbours apart, and no venue takes so many lots.
constexpr double kCountedLotsMax = 9e15;
/// Whole units of the account's currency: what an amount can hold.
constexpr double kWorthMax = 9e10;

Wide power_of_ten(int exponent) {
    Wide power = 1;
    for (int i = 0; i < exponent; ++i) power *= 10;
    return power;
}

/// A decimal in lots, as the fraction numerator / denominator.
struct Fraction {
    Wide numerator;
    Wide denominator;
    [[nodiscard]] std::optional<Lots> rounded_down() const { return fitting(numerator / denominator); }
    [[nodiscard]] std::optional<Lots> rounded_up() const {
        return fitting((numerator + denominator - 1) / denominator);
    }
    [[nodiscard]] static std::optional<Lots> fitting(Wide count) {
        if (count > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
        return Lots{static_cast<std::int64_t>(count)};
    }
};

/// in: quantity not negative, lot positive. Scales of both reach 18 at most, so that the products fit
Fraction in_lots(Decimal quantity, Decimal lot) {
    const int excess = quantity.scale - lot.scale;
    return excess >= 0 ? Fraction{quantity.mantissa, lot.mantissa * power_of_ten(excess)}
                       : Fraction{quantity.mantissa * power_of_ten(-excess), lot.mantissa};
}

/// The coarsest step that applies. out: absent where one is not a whole number of lots
std::optional<Lots> step_of(const market::Instrument& instrument, trading::OrderKind kind) {
    const market::OrderLimits& limits = instrument.limits;
    const bool is_market = kind != trading::OrderKind::limit;
    Lots coarsest{1};
    for (const auto& step : {limits.quantity_step, is_market ? limits.market_lot_size : std::nullopt}) {
        if (!step || step->mantissa <= 0) continue;
        const Fraction lots = in_lots(*step, instrument.lot_size);
        const auto whole = lots.rounded_down();
        if (!whole || *whole < Lots{1} || lots.numerator % lots.denominator != 0) return std::nullopt;
        coarsest = std::max(coarsest, *whole);
    }
    return coarsest;
}

/// The largest number of whole steps that `fits`, near a guess: the guess is of doubles, what decides is exact.
template <class Fits>
Lots largest(double guess, Lots step, Fits fits) {
    if (!(guess > 0)) return Lots{};
    const double steps = std::floor(std::min(guess, kCountedLotsMax) / static_cast<double>(step.value()));
    Lots quantity{static_cast<std::int64_t>(steps) * step.value()};
    if (fits(quantity + step)) quantity += step;
    while (quantity > Lots{} && !fits(quantity)) quantity -= step;
    return quantity;
}

/// What a round trip costs, as a fraction. A rebate is no reason for a larger trade; what is no number stays none,
/// and no size fits it.
double cost_share(const TradePlan& plan) {
    const double share = plan.costs.round_trip_bps() * 1e-4;
    return share < 0 ? 0 : share;
}

/// Lots that lose no more than an amount at the stop.
Lots within_loss(const SizeInputs& in, Money loss) {
    const market::Instrument& instrument = in.instrument;
    const double entry = instrument.price(in.plan.entry);
    const double way = std::abs(entry - instrument.price(in.plan.stop));
    const double lot = instrument.lot() * instrument.contract_size.to_double();
    const double guess = to_double(loss) / ((way + entry * cost_share(in.plan)) * lot);
    return largest(std::min(guess, kWorthMax / (entry * lot)), in.limits.step, [&](Lots quantity) {
        const auto lost = loss_at_stop(instrument, in.plan, quantity);
        return lost && *lost <= loss;
    });
}

/// Lots that are worth no more than an amount.
Lots within_worth(const SizeInputs& in, Ticks price, Money amount) {
    const double for_each =
        in.instrument.price(price) * in.instrument.lot() * in.instrument.contract_size.to_double();
    return largest(to_double(amount) / for_each, in.limits.step, [&](Lots quantity) {
        const auto worth = trading::notional_of(in.instrument, price, quantity);
        return worth && *worth <= amount;
    });
}

}  // namespace

std::string_view name(SizeRule rule) {
    switch (rule) {
        case SizeRule::stop_risk: return "stop_risk";
        case SizeRule::volatility: return "volatility";
        case SizeRule::kelly: return "kelly";
        case SizeRule::position_room: return "position_room";
        case SizeRule::venue_maximum: return "venue_maximum";
    }
    return "unknown";
}

std::optional<QuantityLimits> quantity_limits(const market::Instrument& instrument, trading::OrderKind kind) {
    const market::OrderLimits& limits = instrument.limits;
    if (instrument.lot_size.mantissa <= 0 || instrument.tick_size.mantissa <= 0) return std::nullopt;
    if (!limits.quantity_min || !limits.notional_min || limits.quantity_min->mantissa < 0) return std::nullopt;
    const auto step = step_of(instrument, kind);
    const auto least = in_lots(*limits.quantity_min, instrument.lot_size).rounded_up();
    if (!step || !least) return std::nullopt;
    QuantityLimits found{.step = *step};
    const std::int64_t steps = std::max<std::int64_t>(1, (least->value() + step->value() - 1) / step->value());
    found.least = Lots{steps * step->value()};
    const bool is_market = kind != trading::OrderKind::limit;
    const auto& most = is_market && limits.market_quantity_max ? limits.market_quantity_max : limits.quantity_max;
    if (most) {
        const auto lots = in_lots(*most, instrument.lot_size).rounded_down();
        if (lots) found.most = found.rounded_down(*lots);
    }
    return found;
}

std::optional<Money> loss_at_stop(const market::Instrument& instrument, const TradePlan& plan, Lots quantity) {
    const Ticks way = plan.entry > plan.stop ? plan.entry - plan.stop : plan.stop - plan.entry;
    const auto moved = trading::notional_of(instrument, way, quantity);
    const auto worth = trading::notional_of(instrument, plan.entry, quantity);
    if (!moved || !worth) return std::nullopt;
    const auto costs = at_least_times(*worth, cost_share(plan));
    std::int64_t loss = 0;
    if (!costs || __builtin_add_overflow(moved->value(), costs->value(), &loss)) return std::nullopt;
    return Money{loss};
}

Sizing size_of(const SizeInputs& in, const Params& params) {
    Sizing sizing;
    const auto allow = [&](SizeRule rule, Lots quantity) {
        sizing.allowed[static_cast<std::size_t>(rule)] = quantity;
    };
    allow(SizeRule::stop_risk, within_loss(in, share_of(in.equity, params.risk_share * in.multiplier)));
    if (in.annual_volatility && *in.annual_volatility > 0) {
        const double weight =
            std::min(params.volatility_target / *in.annual_volatility, params.volatility_weight_max);
        allow(SizeRule::volatility, within_worth(in, in.plan.entry, share_of(in.equity, weight * in.multiplier)));
    }
    if (in.plan.chance) {
        const double share = kelly_share(*in.plan.chance, params.kelly_fraction);
        const Money whole = share_of(in.equity, share * in.multiplier);
        const Money left = in.related_risk ? std::max(Money{}, whole - *in.related_risk) : Money{};
        allow(SizeRule::kelly, within_loss(in, left));
    }
    allow(SizeRule::position_room, within_worth(in, in.mark, in.room));
    if (in.limits.most) allow(SizeRule::venue_maximum, *in.limits.most);

    std::optional<Lots> smallest;
    for (std::size_t rule = 0; rule < kSizeRules; ++rule) {
        const auto& quantity = sizing.allowed[rule];
        if (!quantity || (smallest && *smallest <= *quantity)) continue;
        smallest = quantity;
        sizing.bound_by = static_cast<SizeRule>(rule);
    }
    sizing.quantity = smallest.value_or(Lots{});
    return sizing;
}

double annualised(double deviation, Nanos span) {
    return deviation * std::sqrt(static_cast<double>(kYear.count()) / static_cast<double>(span.count()));
}

double square_root_impact(double volatility, double order, double volume, double coefficient) {
    return coefficient * volatility * std::sqrt(order / volume);
}

}  // namespace vt::risk
