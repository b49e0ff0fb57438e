#pragma once

#include "analysis/leaf.hpp"
#include "analysis/machine_learning/model_card.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace vt::analysis::machine_learning {

/// What a promoted model says of one closed minute. All in log odds: of the upper barrier being reached first.
struct Prediction {
    double log_odds = 0;        ///< l, calibrated
    std::vector<double> terms;  ///< phi_j, by the card's features: their shares of the margin above the base rate
    double missing_share = 0;   ///< of the features, 0..1
    /// t of the log loss gained over the base rate, by errors that allow for overlap; absent: not known
    std::optional<double> skill_t;
    std::optional<Nanos> age;  ///< since the end of the minute
    std::uint64_t source_sequence = 0;
};

/// A feature's share in what the model says, or what several share.
struct ModelTerm {
    std::string_view name;  ///< the card's feature, "other" or "calibration"; valid as long as the card
    double phi = 0;
    double points = 0;
};

/// Log odds to a score: z = (l - l0)/scale, s = 50 + 50 tanh(z/2), z clipped to +-4. A model's skill is its coverage,
/// so one without any moves nothing, however loud it is.
///   coverage: clamp(t/3, 0, 1), by age like closed minutes
///   out:      absent (flag no_input) where more than a fifth of the features is missing, or a number is none
class ModelOpinion {
public:
    static constexpr std::size_t kShown = 10;
    static constexpr double kMaxMissing = 0.2;
    static constexpr double kFullSkill = 3;  ///< t

    [[nodiscard]] static Component describe();
    /// in: a card without faults; as many terms as it has features
    static void evaluate(const ModelCard& card, const Prediction& prediction, Component& component);
    /// Where the points come from: the kShown largest terms, then "other" (the rest) and "calibration" (what the
    /// terms leave of l - l0). They add up to gain (s - 50); where z is clipped all shrink by the same factor.
    ///   in:  `gain` W c, the points of the score for one of the leaf's
    ///   out: W c (50 tanh(z/2)/z)(phi_j/scale) each
    [[nodiscard]] static std::vector<ModelTerm> terms_of(const ModelCard& card, const Prediction& prediction,
                                                         double gain);
};

/// clamp(t/3, 0, 1); 0 where t is not known.
[[nodiscard]] double skill_coverage(const std::optional<double>& skill_t);

}  // namespace vt::analysis::machine_learning
