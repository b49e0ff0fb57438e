#pragma once

#include "analysis/frame.hpp"
#include "analysis/leaf.hpp"
#include "confluence/params.hpp"
#include "confluence/score_record.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace vt::confluence {

enum class FlipKind : std::uint8_t {
    leaf,   ///< this leaf alone would do it
    joint,  ///< no leaf alone can: these components together, each pushed to its end
    loss,   ///< losing this component's evidence would do it
};
[[nodiscard]] std::string_view name(FlipKind kind);

/// One answer to "what would change the verdict": how the score would reach `target`.
struct Flip {
    FlipKind kind = FlipKind::leaf;
    double target = 0;
    analysis::Dimension dimension = analysis::Dimension::order_flow;
    std::vector<std::string_view> components;    ///< one for leaf and loss
    std::optional<analysis::Frame> frame;        ///< leaf only
    double from_score = 0, to_score = 0;         ///< of the leaf; of the whole for joint and loss
    std::optional<double> from_value, to_value;  ///< leaf only, in `unit`; absent where the map has no inverse
    std::string_view unit;
};

/// The levels at which the direction would change from what it is, the nearest signal threshold on each side, and
/// what would carry the score there, with quality and coverage as they are. Sorted by the smallest move of a leaf; at
/// most 8.
///   out:  empty without a score
///   cost: O(targets x leaves log leaves)
[[nodiscard]] std::vector<Flip> flips(const ScoreRecord& record, const Params& params);

/// s' = s + (target - sum)/gain: the score that this leaf alone would have to have.
[[nodiscard]] double leaf_score_for(double leaf_score, double gain, double sum, double target);

}  // namespace vt::confluence
