#include "cache/latency_histogram.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace vt::cache {
namespace {

TEST(LatencyHistogram, KnowsNothingBeforeTheFirstCall) { EXPECT_FALSE(LatencyHistogram{}.percentile(0.5)); }

TEST(LatencyHistogram, IsWithinAnEighthAboveTheTruth) {
    Prng prng(1, "latency");
    LatencyHistogram histogram;
    std::vector<std::int64_t> taken;
    for (int i = 0; i < 20'000; ++i) {
        taken.push_back(static_cast<std::int64_t>(std::exp(prng.uniform() * 25)));
        histogram.add(Nanos{taken.back()});
    }
    std::sort(taken.begin(), taken.end());
    for (const double part : {0.0, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
        const std::int64_t truth = taken[static_cast<std::size_t>(part * static_cast<double>(taken.size() - 1))];
        const std::int64_t ours = histogram.percentile(part)->count();
        EXPECT_GE(ours, truth) << part;
        EXPECT_LE(static_cast<double>(ours), static_cast<double>(truth) * 1.125 + 1) << part;
    }
}

TEST(LatencyHistogram, BearsAnyLength) {
    LatencyHistogram histogram;
    histogram.add(Nanos{-5});
    EXPECT_EQ(histogram.percentile(1)->count(), 0);
    histogram.add(Nanos::max());
    EXPECT_GT(histogram.percentile(1)->count(), 1'000'000'000'000);
}

}  // namespace
}  // namespace vt::cache
