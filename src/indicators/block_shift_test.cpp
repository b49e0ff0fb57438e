#include "indicators/block_shift.hpp"

#include "base/prng.hpp"
#include "indicators/lagged_product.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace vt::indicators {
namespace {

constexpr std::array<std::size_t, 3> kLags{1, 2, 5};

struct Pair {
    std::vector<float> x, y;
};
/// y follows x by two points with weight `share`, the rest is its own; both come in bursts, each at its own times.
Pair made_up(std::uint64_t seed, double share, std::size_t n = 1500) {
    Prng prng(seed, "pair");
    Pair made;
    for (std::size_t i = 0; i < n; ++i) {
        const double burst_x = i % 300 < 40 ? 3 : 1;
        const double burst_y = (i + 77 * (seed % 7)) % 230 < 30 ? 3 : 1;
        made.x.push_back(static_cast<float>(prng.normal() * burst_x));
        const double follows = i >= 2 ? share * static_cast<double>(made.x[i - 2]) : 0;
        made.y.push_back(static_cast<float>(follows + prng.normal() * burst_y));
    }
    return made;
}
double observed(const Pair& pair) {
    double most = 0;
    for (const std::size_t lag : kLags)
        most = std::max(most, std::abs(lagged_product(pair.x, pair.y, static_cast<std::ptrdiff_t>(lag))));
    return most;
}

TEST(BlockShift, FindsAFollowerAndNotAStranger) {
    const Pair follower = made_up(1, 0.3);
    BlockShift test(observed(follower), 7);
    test.advance(follower.x, follower.y, kLags, BlockShift::kShifts);
    EXPECT_TRUE(test.is_done());
    EXPECT_LT(test.p(), 0.002);
    int rejected = 0;
    constexpr int kRuns = 200;
    for (int run = 0; run < kRuns; ++run) {
        const Pair stranger = made_up(static_cast<std::uint64_t>(run) + 100, 0, 600);
        BlockShift none(observed(stranger), 7);
        none.advance(stranger.x, stranger.y, kLags, BlockShift::kShifts);
        if (none.p() < 0.05) ++rejected;
    }
    EXPECT_NEAR(rejected, 0.05 * kRuns, 13);
}

TEST(BlockShift, SpreadOverManyCallsItIsTheSame) {
    const Pair pair = made_up(3, 0.05);
    BlockShift whole(observed(pair), 11), spread = whole;
    whole.advance(pair.x, pair.y, kLags, 5000);
    for (int i = 0; !spread.is_done(); ++i) spread.advance(pair.x, pair.y, kLags, 1 + static_cast<unsigned>(i) % 7);
    EXPECT_EQ(spread.p(), whole.p());
    EXPECT_GT(whole.p(), 1.0 / 1001);
}

/// The definition, on random pairs: shifts by the golden ratio, sums in double.
TEST(BlockShift, EqualsItsDefinitionOnRandomPairs) {
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        const Pair pair = made_up(seed, seed % 2 == 0 ? 0.05 : 0, 40 + seed % 50);
        const double limit = observed(pair) * (0.6 + 0.001 * static_cast<double>(seed % 400));
        BlockShift test(limit, seed);
        constexpr std::uint32_t kCount = 40;
        test.advance(pair.x, pair.y, kLags, kCount);
        const std::size_t n = pair.x.size();
        int beyond = 0, close = 0;
        for (std::uint64_t k = 1; k <= kCount; ++k) {
            const std::uint64_t turn = seed + 0x9E3779B97F4A7C15U * k;
            const auto shift =
                10 + static_cast<std::size_t>(std::floor(static_cast<double>(turn >> 11U) / 9007199254740992.0 *
                                                         static_cast<double>(n - 20)));
            double most = 0;
            for (const std::size_t lag : kLags) {
                double sum = 0;
                for (std::size_t i = 0; i < n; ++i)
                    sum += static_cast<double>(pair.x[i]) * static_cast<double>(pair.y[(i + shift + lag) % n]);
                most = std::max(most, std::abs(sum));
            }
            if (most >= limit) ++beyond;
            if (std::abs(most - limit) < 1e-4) ++close;
        }
        ASSERT_NEAR(test.p(), (1.0 + beyond) / (1.0 + kCount), close / (1.0 + kCount) + 1e-12);
    }
}

}  // namespace
}  // namespace vt::indicators
