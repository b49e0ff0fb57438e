#pragma once

#include "base/decimal.hpp"
#include "base/strong.hpp"
#include "market/instrument.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace vt::trading {

/// An amount of the account's currency, counted in hundred-millionths of it: up to 92 billion either way, exactly.
using Money = Strong<struct MoneyTag, std::int64_t>;
inline constexpr int kMoneyScale = 8;
inline constexpr std::int64_t kMoneyPerUnit = 100'000'000;

[[nodiscard]] constexpr double to_double(Money amount) {
    return static_cast<double>(amount.value()) / static_cast<double>(kMoneyPerUnit);
}
/// "-12.5": without zeros at the end.
[[nodiscard]] std::string to_string(Money amount);
/// The nearest amount. out: absent for what is not finite or does not fit
[[nodiscard]] std::optional<Money> money_of(double amount);

/// amount x numerator / denominator, rounded half to even: what a share of a position cost.
///   in:  denominator positive; the result fits where numerator <= denominator
///   out: absent where it does not fit
[[nodiscard]] std::optional<Money> scaled(Money amount, std::int64_t numerator, std::int64_t denominator);

/// amount x rate, rounded half to even: fees and funding. out: absent where it does not fit
[[nodiscard]] std::optional<Money> times(Money amount, Decimal rate);

/// A fraction that the market states as a double (funding), as the decimal that the venue wrote: to ten digits.
///   out: absent where it is not finite, or above 1 either way
[[nodiscard]] std::optional<Decimal> rate_of(double fraction);

/// What so many lots of a linear or spot instrument are worth at a price. Exact where steps and contract size have
/// eight digits together at most, as those of the venues have; else rounded half to even.
///   in:  price and quantity not negative
///   out: absent where it does not fit, and of inverse contracts, whose account is kept in another coin
///   cost: O(1), does not allocate
[[nodiscard]] std::optional<Money> notional_of(const market::Instrument& instrument, Ticks price, Lots quantity);

/// What has to be set aside for a position of that worth, rounded up. in: worth not negative, leverage at least 1
[[nodiscard]] Money initial_margin(Money worth, std::uint32_t leverage);

}  // namespace vt::trading
