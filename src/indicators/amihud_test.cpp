#include "indicators/amihud.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace vt::indicators {
namespace {

TEST(Amihud, Vector) {
    const std::vector<double> returns{.01, -.02, .005}, notionals{1e6, 2e6, 5e5};
    EXPECT_NEAR(*amihud_illiquidity(returns, notionals), 1.0000000000000002e-08, 1e-22);
}

TEST(Amihud, EqualsTheDefinitionOnRandomSeries) {
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        Prng prng(seed);
        std::vector<double> returns, notionals;
        long double sum = 0;
        long double count = 0;
        for (std::uint64_t i = 0, n = prng.below(60); i < n; ++i) {
            returns.push_back(prng.normal() / 100);
            notionals.push_back(prng.below(4) == 0 ? 0 : 1e6 * prng.exponential());
            if (notionals.back() == 0) continue;
            sum += std::abs(static_cast<long double>(returns.back())) / notionals.back();
            ++count;
        }
        const auto found = amihud_illiquidity(returns, notionals);
        ASSERT_EQ(found.has_value(), count > 0) << seed;
        if (found) {
            EXPECT_NEAR(*found, static_cast<double>(sum / count), 1e-12 * *found) << seed;
        }
    }
}

TEST(Amihud, LeavesOutSilentPeriods) {
    const std::vector<double> returns{.01, 0, .03}, notionals{1e6, 0, 1e6};
    EXPECT_NEAR(*amihud_illiquidity(returns, notionals), 2e-8, 1e-22);
    EXPECT_FALSE(amihud_illiquidity(std::vector<double>{.01}, std::vector<double>{0}).has_value());
}

}  // namespace
}  // namespace vt::indicators
