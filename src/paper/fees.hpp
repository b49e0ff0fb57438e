#pragma once

#include "base/decimal.hpp"
#include "market/instrument.hpp"
#include "trading/money.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace vt::paper {

/// What each execution costs, as a share of its value.
struct FeeRates {
    Decimal maker{2, 4};   ///< of what rested in the book
    Decimal taker{55, 5};  ///< of what met it, and of a liquidation
    bool operator==(const FeeRates&) const = default;
};

/// One level of a venue's fee schedule for linear contracts.
struct FeeTier {
    std::string_view name;
    FeeRates rates;
};

/// The published schedule, from what every account pays to the least. An account's region may have another.
///   source: Bybit, help centre, "Trading fee structure" (perpetual and futures contracts); Binance, USDT-margined
///   futures, the regular user's row alone
[[nodiscard]] std::span<const FeeTier> fee_tiers(market::Venue venue);
/// out: absent where the venue has no tier of that name
[[nodiscard]] std::optional<FeeRates> fee_rates(market::Venue venue, std::string_view tier);

/// The fee of an execution, rounded half to even. in: rates below 1
[[nodiscard]] trading::Money fee_of(const FeeRates& rates, trading::Money value, bool is_maker);

}  // namespace vt::paper
