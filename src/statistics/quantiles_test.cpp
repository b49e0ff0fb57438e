#include "statistics/quantiles.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace vt::statistics {
namespace {

TEST(Quantiles, Type7OfTheTextbook) {
    const std::vector<double> sorted{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    EXPECT_DOUBLE_EQ(quantile_of_sorted(sorted, 0.25), 3.25);  // R: quantile(1:10)
    EXPECT_DOUBLE_EQ(quantile_of_sorted(sorted, 0.5), 5.5);
    EXPECT_DOUBLE_EQ(quantile_of_sorted(sorted, 0.75), 7.75);
    EXPECT_EQ(quantile_of_sorted(sorted, 0), 1);
    EXPECT_EQ(quantile_of_sorted(sorted, 1), 10);
}

TEST(Quantiles, QuartilesEqualThoseOfTheSorted) {
    Prng prng(9);
    for (int round = 0; round < 2000; ++round) {
        std::vector<double> values;
        for (std::uint64_t i = 0, n = 1 + prng.below(30); i < n; ++i) {
            values.push_back(static_cast<double>(prng.below(20)) / 4);  // ties too
        }
        auto sorted = values;
        std::sort(sorted.begin(), sorted.end());
        const auto found = quartiles(values);
        ASSERT_TRUE(found.has_value());
        ASSERT_EQ(found->lower, quantile_of_sorted(sorted, 0.25));
        ASSERT_EQ(found->median, quantile_of_sorted(sorted, 0.5));
        ASSERT_EQ(found->upper, quantile_of_sorted(sorted, 0.75));
        std::sort(values.begin(), values.end());
        ASSERT_EQ(values, sorted) << "reordered, not changed";
    }
}

TEST(Quantiles, NoneOfNothing) { EXPECT_FALSE(quartiles({}).has_value()); }

}  // namespace
}  // namespace vt::statistics
