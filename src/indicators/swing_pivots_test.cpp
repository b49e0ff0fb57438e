#include "indicators/swing_pivots.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace vt::indicators {
namespace {

Timestamp close_of(std::size_t bar) { return from_ms(1000 * static_cast<std::int64_t>(bar + 1)); }

std::vector<Pivot> highs_of(const std::vector<double>& highs, std::size_t reach) {
    SwingPivots pivots(reach);
    std::vector<Pivot> found;
    for (std::size_t i = 0; i < highs.size(); ++i) {
        const auto confirmed = pivots.update(highs[i], highs[i] - 1, close_of(i));
        if (confirmed.high) found.push_back(*confirmed.high);
    }
    return found;
}

TEST(SwingPivots, APeakIsKnownReachBarsLater) {
    const auto found = highs_of({1, 2, 5, 4, 3, 2}, 2);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0], (Pivot{5, close_of(2), close_of(4)}));
}

TEST(SwingPivots, OfEqualHighsTheFirstCounts) {
    const auto found = highs_of({1, 2, 5, 5, 3, 2, 1}, 2);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].t_event, close_of(2));
}

TEST(SwingPivots, AHoleForgets) {
    SwingPivots pivots(1);
    (void)pivots.update(1, 0, close_of(0));
    (void)pivots.update(5, 0, close_of(1));
    pivots.clear();
    EXPECT_FALSE(pivots.update(1, 0, close_of(2)).high.has_value());
}

/// By the definition over the whole series; and no bar after the confirming one changes the answer.
TEST(SwingPivots, EqualsTheDefinitionAndNeverLooksAhead) {
    int seen = 0;
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        Prng prng(seed);
        std::vector<double> highs, lows;
        for (int i = 0; i < 80; ++i) {
            highs.push_back(static_cast<double>(prng.below(40)));  // few values, many ties
            lows.push_back(-static_cast<double>(prng.below(40)));
        }
        SwingPivots pivots;
        const std::size_t k = SwingPivots::kReach;
        for (std::size_t i = 0; i < highs.size(); ++i) {
            const auto confirmed = pivots.update(highs[i], lows[i], close_of(i));
            bool is_high = i >= 2 * k, is_low = i >= 2 * k;
            for (std::size_t j = 1; i >= 2 * k && j <= k; ++j) {
                const std::size_t middle = i - k;
                is_high &= highs[middle] > highs[middle - j] && highs[middle] >= highs[middle + j];
                is_low &= lows[middle] < lows[middle - j] && lows[middle] <= lows[middle + j];
            }
            ASSERT_EQ(confirmed.high.has_value(), is_high) << i;
            ASSERT_EQ(confirmed.low.has_value(), is_low) << i;
            if (confirmed.high) {
                EXPECT_EQ(confirmed.high->t_confirm, close_of(i));
                EXPECT_EQ(confirmed.high->t_event, close_of(i - k));
                ++seen;
            }
        }
    }
    EXPECT_GT(seen, 2000);
}

}  // namespace
}  // namespace vt::indicators
