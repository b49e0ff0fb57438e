#pragma once

#include "base/time.hpp"
#include "trading/money.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace vt::risk {

/// The bars that a market's past is told in, and the span that its losses are told for.
inline constexpr Nanos kMoveInterval = std::chrono::minutes{30};
inline constexpr Nanos kShortfallHorizon = kDay;
inline constexpr std::size_t kMovesMost = 960;  ///< twenty days of them
inline constexpr std::size_t kMovesLeast = 240;
inline constexpr std::size_t kMovesToWarmUp = 20;  ///< returns that the first volatility is made of
inline constexpr double kVolatilityMemory = 0.94;  ///< RiskMetrics 1996
inline constexpr double kShortfallTail = 0.025;

/// What the price did over one interval, as a logarithm.
struct PastReturn {
    std::int64_t interval = 0;  ///< the number of its interval since 1970
    double value = 0;
};

/// One market's past as it would be with the volatility of today, taken to the horizon.
struct MarketMoves {
    std::int64_t first = 0;                    ///< the number of the oldest interval
    std::vector<std::optional<double>> moves;  ///< of the price, as fractions, ascending; absent: not known
};

/// Filtered historical simulation: each return, divided by the volatility that was expected before it and multiplied
/// by the one expected now (both exponentially weighted), times the square root of the intervals in the horizon.
///   in:     ascending, each interval once
///   out:    the newest kMovesMost intervals; null where fewer than kMovesLeast of them are known
///   cost:   O(n); allocates
///   source: Hull and White 1998; Barone-Adesi, Giannopoulos and Vosper 1999
[[nodiscard]] std::shared_ptr<const MarketMoves> filtered_moves(std::span<const PastReturn> returns);

/// What is open in one market, in worth.
struct ShortfallPart {
    const MarketMoves* moves = nullptr;  ///< null: not known
    double longs = 0;
    double shorts = 0;
};

enum class Netting : std::uint8_t {
    netted,  ///< as it stands: what one market gains is taken off what another loses
    apart,   ///< only losses: whatever part of it is closed, the rest loses no more than that
};

/// The mean of the worst fortieth of what may be lost until the horizon.
struct Shortfall {
    trading::Money amount;        ///< not negative
    std::uint32_t scenarios = 0;  ///< intervals that are known of every market
    double coverage = 1;          ///< of kMovesMost; of nothing open 1
};

/// The expected shortfall at 97.5 % of everything together: the same interval of the past for all markets, so that
/// they move together as they did.
///   in:     worth not negative, in the account's currency
///   out:    absent where fewer than kMovesLeast intervals are known of every market, or it does not fit
///   cost:   O(markets x intervals); allocates
///   source: Acerbi and Tasche 2002; 97.5 %: Basel Committee, minimum capital requirements for market risk 2019
[[nodiscard]] std::optional<Shortfall> expected_shortfall(std::span<const ShortfallPart> parts, Netting netting);

/// The mean of the largest `tail` of the losses, the last of them in part. Puts them into another order.
///   in: not empty; 0 < tail <= 1
[[nodiscard]] double mean_of_largest(std::span<double> losses, double tail);

}  // namespace vt::risk
