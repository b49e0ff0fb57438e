#include "cards/chart_scale.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace vt::cards {
namespace {

TEST(ChartScale, PricesAreRound) {
    EXPECT_EQ(price_ticks(96'480, 101'141.5, 6, 0.1),
              (std::vector<double>{97'000, 98'000, 99'000, 100'000, 101'000}));
    EXPECT_EQ(price_ticks(0.3, 0.9, 4, 0.01), (std::vector<double>{0.4, 0.6, 0.8}));
    EXPECT_EQ(price_ticks(1.02e-8, 1.5e-8, 6, 1e-10), (std::vector<double>{1.1e-8, 1.2e-8, 1.3e-8, 1.4e-8, 1.5e-8}));
    EXPECT_EQ(price_ticks(10.1, 10.4, 6, 0.25), (std::vector<double>{}));  // none finer than a tick's half
    EXPECT_EQ(price_ticks(5, 5, 6, 0.1), (std::vector<double>{5}));
}

TEST(ChartScale, PricesAreWholeStepsFewEnoughAndInside) {
    Prng random(11);
    for (int round = 0; round < 2'000; ++round) {
        const double scale = std::pow(10.0, std::floor(random.uniform() * 14) - 8);
        const double low = random.uniform() * scale, high = low + random.uniform() * scale * 0.3;
        const double tick = scale / 1e4;
        const std::vector<double> ticks = price_ticks(low, high, 6, tick);
        EXPECT_LE(ticks.size(), 6U);
        for (std::size_t index = 0; index < ticks.size(); ++index) {
            EXPECT_GE(ticks[index], low * (1 - 1e-8));
            EXPECT_LE(ticks[index], high * (1 + 1e-8));
            if (index > 0) {
                EXPECT_GE(ticks[index] - ticks[index - 1], tick * (1 - 1e-6));
            }
        }
        if (high - low > 20 * tick) {
            EXPECT_GE(ticks.size(), 1U) << low << " " << high;
        }
    }
}

TEST(ChartScale, TimesAreWholeHoursAndDays) {
    const Timestamp noon = from_ms(1'795'521'600'000);  // 2026-11-24 12:00
    const auto words = [](const std::vector<TimeTick>& ticks) {
        std::string all;
        for (const TimeTick& tick : ticks) all += tick.text + " ";
        return all;
    };
    EXPECT_EQ(words(time_ticks(noon - std::chrono::minutes{70}, noon + std::chrono::minutes{19}, 4)),
              "11:00 11:30 12:00 ");
    EXPECT_EQ(words(time_ticks(noon - std::chrono::hours{20}, noon, 5)), "18:00 11-24 06:00 12:00 ");
    EXPECT_EQ(words(time_ticks(noon, noon, 5)), "12:00 ");
    for (const int hours : {1, 5, 33, 200, 5'000, 50'000})
        for (const int most : {1, 3, 8}) {
            const auto ticks = time_ticks(noon - std::chrono::hours{hours}, noon, most);
            EXPECT_LE(ticks.size(), static_cast<std::size_t>(most)) << hours;
        }
}

TEST(ChartScale, PlacesMoveApartAsLittleAsTheyCan) {
    EXPECT_EQ(spread_apart({10, 100}, 30, 0, 200), (std::vector<double>{10, 100}));
    EXPECT_EQ(spread_apart({50, 50}, 30, 0, 200), (std::vector<double>{35, 65}));
    EXPECT_EQ(spread_apart({50, 50, 50}, 30, 0, 200), (std::vector<double>{20, 50, 80}));
    EXPECT_EQ(spread_apart({0, 0}, 30, 0, 200), (std::vector<double>{0, 30}));
    EXPECT_EQ(spread_apart({200, 200}, 30, 0, 200), (std::vector<double>{170, 200}));
    EXPECT_TRUE(spread_apart({}, 30, 0, 200).empty());
}

TEST(ChartScale, PlacesKeepTheirDistanceAndBeatAPushDownward) {
    Prng random(5);
    for (int round = 0; round < 2'000; ++round) {
        std::vector<double> wanted;
        const auto count = static_cast<std::size_t>(1 + random.uniform() * 9);
        for (std::size_t index = 0; index < count; ++index) wanted.push_back(random.uniform() * 400);
        std::sort(wanted.begin(), wanted.end());
        const std::vector<double> places = spread_apart(wanted, 36, 0, 400);
        ASSERT_EQ(places.size(), wanted.size());
        double cost = 0, cost_of_push = 0, lowest = -36;
        bool push_fits = true;
        for (std::size_t index = 0; index < count; ++index) {
            EXPECT_GE(places[index], -1e-9);
            EXPECT_LE(places[index], 400 + 1e-9);
            if (index > 0) {
                EXPECT_GE(places[index] - places[index - 1], 36 - 1e-9);
            }
            cost += std::pow(places[index] - wanted[index], 2);
            lowest = std::max(wanted[index], lowest + 36);
            cost_of_push += std::pow(lowest - wanted[index], 2);
            push_fits = push_fits && lowest <= 400;
        }
        if (push_fits) {
            EXPECT_LE(cost, cost_of_push + 1e-6);
        }
    }
}

}  // namespace
}  // namespace vt::cards
