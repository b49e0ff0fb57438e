#pragma once

#include "analysis/regime_tracker.hpp"
#include "confluence/weights.hpp"

#include <array>
#include <optional>

namespace vt::confluence {

/// What kind of market it is, as far as is known.
struct Regime {
    analysis::MarketState market;
    std::optional<double> p_stress;    ///< 1/(1 + e^-((PR(RV) - 90)/3))
    std::optional<double> p_trend;     ///< 1/(1 + e^-((efficiency - .35)/.05))
    std::optional<RegimeLabel> label;  ///< with hysteresis; absent until both are known, unless it is stressed
};

/// How likely each kind is: stressed p_stress, trending (1 - p_stress) p_trend, calm the rest; adds up to 1.
///   out: absent until both are known
[[nodiscard]] std::optional<std::array<double, kRegimeCount>> probabilities(const Regime& regime);

/// How likely the kind is that the label names. out: absent without a label, or while that is not known
[[nodiscard]] std::optional<double> probability_of_label(const Regime& regime);

/// The label with its memory: a kind is entered at .7 and left below .4; stressed goes before trending.
class RegimeFilter {
public:
    static constexpr double kEnter = 0.7;
    static constexpr double kLeave = 0.4;

    [[nodiscard]] Regime update(const analysis::MarketState& market);

private:
    bool is_stressed_ = false;
    bool is_trending_ = false;
};

}  // namespace vt::confluence
