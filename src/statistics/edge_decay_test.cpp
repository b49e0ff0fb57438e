#include "statistics/edge_decay.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

namespace vt::statistics {
namespace {

/// Mean number of outcomes until the alarm, where the event comes with chance `true_rate` and `claimed` was said.
double mean_run(double claimed, double true_rate, EdgeDecayLimits limits, std::uint64_t seed) {
    constexpr int kRuns = 1000;
    Prng prng(seed);
    double sum = 0;
    for (int run = 0; run < kRuns; ++run) {
        EdgeDecay watch(limits);
        while (!watch.is_decayed()) watch.add(prng.uniform() < true_rate, claimed);
        sum += static_cast<double>(watch.count());
    }
    return sum / kRuns;
}

TEST(EdgeDecay, FalseAlarmsAreRareWhateverIsClaimed) {
    for (const double claimed : {0.05, 0.1, 0.23, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95}) {
        EXPECT_GE(mean_run(claimed, claimed, {}, 1), 230) << claimed;  // standard error about 3 %
    }
}

TEST(EdgeDecay, ALossIsFoundSeveralTimesSooner) {
    EXPECT_LT(mean_run(0.5, 0.375, {}, 2), 65) << "a quarter of a standard deviation";
    EXPECT_LT(mean_run(0.4, 0.23, {}, 3), 50) << "down to what random entries win";
    EXPECT_GT(mean_run(0.5, 0.5, {}, 2), 5 * mean_run(0.5, 0.375, {}, 2));
    EXPECT_GT(mean_run(0.5, 0.55, {}, 4), 1000) << "better than claimed is no alarm";
}

TEST(EdgeDecay, ByHand) {
    EdgeDecay watch({.allowance = 0.25, .threshold = 2});
    watch.add(true, 0.5);  // -1 - .25: stays at 0
    EXPECT_EQ(watch.level(), 0);
    watch.add(false, 0.5);  // 1 - .25
    EXPECT_DOUBLE_EQ(watch.level(), 0.75);
    watch.add(false, 0.5, 0.5);
    EXPECT_DOUBLE_EQ(watch.level(), 1.125);
    EXPECT_FALSE(watch.is_decayed());
    watch.add(false, 0.8);  // .8 / .4 - .25
    EXPECT_DOUBLE_EQ(watch.level(), 2.875);
    EXPECT_TRUE(watch.is_decayed());
    watch.add(true, 0.8);  // -.2 / .4 - .25
    EXPECT_DOUBLE_EQ(watch.level(), 2.125);
    EXPECT_EQ(watch.count(), 5U);
}

}  // namespace
}  // namespace vt::statistics
