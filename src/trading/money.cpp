#include "trading/money.hpp"

#include "base/assert.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace vt::trading {
namespace {

using Wide = __int128;

constexpr int kPowers = 39;
constexpr auto kPow10 = [] {
    std::array<Wide, kPowers> powers{};
    Wide power = 1;
    for (auto& each : powers) {
        each = power;
        if (&each != &powers.back()) power *= 10;
    }
    return powers;
}();

/// numerator / denominator, half to even. in: denominator positive
Wide divided(Wide numerator, Wide denominator) {
    Wide quotient = numerator / denominator;
    const Wide rest = numerator % denominator;
    const Wide twice = (rest < 0 ? -rest : rest) * 2;
    if (twice > denominator || (twice == denominator && quotient % 2 != 0)) quotient += numerator < 0 ? -1 : 1;
    return quotient;
}

std::optional<Money> fitting(Wide amount) {
    if (amount > std::numeric_limits<std::int64_t>::max() || amount < -std::numeric_limits<std::int64_t>::max())
        return std::nullopt;
    return Money{static_cast<std::int64_t>(amount)};
}

/// value x 10^-scale in steps of money.
std::optional<Money> at_scale(Wide value, int scale) {
    if (scale <= kMoneyScale) {
        Wide product = 0;
        if (__builtin_mul_overflow(value, kPow10[static_cast<std::size_t>(kMoneyScale - scale)], &product))
            return std::nullopt;
        return fitting(product);
    }
    const int excess = scale - kMoneyScale;
    if (excess >= kPowers) return Money{};
    return fitting(divided(value, kPow10[static_cast<std::size_t>(excess)]));
}

}  // namespace

std::string to_string(Money amount) {
    std::int64_t mantissa = amount.value();
    std::int8_t scale = kMoneyScale;
    while (scale > 0 && mantissa % 10 == 0) {
        mantissa /= 10;
        --scale;
    }
    return Decimal{mantissa, scale}.to_string();
}

std::optional<Money> money_of(double amount) {
    const double steps = std::nearbyint(amount * static_cast<double>(kMoneyPerUnit));
    if (!(std::abs(steps) < 9e18)) return std::nullopt;
    return Money{static_cast<std::int64_t>(steps)};
}

std::optional<Money> scaled(Money amount, std::int64_t numerator, std::int64_t denominator) {
    return fitting(divided(Wide{amount.value()} * numerator, denominator));
}

std::optional<Money> times(Money amount, Decimal rate) {
    return at_scale(Wide{amount.value()} * rate.mantissa, kMoneyScale + rate.scale);
}

std::optional<Decimal> rate_of(double fraction) {
    constexpr std::int8_t kDigits = 10;
    if (!(std::abs(fraction) <= 1)) return std::nullopt;
    return Decimal{static_cast<std::int64_t>(std::nearbyint(fraction * 1e10)), kDigits};
}

std::optional<Money> notional_of(const market::Instrument& instrument, Ticks price, Lots quantity) {
    if (instrument.category == market::Category::inverse) return std::nullopt;
    Wide value = Wide{price.value()} * instrument.tick_size.mantissa;
    const Wide lots = Wide{quantity.value()} * instrument.lot_size.mantissa;
    if (__builtin_mul_overflow(value, lots, &value) ||
        __builtin_mul_overflow(value, Wide{instrument.contract_size.mantissa}, &value))
        return std::nullopt;
    return at_scale(value, instrument.tick_size.scale + instrument.lot_size.scale + instrument.contract_size.scale);
}

Money initial_margin(Money worth, std::uint32_t leverage) {
    VT_ASSERT(leverage > 0 && worth >= Money{});
    const std::int64_t parts = leverage;
    return Money{worth.value() / parts + (worth.value() % parts == 0 ? 0 : 1)};
}

}  // namespace vt::trading
