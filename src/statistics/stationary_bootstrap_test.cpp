#include "statistics/stationary_bootstrap.hpp"

#include "statistics/moments.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace vt::statistics {
namespace {

/// x = memory x + noise, with a spread of 1 in the long run.
std::vector<double> with_memory(double memory, std::size_t n, Prng& prng) {
    std::vector<double> values;
    double x = prng.normal();
    for (std::size_t i = 0; i < n; ++i) {
        x = memory * x + std::sqrt(1 - memory * memory) * prng.normal();
        values.push_back(x);
    }
    return values;
}

/// For this kind of series the best length is known: (2 m / (1 - m^2))^(2/3) n^(1/3).
TEST(StationaryBootstrap, BlockLengthIsThatOfTheTheory) {
    Prng prng(1);
    for (const double memory : {0.3, 0.6}) {
        constexpr std::size_t kLength = 2000;
        double sum = 0;
        for (int run = 0; run < 40; ++run) sum += suitable_block_length(with_memory(memory, kLength, prng));
        const double expected = std::pow(2 * memory / (1 - memory * memory), 2.0 / 3) * std::cbrt(kLength);
        EXPECT_NEAR(sum / 40 / expected, 1, 0.15) << memory;
    }
    double sum = 0;
    for (int run = 0; run < 40; ++run) sum += suitable_block_length(with_memory(0, 2000, prng));
    EXPECT_LT(sum / 40, 4) << "without memory blocks are short";
    EXPECT_EQ(suitable_block_length(std::vector<double>(100, 0.3)), 1);
    EXPECT_EQ(suitable_block_length(std::vector<double>{1, 2}), 1);
}

TEST(StationaryBootstrap, DrawsEachValueAsOftenAndBlocksOfTheMeanLength) {
    std::vector<double> values;
    for (int i = 0; i < 50; ++i) values.push_back(i);
    std::vector<double> drawn(values.size());
    std::map<double, int> seen;
    int breaks = 0, steps = 0;
    Prng prng(2);
    for (int run = 0; run < 4000; ++run) {
        resample(values, 8, prng, drawn);
        for (std::size_t i = 0; i < drawn.size(); ++i) {
            ++seen[drawn[i]];
            if (i == 0) continue;
            ++steps;
            if (drawn[i] != std::fmod(drawn[i - 1] + 1, 50)) ++breaks;
        }
    }
    ASSERT_EQ(seen.size(), 50U);
    for (const auto& [value, count] : seen) EXPECT_NEAR(count, 4000, 500) << value;
    // One of the fifty places to begin anew is the next one, which is no break to be seen.
    EXPECT_NEAR(static_cast<double>(breaks) / steps, 1.0 / 8 * 49 / 50, 0.004);
}

TEST(StationaryBootstrap, DeepestFall) {
    EXPECT_EQ(maximum_drawdown(std::vector<double>{10, -5, 15, -30, 5, 35, -5}), 30);
    EXPECT_EQ(maximum_drawdown(std::vector<double>{-2, 1, -3}), 4) << "the fall from the start counts";
    EXPECT_EQ(maximum_drawdown(std::vector<double>{1, 2}), 0);
    EXPECT_EQ(maximum_drawdown({}), 0);
}

/// Shares of runs in which the 95 % intervals hold the true mean and ratio; of the naive one, which draws value by
/// value, the mean only.
struct Coverage {
    double mean = 0, sharpe = 0;
};

Coverage coverage_of(double memory, bool is_naive, std::uint64_t seed) {
    constexpr int kRuns = 400;
    constexpr std::size_t kLength = 300;
    constexpr double kMean = 0.1;
    Prng prng(seed);
    Coverage found;
    std::vector<double> drawn(kLength), means;
    for (int run = 0; run < kRuns; ++run) {
        auto values = with_memory(memory, kLength, prng);
        for (double& value : values) value += kMean;
        if (is_naive) {
            means.clear();
            for (int i = 0; i < 200; ++i) {
                resample(values, 1, prng, drawn);
                means.push_back(moments(drawn)->mean);
            }
            std::ranges::sort(means);
            found.mean += means[5] <= kMean && kMean <= means[194] ? 1.0 / kRuns : 0;
            continue;
        }
        const auto intervals = bootstrap_intervals(values, {.resamples = 200}, prng);
        found.mean += intervals->mean.contains(kMean) ? 1.0 / kRuns : 0;
        found.sharpe += intervals->sharpe.contains(kMean) ? 1.0 / kRuns : 0;
    }
    return found;
}

TEST(StationaryBootstrap, IntervalsCoverAboutWhatTheySay) {
    const auto without = coverage_of(0, false, 5);
    EXPECT_NEAR(without.mean, 0.945, 0.03);
    EXPECT_NEAR(without.sharpe, 0.945, 0.03);
    const auto with = coverage_of(0.5, false, 6);  // a mean of 100 independent ones
    EXPECT_NEAR(with.mean, 0.915, 0.035);
    EXPECT_NEAR(with.sharpe, 0.915, 0.035);
    EXPECT_LT(coverage_of(0.5, true, 6).mean, 0.80) << "drawing values one by one forgets the memory";
}

TEST(StationaryBootstrap, SameSeedSameBitsAndNothingOfNothing) {
    Prng prng(9);
    const auto values = with_memory(0.4, 60, prng);
    Prng first(3), second(3);
    const auto a = bootstrap_intervals(values, {.resamples = 100}, first);
    const auto b = bootstrap_intervals(values, {.resamples = 100}, second);
    EXPECT_EQ(a->mean.lower, b->mean.lower);
    EXPECT_EQ(a->maximum_drawdown.upper, b->maximum_drawdown.upper);
    EXPECT_FALSE(bootstrap_intervals(std::vector<double>{1, 2, 3}, {}, prng).has_value());
    EXPECT_FALSE(bootstrap_intervals(std::vector<double>(40, 0.1), {}, prng).has_value());
}

}  // namespace
}  // namespace vt::statistics
