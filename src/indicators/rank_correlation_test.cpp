#include "indicators/rank_correlation.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace vt::indicators {
namespace {

/// Pearson's correlation of mid-ranks by sorting, in long double.
std::optional<long double> textbook(const std::vector<double>& x, const std::vector<double>& y) {
    const auto ranks = [](const std::vector<double>& values) {
        std::vector<double> sorted = values;
        std::sort(sorted.begin(), sorted.end());
        std::vector<long double> result;
        for (const double value : values) {
            const auto [low, high] = std::equal_range(sorted.begin(), sorted.end(), value);
            result.push_back((static_cast<long double>(low - sorted.begin() + 1) +
                              static_cast<long double>(high - sorted.begin())) /
                             2);
        }
        return result;
    };
    const auto rx = ranks(x), ry = ranks(y);
    long double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
    const auto n = static_cast<long double>(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        mx += rx[i] / n;
        my += ry[i] / n;
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += (rx[i] - mx) * (rx[i] - mx);
        yy += (ry[i] - my) * (ry[i] - my);
        xy += (rx[i] - mx) * (ry[i] - my);
    }
    if (xx < 1e-12L || yy < 1e-12L) return std::nullopt;
    return xy / std::sqrt(xx * yy);
}

std::vector<double> random_values(Prng& prng, std::size_t n, bool has_ties) {
    std::vector<double> values;
    for (std::size_t i = 0; i < n; ++i)
        values.push_back(has_ties ? static_cast<double>(prng.below(4)) : prng.normal());
    return values;
}

TEST(RankCorrelation, EqualsTheTextbookOnAThousandRandomSeries) {
    int with_value = 0;
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        Prng prng(seed);
        const std::size_t n = 2 + prng.below(kMaxRankPairs - 1);
        const auto x = random_values(prng, n, seed % 2 == 0);
        const auto y = random_values(prng, n, seed % 3 == 0);
        const auto found = rank_correlation(x, y);
        const auto expected = textbook(x, y);
        ASSERT_EQ(found.has_value(), expected.has_value()) << seed;
        if (!found) continue;
        ++with_value;
        EXPECT_NEAR(*found, static_cast<double>(*expected), 1e-12) << seed;
    }
    EXPECT_GT(with_value, 900);
}

TEST(RankCorrelation, KnowsOrderNotSize) {
    EXPECT_DOUBLE_EQ(*rank_correlation(std::vector<double>{1, 2, 3, 4}, std::vector<double>{1, 10, 100, 1e9}), 1);
    EXPECT_DOUBLE_EQ(*rank_correlation(std::vector<double>{1, 2, 3}, std::vector<double>{3, 2, 1}), -1);
    EXPECT_FALSE(rank_correlation(std::vector<double>{1, 2, 3}, std::vector<double>{5, 5, 5}));
}

/// The same draws, each resample ranked by the textbook.
TEST(RankCorrelation, BootstrapEqualsRankingEachResampleAnew) {
    for (const bool has_ties : {false, true}) {
        Prng values(7, has_ties ? "ties" : "none");
        const auto x = random_values(values, 10, has_ties);
        const auto y = random_values(values, 10, has_ties);
        const auto found = bootstrap_rank_correlation(x, y, 1000, 42);
        ASSERT_TRUE(found);
        Prng draws(42, "rank correlation");
        std::vector<double> correlations;
        for (int r = 0; r < 1000; ++r) {
            std::vector<double> rx, ry;
            for (int k = 0; k < 10; ++k) {
                const std::size_t i = draws.below(10);
                rx.push_back(x[i]);
                ry.push_back(y[i]);
            }
            const auto one = textbook(rx, ry);
            if (!one) continue;
            correlations.push_back(static_cast<double>(*one));
        }
        std::sort(correlations.begin(), correlations.end());
        const auto n = static_cast<double>(correlations.size());
        EXPECT_EQ(found->resamples, correlations.size());
        EXPECT_NEAR(found->lower, correlations[static_cast<std::size_t>(0.05 * (n - 1))], 1e-12);
        EXPECT_NEAR(found->upper, correlations[static_cast<std::size_t>(std::ceil(0.95 * (n - 1)))], 1e-12);
    }
}

TEST(RankCorrelation, BootstrapSeparatesARelationFromChance) {
    Prng prng(3);
    std::vector<double> x, y, noise;
    for (int i = 0; i < 10; ++i) {
        x.push_back(prng.normal());
        y.push_back(-x.back() + .2 * prng.normal());
        noise.push_back(prng.normal());
    }
    const auto related = bootstrap_rank_correlation(x, y, 1000, 1);
    ASSERT_TRUE(related);
    EXPECT_LT(related->upper, 0);
    const auto chance = bootstrap_rank_correlation(x, noise, 1000, 1);
    ASSERT_TRUE(chance);
    EXPECT_LT(chance->lower, 0);
    EXPECT_GT(chance->upper, 0);
    EXPECT_EQ(bootstrap_rank_correlation(x, noise, 1000, 1)->lower, chance->lower) << "the same seed, the same bits";
    EXPECT_FALSE(bootstrap_rank_correlation(x, std::vector<double>(10, 1.0), 1000, 1));
}

}  // namespace
}  // namespace vt::indicators
