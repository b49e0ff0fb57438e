#include "trading/position.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <string>

namespace vt::trading {

Result<void> Position::apply(const Fill& fill, const market::Instrument& instrument) {
    VT_ASSERT(fill.quantity > Lots{});
    const bool closes = !is_flat() && fill.side != side();
    const Lots closed = closes ? std::min(fill.quantity, size()) : Lots{};
    const Lots opened = fill.quantity - closed;
    const auto closed_value = notional_of(instrument, fill.price, closed);
    const auto opened_value = notional_of(instrument, fill.price, opened);
    if (!closed_value || !opened_value)
        return fail(Errc::out_of_range,
                    "fill of " + instrument.symbol + ": its value cannot be kept in the account's currency");
    // the last lot takes what is left, so that no rest of a rounding stays behind
    const Money freed =
        closed == Lots{} ? Money{} : scaled(facts_.cost, closed.value(), size().value()).value_or(Money{});
    if (closes) facts_.realised += side() == market::Side::buy ? *closed_value - freed : freed - *closed_value;
    facts_.cost += *opened_value - freed;
    facts_.fees += fill.fee;
    facts_.net += fill.side == market::Side::buy ? fill.quantity : -fill.quantity;
    return {};
}

std::optional<double> Position::average_price(const market::Instrument& instrument) const {
    if (is_flat()) return std::nullopt;
    return to_double(facts_.cost) / (instrument.quantity(size()) * instrument.contract_size.to_double());
}

std::optional<Money> Position::unrealised(const market::Instrument& instrument, Ticks price) const {
    if (is_flat()) return Money{};
    const auto worth = notional_of(instrument, price, size());
    if (!worth) return std::nullopt;
    return side() == market::Side::buy ? *worth - facts_.cost : facts_.cost - *worth;
}

}  // namespace vt::trading
