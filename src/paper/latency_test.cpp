#include "paper/latency.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace vt::paper {
namespace {

TEST(Latency, IsTheSameForTheSameRequest) {
    const LatencyParams params;
    EXPECT_EQ(round_trip(params, 1, 7), round_trip(params, 1, 7));
    EXPECT_NE(round_trip(params, 1, 7), round_trip(params, 1, 8));
    EXPECT_NE(round_trip(params, 1, 7), round_trip(params, 2, 7));
}

TEST(Latency, IsTheDistanceAndAnExponentialTail) {
    const LatencyParams params{.least = Nanos{1'000'000}, .mean_above = Nanos{500'000}, .most = Nanos{3'000'000}};
    double sum = 0;
    int above_mean = 0;
    int cut = 0;
    constexpr int kDraws = 100'000;
    for (std::uint64_t number = 0; number < kDraws; ++number) {
        const Nanos span = round_trip(params, 9, number);
        ASSERT_GE(span, params.least);
        ASSERT_LE(span, params.most);
        sum += static_cast<double>((span - params.least).count());
        above_mean += span - params.least > params.mean_above ? 1 : 0;
        cut += span == params.most ? 1 : 0;
    }
    // of an exponential law e^-1 lies above its mean and e^-4 beyond four of them, where it is cut: mean 1 - e^-4
    EXPECT_NEAR(above_mean / double{kDraws}, .36788, .005);
    EXPECT_NEAR(cut / double{kDraws}, .01832, .0015);
    EXPECT_NEAR(sum / kDraws / 500'000, .98168, .01);
}

TEST(Latency, MeasuredTimesAreDrawnWithEqualChance) {
    LatencyParams params;
    params.measured = {Nanos{5}, Nanos{6}, Nanos{7}};
    std::array<int, 3> seen{};
    for (std::uint64_t number = 0; number < 30'000; ++number)
        ++seen.at(static_cast<std::size_t>(round_trip(params, 1, number).count() - 5));
    EXPECT_GT(*std::ranges::min_element(seen), 9'600);
}

}  // namespace
}  // namespace vt::paper
