#pragma once

#include "alpha/strategies.hpp"
#include "views/gate_view.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace vt::views {

/// What a strategy beside the score says of a market as of the last closed minute, in words.
struct StrategyView {
    std::string_view strategy;
    std::string_view mode;               ///< "on" or "shadow"
    std::optional<double> figure;        ///< in its own thresholds, + long; absent: not known
    std::optional<double> score;         ///< the same on the score's scale
    double coverage = 0;                 ///< share of its evidence that is alive
    bool passes = false;                 ///< nothing stands between it and a signal
    std::optional<GateView> stopped_by;  ///< what does
    std::string reason;                  ///< of the one or the other
};
[[nodiscard]] StrategyView strategy_view(const alpha::Judgement& judged);

}  // namespace vt::views
