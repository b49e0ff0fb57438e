#include "indicators/hayashi_yoshida.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace vt::indicators {
namespace {

using Path = std::vector<PathPoint>;
using std::chrono::milliseconds;
using std::chrono::seconds;

Path path(std::initializer_list<std::pair<int, double>> points) {
    Path made;
    for (const auto& [second, price] : points) made.push_back({from_ms(1000 * second), std::log(price)});
    return made;
}

const Path kX = path({{0, 100}, {1, 101}, {3, 100.5}, {6, 102}, {7, 101.5}, {10, 103}});
const Path kY = path({{0, 50}, {2, 50.8}, {4, 50.4}, {5, 50.9}, {9, 51.2}, {10, 51.9}});

/// The definition, pair by pair.
double by_definition(const Path& x, const Path& y, Nanos lag) {
    double sum = 0;
    for (std::size_t i = 1; i < x.size(); ++i) {
        for (std::size_t j = 1; j < y.size(); ++j) {
            const bool overlaps = x[i - 1].at < y[j].at - lag && y[j - 1].at - lag < x[i].at;
            if (overlaps) sum += (x[i].log_price - x[i - 1].log_price) * (y[j].log_price - y[j - 1].log_price);
        }
    }
    return sum;
}

TEST(HayashiYoshida, EqualsTheReferenceFigures) {
    const Covariation found = hayashi_yoshida(kX, kY);
    EXPECT_NEAR(found.covariance, 4.911416e-4, 5e-11);
    EXPECT_NEAR(found.correlation().value(), 0.810224, 5e-7);
    EXPECT_NEAR(found.beta().value(), 0.843180, 5e-7);
    const double expected[] = {0.126982, 0.012689, 0.810224, 1.133382, 0.278756};
    for (int lag = -2; lag <= 2; ++lag) {
        EXPECT_NEAR(std::abs(hayashi_yoshida(kX, kY, seconds{lag}).correlation().value()), expected[lag + 2], 5e-7)
            << lag;
    }
    const auto best = lead_lag(kX, kY, seconds{1}, 2);
    ASSERT_TRUE(best);
    EXPECT_EQ(best->lag, Nanos{seconds{1}});  // y follows x by a second
    EXPECT_GT(best->ratio, 1);
}

TEST(HayashiYoshida, EqualsItsDefinitionOnRandomPaths) {
    Prng prng(5, "paths");
    for (int round = 0; round < 1000; ++round) {
        Path paths[2];
        for (Path& one : paths) {
            Timestamp at = from_ms(1000);
            double price = 0;
            for (std::uint64_t i = 0, n = prng.below(30); i < n; ++i) {
                at += milliseconds{prng.below(4)};  // equal times occur too
                price += (prng.uniform() - 0.5) / 100;
                one.push_back({at, price});
            }
        }
        const Nanos lag = milliseconds{static_cast<int>(prng.below(20)) - 10};
        EXPECT_NEAR(hayashi_yoshida(paths[0], paths[1], lag).covariance, by_definition(paths[0], paths[1], lag),
                    1e-12);
    }
}

TEST(HayashiYoshida, FindsAPlantedLag) {
    Prng prng(9, "lag");
    Path x, y;
    double price = 0;
    std::vector<double> prices;
    for (int i = 0; i < 4000; ++i) prices.push_back(price += (prng.uniform() - 0.5) / 1000);
    for (int i = 10; i < 4000; ++i) {
        if (prng.below(3) > 0) x.push_back({from_ms(1000 + 100 * i), prices[static_cast<std::size_t>(i)]});
        if (prng.below(3) > 0) y.push_back({from_ms(1000 + 100 * i), prices[static_cast<std::size_t>(i - 3)]});
    }
    const auto found = lead_lag(x, y, milliseconds{100}, 10);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->lag, Nanos{milliseconds{300}});
    EXPECT_GT(found->ratio, 2);
    EXPECT_GT(found->correlation, 0.6);
    const auto reversed = lead_lag(y, x, milliseconds{100}, 10);
    EXPECT_EQ(reversed.value().lag, Nanos{milliseconds{-300}});
}

TEST(HayashiYoshida, APathThatStandsStillHasNoCorrelation) {
    const Path flat = path({{0, 100}, {5, 100}});
    EXPECT_FALSE(hayashi_yoshida(kX, flat).correlation());
    EXPECT_FALSE(hayashi_yoshida(flat, kX).beta());
    EXPECT_FALSE(lead_lag(kX, flat, seconds{1}, 2));
    EXPECT_FALSE(hayashi_yoshida({}, kX).correlation());
    EXPECT_FALSE(lead_lag({}, {}, seconds{1}, 2));
}

}  // namespace
}  // namespace vt::indicators
