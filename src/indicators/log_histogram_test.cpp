#include "indicators/log_histogram.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace vt::indicators {
namespace {

TEST(LogHistogram, BinsAreThirtyTwoToADoubling) {
    EXPECT_EQ(LogHistogram::bin_of(1), 0);
    EXPECT_EQ(LogHistogram::bin_of(2), 32);
    EXPECT_EQ(LogHistogram::bin_of(1024), 320);
    EXPECT_EQ(LogHistogram::bin_of(std::nextafter(2.0, 1.0)), 31);
    EXPECT_DOUBLE_EQ(LogHistogram::upper_edge(31), 2);
    EXPECT_DOUBLE_EQ(LogHistogram::upper_edge(319), 1024);
}

TEST(LogHistogram, EveryValueLiesInsideItsBin) {
    Prng prng(3);
    for (int i = 0; i < 5000; ++i) {
        const double value = std::exp(prng.uniform() * 17);
        const int bin = LogHistogram::bin_of(value);
        EXPECT_LT(value, LogHistogram::upper_edge(bin));
        EXPECT_GE(value, LogHistogram::upper_edge(bin - 1));
        EXPECT_NEAR(LogHistogram::upper_edge(bin), std::exp2((bin + 1) / 32.0), 1e-15 * value);
    }
}

TEST(LogHistogram, OutsideValuesGoToTheEnds) {
    for (const double small : {0.0, -5.0, .999, -1e300})
        EXPECT_EQ(LogHistogram::bin_of(small), LogHistogram::kLowestBin);
    for (const double large : {33554432.0, 1e12, 1e300})
        EXPECT_EQ(LogHistogram::bin_of(large), LogHistogram::kHighestBin);
    LogHistogram histogram;
    histogram.add(0);
    EXPECT_DOUBLE_EQ(*histogram.quantile(.5), 1);
    histogram.clear();
    histogram.add(1e12);
    EXPECT_DOUBLE_EQ(*histogram.quantile(.5), 33554432);
}

TEST(LogHistogram, QuantileIsTheUpperEdgeOfTheSortedValuesBin) {
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        Prng prng(seed);
        std::vector<double> values;
        LogHistogram histogram;
        for (std::uint64_t i = 0, n = 1 + prng.below(300); i < n; ++i) {
            values.push_back(2000 * std::exp(1.6 * prng.normal()));
            histogram.add(values.back());
        }
        std::sort(values.begin(), values.end());
        for (const double share : {.001, .5, .9, .95, .99, .999, 1.0}) {
            const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size()))) - 1;
            EXPECT_DOUBLE_EQ(*histogram.quantile(share), LogHistogram::upper_edge(LogHistogram::bin_of(values[rank])))
                << "seed " << seed << " share " << share;
        }
    }
}

TEST(LogHistogram, AnHourAddedAndSubtractedLeavesNoTrace) {
    LogHistogram day, hour;
    for (int i = 1; i < 500; ++i) day.add(i * 37.0);
    for (int i = 1; i < 80; ++i) hour.add(i * 1234.5);
    const auto before = day.quantile(.99);
    day += hour;
    EXPECT_NE(day.quantile(.99), before);
    EXPECT_EQ(day.n(), 578U);
    day -= hour;
    EXPECT_EQ(day.quantile(.99), before);
    day.add(777, 3);
    day.remove(777, 3);
    EXPECT_EQ(day.n(), 499U);
}

TEST(LogHistogram, EmptyHasNoQuantile) { EXPECT_FALSE(LogHistogram{}.quantile(.5).has_value()); }

TEST(LogHistogramDeathTest, TakingBackWhatWasNeverAddedIsAProgrammersError) {
    LogHistogram histogram;
    EXPECT_DEATH(histogram.remove(5), "held >= count");
}

}  // namespace
}  // namespace vt::indicators
