#include "base/duration_histogram.hpp"

#include "base/math.hpp"
#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace vt {
namespace {

template <unsigned kSplitBits>
void expect_percentiles_just_above_the_truth() {
    Prng prng(1, "durations");
    DurationHistogram<std::uint64_t, kSplitBits> histogram, first_half, second_half;
    std::vector<std::int64_t> taken;
    for (int i = 0; i < 20'000; ++i) {
        taken.push_back(static_cast<std::int64_t>(math::exp(prng.uniform() * 25)));
        histogram.add(Nanos{taken.back()});
        (i % 2 == 0 ? first_half : second_half).add(Nanos{taken.back()});
    }
    std::sort(taken.begin(), taken.end());
    first_half.add(second_half);
    EXPECT_EQ(first_half.count(), 20'000U);
    const double widest = 1.0 / static_cast<double>(1U << kSplitBits);
    for (const double part : {0.0, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
        const std::int64_t truth = taken[static_cast<std::size_t>(part * static_cast<double>(taken.size() - 1))];
        const std::int64_t ours = histogram.percentile(part)->count();
        EXPECT_GE(ours, truth) << part;
        EXPECT_LE(static_cast<double>(ours), static_cast<double>(truth) * (1 + widest) + 1) << part;
        EXPECT_EQ(first_half.percentile(part), histogram.percentile(part)) << "sums of histograms are exact";
    }
}

TEST(DurationHistogram, PercentilesAreJustAboveTheTruth) {
    expect_percentiles_just_above_the_truth<3>();
    expect_percentiles_just_above_the_truth<7>();
}

TEST(DurationHistogram, BearsAnyLengthAndNone) {
    DurationHistogram<std::uint64_t, 7> histogram;
    EXPECT_FALSE(histogram.percentile(0.5));
    histogram.add(Nanos{-5});
    EXPECT_EQ(histogram.percentile(1)->count(), 0);
    histogram.add(Nanos::max());
    EXPECT_GT(histogram.percentile(1)->count(), 1'000'000'000'000);
}

}  // namespace
}  // namespace vt
