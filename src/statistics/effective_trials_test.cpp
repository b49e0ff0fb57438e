#include "statistics/effective_trials.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace vt::statistics {
namespace {

/// `clusters` ideas with `each` variants: an own part beside the idea's.
std::vector<std::vector<double>> variants(int clusters, int each, double own, std::uint64_t seed) {
    constexpr std::size_t kPeriods = 400;
    Prng prng(seed);
    std::vector<std::vector<double>> all;
    for (int c = 0; c < clusters; ++c) {
        std::vector<double> idea;
        for (std::size_t i = 0; i < kPeriods; ++i) idea.push_back(prng.normal());
        for (int v = 0; v < each; ++v) {
            auto& series = all.emplace_back(idea);
            for (double& value : series) value = 3 + 2 * (value + own * prng.normal());
        }
    }
    return all;
}

TEST(EffectiveTrials, CopiesAreOneAndStrangersAreMany) {
    EXPECT_NEAR(*effective_trials(variants(1, 30, 0, 1)), 1, 1e-9);
    EXPECT_NEAR(*effective_trials(variants(40, 1, 0, 2)), 40, 2);
    EXPECT_NEAR(*effective_trials(variants(5, 12, 0.02, 3)), 5, 0.2);
    EXPECT_NEAR(*effective_trials(variants(1, 1, 0, 3)), 1, 1e-12);
}

TEST(EffectiveTrials, EqualCorrelationGivesTheClosedForm) {
    // n^2 / (n + n (n - 1) r^2), r = 1 / (1 + own^2) = .5
    const double n = 20, r = 0.5;
    EXPECT_NEAR(*effective_trials(variants(1, 20, 1, 4)), n * n / (n + n * (n - 1) * r * r), 0.5);
}

TEST(EffectiveTrials, NothingToSay) {
    EXPECT_FALSE(effective_trials({}).has_value());
    EXPECT_FALSE(effective_trials(std::vector<std::vector<double>>{{1, 2, 3}, {4, 4, 4}}).has_value());
}

}  // namespace
}  // namespace vt::statistics
