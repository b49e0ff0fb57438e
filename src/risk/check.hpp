#pragma once

#include "base/json_writer.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::risk {

/// Why an order is not sent, in the order in which it is asked. The names are written down: never change one.
enum class DenialCode : std::uint8_t {
    // the program and the account
    limits_contradict,
    halted,
    reducing,
    account_unknown,
    equity_stale,
    equity_spent,
    stop_unconfirmed,
    duplicate_order,
    // losses
    daily_loss,
    weekly_loss,
    loss_cooldown,
    edge_decayed,
    // the market and the way to it
    not_tradable,
    contract_unsupported,
    filters_missing,
    venue_degraded,
    latency_high,
    book_stale,
    mark_stale,
    spread_wide,
    // the trade
    position_opposed,
    stop_missing,
    stop_side,
    volatility_unknown,
    no_edge,
    cost_high,
    size_below_lot,
    size_off_step,
    size_above_allowed,
    notional_below_min,
    // what would be open with it
    open_risk,
    max_position,
    max_cluster,
    max_net,
    max_gross,
    max_beta,
    max_shortfall,
    max_positions,
    max_orders,
    // margin
    liquidation_near,
    margin_short,
    margin_tier,
    // an order that only reduces
    not_reducing,
};
inline constexpr std::size_t kDenialCodes = static_cast<std::size_t>(DenialCode::not_reducing) + 1;

/// "MAX_GROSS".
[[nodiscard]] std::string_view name(DenialCode code);
/// What can be done about it, in words.
[[nodiscard]] std::string_view remedy(DenialCode code);

/// One question between a signal and an order. All are asked; each that is not answered by yes is a denial.
struct Check {
    DenialCode code = DenialCode::limits_contradict;
    std::optional<double> value;
    std::optional<double> limit;
    std::string_view unit;       ///< of value and limit
    std::optional<bool> passes;  ///< absent: what it asks for is not known, which denies too
    bool is_ceiling = false;     ///< the value must not exceed the limit; else it must reach it
    /// How far the value is on the good side of the limit; negative beyond it.
    [[nodiscard]] std::optional<double> distance() const;
    [[nodiscard]] bool denies() const { return !passes.value_or(false); }
};

/// The value has to reach the limit.
[[nodiscard]] Check at_least(DenialCode code, std::optional<double> value, double limit, std::string_view unit);
/// The value must not exceed the limit.
[[nodiscard]] Check at_most(DenialCode code, std::optional<double> value, double limit, std::string_view unit);
/// The value must not reach the limit.
[[nodiscard]] Check below(DenialCode code, std::optional<double> value, double limit, std::string_view unit);
/// A question without a figure.
[[nodiscard]] Check asked(DenialCode code, std::optional<bool> passes, std::string_view unit);

/// "2.31 of the equity, at most 2".
[[nodiscard]] std::string figures(const Check& check);
/// "MAX_GROSS: 2.31 of the equity, at most 2: close a position or wait; limit gross_max".
[[nodiscard]] std::string words(const Check& check);

/// Writes them as a JSON array, with name, value, limit, unit, passes, distance and, where it denies, the remedy.
void write_checks(JsonWriter& out, const std::vector<Check>& checks);

}  // namespace vt::risk
