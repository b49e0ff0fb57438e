#pragma once

#include "risk/pre_trade.hpp"
#include "signals/signal.hpp"
#include "track_record/strategy_edge.hpp"

#include <optional>

namespace vt::engine {

/// What a signal's calibrated probability means as a bet: win is the first target for the whole position, everything
/// else, an expiry included, counts as the loss of the stop; both with the costs of the round trip. The later targets
/// and what an expiry saves are not counted, so it says less than what is likely.
///   out:    absent without a probability that enough outcomes stand behind, or without levels; the interval is
///           Wilson's at 90 %, of the outcomes behind the signal's strength
///   source: docs/risk.md
[[nodiscard]] std::optional<risk::WinChance> win_chance(const signals::Signal& signal,
                                                        const track_record::StrategyEdge& edge);

/// How far the strategy has fallen behind its claims. out: absent before outcomes are watched
[[nodiscard]] std::optional<risk::EdgeHealth> edge_health(const track_record::StrategyEdge& edge);

}  // namespace vt::engine
