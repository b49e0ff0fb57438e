#include "indicators/lagged_product.hpp"

#include "base/prng.hpp"
#include "indicators/hayashi_yoshida.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace vt::indicators {
namespace {

struct Increments {
    std::vector<float> x, y;
};
Increments random_increments(std::uint64_t seed, std::size_t n) {
    Prng prng(seed, "increments");
    Increments made;
    for (std::size_t i = 0; i < n; ++i) {
        made.x.push_back(static_cast<float>(prng.normal() * 1e-4));
        made.y.push_back(prng.below(3) == 0 ? 0.0F : static_cast<float>(prng.normal() * 1e-4));
    }
    return made;
}
/// A sum of n products of that size, and what single precision may take from it.
double tolerance(std::size_t n) { return 1e-8 * std::sqrt(static_cast<double>(n) + 1) * 1e-5; }

TEST(LaggedProduct, EqualsTheSumOnRandomSeries) {
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        const std::size_t n = seed % 7 == 0 ? 1000 + seed % 900 : seed % 60;
        const Increments made = random_increments(seed, n);
        const auto lag = static_cast<std::ptrdiff_t>(seed % 21) - 10;
        double expected = 0;
        for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(n); ++i) {
            if (i + lag < 0 || i + lag >= static_cast<std::ptrdiff_t>(n)) continue;
            expected += static_cast<double>(made.x[static_cast<std::size_t>(i)]) *
                        static_cast<double>(made.y[static_cast<std::size_t>(i + lag)]);
        }
        ASSERT_NEAR(lagged_product(made.x, made.y, lag), expected, tolerance(n)) << n << " " << lag;
        if (n == 0) continue;
        const std::size_t shift = seed % n;
        expected = 0;
        for (std::size_t i = 0; i < n; ++i)
            expected += static_cast<double>(made.x[i]) * static_cast<double>(made.y[(i + shift) % n]);
        ASSERT_NEAR(circular_product(made.x, made.y, shift), expected, tolerance(n));
    }
}

TEST(LaggedProduct, IsHayashiAndYoshidasSumOnAGrid) {
    const Increments made = random_increments(3, 400);
    std::vector<PathPoint> x{{from_ms(0), 0}}, y{{from_ms(0), 0}};
    for (std::size_t i = 0; i < made.x.size(); ++i) {
        const Timestamp at = from_ms(1000 * static_cast<std::int64_t>(i + 1));
        x.push_back({at, x.back().log_price + static_cast<double>(made.x[i])});
        y.push_back({at, y.back().log_price + static_cast<double>(made.y[i])});
    }
    for (const int lag : {-7, -1, 0, 1, 2, 30}) {
        EXPECT_NEAR(lagged_product(made.x, made.y, lag), hayashi_yoshida(x, y, std::chrono::seconds{lag}).covariance,
                    tolerance(400))
            << lag;
    }
}

TEST(LaggedProduct, NothingOverlaps) {
    const Increments made = random_increments(3, 5);
    EXPECT_EQ(lagged_product(made.x, made.y, 5), 0);
    EXPECT_EQ(lagged_product(made.x, made.y, -9), 0);
    EXPECT_EQ(lagged_product({}, {}, 0), 0);
}

}  // namespace
}  // namespace vt::indicators
