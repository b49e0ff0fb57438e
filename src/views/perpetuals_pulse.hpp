#pragma once

#include "views/snapshot.hpp"

#include <cstdint>
#include <optional>

namespace vt::views {

/// The market of perpetual contracts in a few numbers: over one perpetual for each coin, where that is the coin's
/// preferred instrument.
struct PerpetualsPulse {
    std::uint32_t coins_count = 0;
    std::optional<double> funding_rate;       ///< mean, a fraction for each contract's interval
    std::optional<double> funding_zscore;     ///< mean of the contracts', each among its own last 30 days
    std::optional<double> long_pct;           ///< mean share of the accounts that hold the contract and are long
    std::optional<double> open_interest_usd;  ///< sum, one side
    std::optional<double> volume_24h_usd;     ///< sum
    std::optional<double> basis_pct;          ///< mean of ln(mid/mid of the coin's spot market on its venue), percent
};

/// cost: O(rows + coins)
[[nodiscard]] PerpetualsPulse perpetuals_pulse(const Snapshot& snapshot);

}  // namespace vt::views
