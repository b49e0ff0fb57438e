#include "indicators/volatility/average_true_range.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace vt::indicators {
namespace {

std::vector<Bar> random_bars(std::uint64_t seed, std::size_t n) {
    Prng prng(seed);
    std::vector<Bar> bars;
    double price = 100;
    for (std::size_t i = 0; i < n; ++i) {
        const double open = price + prng.normal() * .3;
        price = open + prng.normal();
        const double high = std::max(open, price) + prng.uniform();
        bars.push_back({.open = open, .high = high, .low = std::min(open, price) - prng.uniform(), .close = price});
    }
    return bars;
}

/// From the definition, for the bar at `index`, in long double.
long double textbook(const std::vector<Bar>& bars, std::size_t period, std::size_t index) {
    std::vector<long double> ranges;
    for (std::size_t i = 1; i <= index; ++i) {
        const long double before = bars[i - 1].close;
        long double range = static_cast<long double>(bars[i].high) - bars[i].low;
        range = std::max(range, std::fabs(bars[i].high - before));
        range = std::max(range, std::fabs(bars[i].low - before));
        ranges.push_back(range);
    }
    long double average = 0;
    for (std::size_t i = 0; i < period; ++i) average += ranges[i] / static_cast<long double>(period);
    for (std::size_t i = period; i < ranges.size(); ++i) {
        average += (ranges[i] - average) / static_cast<long double>(period);
    }
    return average;
}

TEST(AverageTrueRange, VectorOfTheTaLibConvention) {
    struct Row {
        double high, low, close;
    };
    const std::vector<Row> bars{{10.5, 9.8, 10.2}, {10.8, 10.1, 10.6}, {10.9, 10.3, 10.4},
                                {10.6, 9.9, 10.0}, {10.3, 9.7, 10.2},  {10.9, 10.2, 10.8}};
    const std::array<double, 6> ranges{.7, .7, .6, .7, .6, .7};
    const std::array<std::optional<double>, 6> averages{std::nullopt,       std::nullopt,       std::nullopt,
                                                        0.6666666666666666, 0.6444444444444449, 0.6629629629629636};
    AverageTrueRange atr(3);
    for (std::size_t i = 0; i < bars.size(); ++i) {
        if (i > 0) {
            EXPECT_NEAR(true_range(bars[i].high, bars[i].low, bars[i - 1].close), ranges[i], 1e-12);
        }
        const auto value = atr.update(bars[i].high, bars[i].low, bars[i].close);
        ASSERT_EQ(value.has_value(), averages[i].has_value());
        if (value) {
            EXPECT_NEAR(*value, *averages[i], 1e-12);
        }
    }
}

TEST(AverageTrueRange, EqualsTheDefinitionAtEveryBar) {
    for (const std::uint32_t period : {1U, 3U, 14U}) {
        const auto bars = random_bars(period, 300);
        AverageTrueRange atr(period);
        for (std::size_t i = 0; i < bars.size(); ++i) {
            const auto value = atr.update(bars[i]);
            ASSERT_EQ(value.has_value(), i >= period);
            if (!value) continue;
            EXPECT_NEAR(*value, static_cast<double>(textbook(bars, period, i)), 1e-10);
        }
    }
}

TEST(AverageTrueRange, ScalesWithPriceAndIgnoresItsLevel) {
    const auto bars = random_bars(5, 100);
    AverageTrueRange plain, scaled, shifted;
    for (const auto& bar : bars) {
        plain.update(bar);
        scaled.update(bar.high * 4, bar.low * 4, bar.close * 4);
        shifted.update(bar.high + 1000, bar.low + 1000, bar.close + 1000);
    }
    EXPECT_DOUBLE_EQ(*scaled.value(), 4 * *plain.value());
    EXPECT_NEAR(*shifted.value(), *plain.value(), 1e-10);
}

TEST(AverageTrueRange, AGapIsNoRange) {
    AverageTrueRange atr(1);
    atr.update(10, 9, 9.5);
    atr.update(10, 9, 9.5);
    atr.skip_gap();
    EXPECT_DOUBLE_EQ(*atr.update(110, 109, 109.5), 1);
    EXPECT_DOUBLE_EQ(*atr.update(111, 109.5, 110), 1.5);
    atr.clear();
    EXPECT_FALSE(atr.value().has_value());
}

}  // namespace
}  // namespace vt::indicators
