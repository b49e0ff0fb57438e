#include "statistics/edge_decay.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cstdio>

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
    watch.add(false, 0.8);  // .8 / .4 - .25 more would be 2.875
    EXPECT_EQ(watch.level(), 2) << "no higher than the threshold";
    EXPECT_TRUE(watch.is_decayed());
    watch.add(true, 0.8);  // -.2 / .4 - .25
    EXPECT_DOUBLE_EQ(watch.level(), 1.25);
    EXPECT_TRUE(watch.is_decayed()) << "until it is down at half the threshold";
    watch.add(true, 0.8, 1. / 3);
    EXPECT_DOUBLE_EQ(watch.level(), 1);
    EXPECT_FALSE(watch.is_decayed());
    EXPECT_EQ(watch.count(), 6U);
    EXPECT_EQ(watch.recovery_level(), 1);
}

/// Mean number of true claims until an alarm is over.
TEST(EdgeDecay, TrueClaimsEndAnAlarm) {
    for (const double claimed : {0.1, 0.23, 0.5, 0.9}) {
        Prng prng(5);
        double sum = 0;
        constexpr int kRuns = 1000;
        for (int run = 0; run < kRuns; ++run) {
            EdgeDecay watch;
            while (!watch.is_decayed()) watch.add(false, claimed);
            const std::uint64_t alarm = watch.count();
            while (watch.is_decayed()) watch.add(prng.uniform() < claimed, claimed);
            sum += static_cast<double>(watch.count() - alarm);
        }
        std::printf("claimed %.2f: over after %.0f outcomes\n", claimed, sum / kRuns);
        EXPECT_GT(sum / kRuns, 20) << claimed;
        EXPECT_LT(sum / kRuns, 60) << claimed;
    }
}

}  // namespace
}  // namespace vt::statistics
