#include "statistics/effective_size.hpp"

#include "base/prng.hpp"
#include "statistics/normal.hpp"
#include "statistics/wilson.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

namespace vt::statistics {
namespace {

std::vector<double> weights_of(const std::vector<Life>& lives, double correlation) {
    std::vector<double> weights(lives.size());
    uniqueness(lives, correlation, weights);
    return weights;
}

TEST(EffectiveSize, EqualsTheOracle) {
    const std::vector<Life> lives{{0, 4}, {1, 6}, {2, 6}, {4, 7}};  // bars 0..3, 1..5, 2..5, 4..6
    const auto weights = weights_of(lives, 1);
    EXPECT_NEAR(weights[0], 0.5416666666666666, 1e-15);
    EXPECT_NEAR(weights[1], 0.3666666666666666, 1e-15);
    EXPECT_NEAR(weights[2], 0.3333333333333333, 1e-15);
    EXPECT_NEAR(weights[3], 0.5555555555555555, 1e-15);
    EXPECT_NEAR(effective_size(weights), 1.797, 5e-4);
}

/// Step by step through time, with nothing remembered.
std::vector<double> weights_by_definition(const std::vector<Life>& lives, double correlation) {
    std::vector<double> weights;
    for (const Life& life : lives) {
        double sum = 0;
        for (std::int64_t t = life.begin; t < life.end; ++t) {
            int alive = 0;
            std::set<std::uint32_t> groups;
            for (const Life& other : lives) {
                if (t < other.begin || t >= other.end) continue;
                groups.insert(other.group);
                if (other.group == life.group) ++alive;
            }
            sum += 1 / (alive * (1 + (static_cast<double>(groups.size()) - 1) * correlation));
        }
        weights.push_back(sum / static_cast<double>(life.end - life.begin));
    }
    return weights;
}

TEST(EffectiveSize, EqualsTheDefinitionOnRandomLives) {
    Prng prng(4);
    for (int round = 0; round < 300; ++round) {
        std::vector<Life> lives;
        for (std::uint64_t i = 0, n = 1 + prng.below(25); i < n; ++i) {
            const auto begin = static_cast<std::int64_t>(prng.below(60));
            lives.push_back({begin, begin + 1 + static_cast<std::int64_t>(prng.below(20)),
                             static_cast<std::uint32_t>(prng.below(4))});
        }
        for (const double correlation : {0.0, 0.5, 1.0}) {
            const auto found = weights_of(lives, correlation);
            const auto expected = weights_by_definition(lives, correlation);
            for (std::size_t i = 0; i < lives.size(); ++i) ASSERT_NEAR(found[i], expected[i], 1e-12);
        }
    }
}

TEST(EffectiveSize, CopiesCountOnceAndStrangersFully) {
    std::vector<Life> lives(40, Life{100, 200, 0});
    EXPECT_NEAR(effective_size(weights_of(lives, 1)), 1, 1e-12);
    for (std::size_t i = 0; i < lives.size(); ++i) lives[i].group = static_cast<std::uint32_t>(i);
    EXPECT_NEAR(effective_size(weights_of(lives, 0)), 40, 1e-12);
    EXPECT_NEAR(effective_size(weights_of(lives, 1)), 1, 1e-12);
    EXPECT_NEAR(effective_size(weights_of(lives, 0.4)), 40 / (1 + 39 * 0.4), 1e-12);
    std::vector<Life> apart;
    for (std::int64_t i = 0; i < 40; ++i) apart.push_back({10 * i, 10 * i + 10, 0});
    EXPECT_NEAR(effective_size(weights_of(apart, 1)), 40, 1e-12) << "lives that touch do not overlap";
}

TEST(EffectiveSize, NoneOfNothing) { EXPECT_EQ(effective_size(weights_of({}, 0.5)), 0); }

/// Share of runs in which mean +- 1.96 sd / sqrt(size) holds the true mean 0 of returns over `horizon` steps,
/// observed at each step of a random walk; sd is known, so that only the size is on trial.
double covered(std::int64_t horizon, bool is_naive, std::uint64_t seed) {
    constexpr int kRuns = 2000;
    constexpr std::int64_t kSteps = 200;
    Prng prng(seed);
    std::vector<Life> lives;
    for (std::int64_t i = 0; i + horizon <= kSteps; ++i) lives.push_back({i, i + horizon});
    const auto weights = weights_of(lives, 1);
    const double size = is_naive ? static_cast<double>(lives.size()) : effective_size(weights);
    int inside = 0;
    for (int run = 0; run < kRuns; ++run) {
        std::vector<double> price{0};
        for (std::int64_t i = 0; i < kSteps; ++i) price.push_back(price.back() + prng.normal());
        double sum = 0, total = 0;
        for (std::size_t i = 0; i < lives.size(); ++i) {
            const double weight = is_naive ? 1 : weights[i];
            sum += weight * (price[static_cast<std::size_t>(lives[i].end)] -
                             price[static_cast<std::size_t>(lives[i].begin)]);
            total += weight;
        }
        const double error = std::sqrt(static_cast<double>(horizon) / size);
        if (std::abs(sum / total) <= kNormal95 * error) ++inside;
    }
    return static_cast<double>(inside) / kRuns;
}

TEST(EffectiveSize, IntervalsOfOverlappingReturnsCoverWhatTheySay) {
    for (const std::int64_t horizon : {1, 5, 20}) EXPECT_NEAR(covered(horizon, false, 11), 0.95, 0.02) << horizon;
    EXPECT_LT(covered(20, true, 11), 0.6) << "counting each of the overlapping ones would cover far too little";
}

/// Share of 10,000 runs in which Wilson's interval of the weighted hits holds the true share of one half. `draw`
/// makes the outcome of each life.
template <class Draw>
double hits_covered(const std::vector<Life>& lives, double correlation, Draw&& draw) {
    constexpr int kRuns = 10'000;
    const auto weights = weights_of(lives, correlation);
    const double size = effective_size(weights);
    std::vector<bool> hits(lives.size());
    int inside = 0;
    for (int run = 0; run < kRuns; ++run) {
        draw(hits);
        double sum = 0;
        for (std::size_t i = 0; i < hits.size(); ++i) sum += hits[i] ? weights[i] : 0;
        inside += wilson_interval(std::min(sum, size), size, kNormal95).contains(0.5) ? 1 : 0;
    }
    return static_cast<double>(inside) / kRuns;
}

TEST(EffectiveSize, IntervalsOfHitsCoverWhatTheySay) {
    Prng prng(31);
    std::vector<Life> apart, copies;
    for (std::int64_t i = 0; i < 80; ++i) {
        apart.push_back({i, i + 1, 0});
        for (std::uint32_t group = 0; group < 4; ++group) copies.push_back({i, i + 1, group});
    }
    EXPECT_NEAR(hits_covered(apart, 1, [&](auto&& hits) {
        for (std::size_t i = 0; i < hits.size(); ++i) hits[i] = prng.below(2) == 0;
    }), 0.95, 0.02);
    EXPECT_NEAR(hits_covered(copies, 1, [&](auto&& hits) {
        for (std::size_t i = 0; i < hits.size(); i += 4) {
            hits[i] = hits[i + 1] = hits[i + 2] = hits[i + 3] = prng.below(2) == 0;
        }
    }), 0.95, 0.02) << "four symbols that move as one";
}

/// A return of ten steps is seen at each step. Its sign agrees with the next one's less than the return does, so
/// the effective size is 1.38 times what it is taken for (1 / (2 - 4/pi) = 1.376), and 1.96 errors are really 2.3.
TEST(EffectiveSize, ForHitsOfOverlappingReturnsTheIntervalIsCautious) {
    constexpr std::int64_t kHorizon = 10;
    Prng prng(32);
    std::vector<Life> lives;
    for (std::int64_t i = 0; i + kHorizon <= 400; ++i) lives.push_back({i, i + kHorizon, 0});
    std::vector<double> price(401);
    const double share = hits_covered(lives, 1, [&](auto&& hits) {
        for (std::size_t i = 1; i < price.size(); ++i) price[i] = price[i - 1] + prng.normal();
        for (std::size_t i = 0; i < hits.size(); ++i) hits[i] = price[i + kHorizon] > price[i];
    });
    EXPECT_GT(share, 0.965);
    EXPECT_LT(share, 0.99);
}

}  // namespace
}  // namespace vt::statistics
