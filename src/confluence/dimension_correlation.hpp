#pragma once

#include "analysis/leaf.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace vt::confluence {

/// How alike the dimensions are: the mean of their pairwise correlations, clipped to 0..1, over seven days of
/// 5-minute steps. Six sides that always agree are one witness.
class DimensionCorrelation {
public:
    using Scores = std::array<std::optional<double>, analysis::kDimensionCount>;
    static constexpr std::size_t kSteps = 7 * 24 * 12;
    static constexpr std::size_t kStepsMin = 500;

    /// One step of 5 minutes.
    void add(const Scores& scores);
    /// out: `prior` until some pair has kStepsMin steps in common
    [[nodiscard]] double mean(double prior) const;

private:
    struct Step {
        std::array<float, analysis::kDimensionCount> scores{};
        std::uint8_t known = 0;  // a bit for each dimension
    };
    void recompute();

    std::vector<Step> steps_;  // grows to kSteps, then a ring
    std::size_t next_ = 0;
    std::optional<double> mean_;
};

}  // namespace vt::confluence
