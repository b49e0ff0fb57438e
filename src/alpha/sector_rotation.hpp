#pragma once

#include "alpha/params.hpp"
#include "alpha/residuals.hpp"
#include "alpha/verdict.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::alpha {

struct Facts;

/// What one coin did by itself over the last four hours.
struct OwnMove {
    double move = 0;  ///< in sd of a walk; + up
    double coverage = 0;
};
///   out: absent for fewer bars than kMinBars and four hours. cost: O(n)
[[nodiscard]] std::optional<OwnMove> measure_own_move(const Bars& five_minutes);

/// The other coins of a coin's sector, beside all coins.
struct SectorMove {
    std::string_view sector;  ///< a text of Params
    double others = 0;        ///< mean move of the others of the sector beyond that of all coins, in sd of one
    double rotation = 0;      ///< the same in sd of such a mean
    double own = 0;           ///< the coin's own, beyond that of all coins
    std::size_t coins = 0;    ///< the others
    double p = 1;
    std::optional<double> q = {};  ///< corrected for all instruments that were measured with it
    double coverage = 0;
};
/// One coin of a venue and its move.
struct CoinMove {
    std::string_view coin;
    OwnMove move;
};
///   mean of n others divided by sqrt((1 + (n - 1) rho)/n): coins of one sector move together also where none rotates
///   in:     `coins` one for each coin, in any fixed order; `coin` among them
///   out:    absent where the coin has no sector or too few others of it are known
///   cost:   O(coins x coins of the sector)
///   source: Kish 1965 (the design effect)
[[nodiscard]] std::optional<SectorMove> measure_sector(std::string_view coin, const std::vector<CoinMove>& coins,
                                                       const Params& params);

/// Where a sector's coins moved together, the one of them that lags behind follows.
///   figure:  the others' mean move in sd of such a mean; the side is theirs
///   errs:    a sector is a list that somebody made (configuration); a coin may lag for a reason of its own
///   cost:    O(1)
///   source:  docs/alpha.md
[[nodiscard]] Verdict judge_sector_rotation(const Facts& facts, const Params& params);

}  // namespace vt::alpha
