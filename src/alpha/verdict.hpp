#pragma once

#include "alpha/params.hpp"
#include "base/time.hpp"
#include "market/event.hpp"
#include "signals/gates.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::alpha {

/// Points from 50 at which a strategy's own threshold lies: 70 for long, 30 for short.
inline constexpr double kThresholdDistance = 20;

/// A strength on the score's scale: 50 + 50 (1 - .6^(|figure|/threshold)) towards the figure's sign. At the threshold
/// it is 70 or 30, at twice the threshold 82 or 18, and it never reaches the ends.
///   in:  threshold > 0
///   out: 0..100
[[nodiscard]] double strength(double figure, double threshold);

/// What a strategy found: all of its conditions are met.
struct Finding {
    market::Side side = market::Side::buy;
    double score = 50;  ///< strength() of its figure, on the score's scale
    Nanos horizon{};    ///< how long what it expects is waited for
    std::vector<std::string> reasons;
};

/// What a strategy says of one instrument at a closed minute, and why it says no more.
struct Verdict {
    Strategy strategy = Strategy::lead_lag;
    std::optional<double>
        figure;           ///< the main figure with the side's sign, in units of the threshold; absent: unknown
    double score = 50;    ///< strength() of the figure, whether or not the conditions are met; 50: unknown
    double coverage = 0;  ///< share of the evidence that is alive
    std::vector<signals::Gate> conditions;  ///< in the order in which they are judged; names and units are literals
    std::optional<Finding> finding;
};

/// Makes the verdict: the finding is there where every condition passes and the figure leans to a side.
///   in: `verdict` with its conditions and coverage; `figure` with the side's sign; `threshold` > 0
void conclude(Verdict& verdict, const std::optional<double>& figure, double threshold, Nanos horizon,
              std::vector<std::string> reasons);

/// A verdict of an instrument that the strategy does not apply to, or of which nothing was measured yet.
[[nodiscard]] Verdict not_applicable(Strategy strategy);
[[nodiscard]] Verdict not_measured(Strategy strategy);

}  // namespace vt::alpha
