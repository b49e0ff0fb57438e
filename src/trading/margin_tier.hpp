#pragma once

#include "market/instrument.hpp"
#include "trading/money.hpp"

#include <optional>
#include <span>

namespace vt::trading {

/// The tier of a position of this worth. in: ascending by worth. out: null where there is none so large
[[nodiscard]] const market::MarginTier* tier_of(std::span<const market::MarginTier> tiers, Money worth);

/// The margin that a position of this worth has to keep: worth x rate - deduction, rounded half to even.
///   out: not negative; absent where it does not fit
[[nodiscard]] std::optional<Money> maintenance_margin(const market::MarginTier& tier, Money worth);

/// The same as a share of the worth. in: worth positive
[[nodiscard]] double maintenance_share(const market::MarginTier& tier, Money worth);

/// What a position may be worth at this leverage. in: ascending by worth
///   out: absent where no tier has so much leverage
[[nodiscard]] std::optional<Money> worth_most_at(std::span<const market::MarginTier> tiers, double leverage);

}  // namespace vt::trading
