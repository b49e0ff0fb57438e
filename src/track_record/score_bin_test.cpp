#include "track_record/score_bin.hpp"

#include "track_record/test_signals.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace vt::track_record {
namespace {

std::vector<const Judged*> pointers_to(const std::vector<Judged>& all) {
    std::vector<const Judged*> found;
    for (const Judged& one : all) found.push_back(&one);
    return found;
}

Judged judged(double hours, double gross, double net, Barrier barrier, double r) {
    Judged one{.strategy = "a", .symbol = "BTC"};
    one.confirmed_at = test::kFirst + Nanos{static_cast<std::int64_t>(hours * 3600e9)};
    one.ended_at = one.confirmed_at + std::chrono::minutes{30};
    one.barrier = barrier;
    one.net_r = r;
    one.horizons[1] = {.gross = Bps{gross}, .net = Bps{net}};
    return one;
}

TEST(ScoreBin, FiguresByHand) {
    const std::vector<Judged> all{judged(0, 30, 15, Barrier::target, 1.4), judged(10, 5, -10, Barrier::stop, -1.1),
                                  judged(20, -20, -35, Barrier::stop, -1.1),
                                  judged(30, 8, -7, Barrier::expired, -0.2)};
    const auto signals = pointers_to(all);
    const SymbolNumbers symbols(signals);
    const auto hour = horizon_record(signals, 1, symbols, {});
    ASSERT_TRUE(hour.has_value());
    EXPECT_EQ(hour->n, 4U);
    EXPECT_NEAR(hour->n_eff, 4, 1e-9);
    EXPECT_NEAR(hour->hit_rate, 0.75, 1e-12) << "above 0 before costs";
    EXPECT_NEAR(hour->above_costs, 0.25, 1e-12);
    EXPECT_NEAR(hour->mean_net_bps, -37.0 / 4, 1e-12);
    EXPECT_NEAR(hour->net_bps.median, -8.5, 1e-12);
    EXPECT_NEAR(hour->net_bps.lower, -16.25, 1e-12);
    EXPECT_TRUE(hour->is_thin);
    const auto barrier = barrier_record(signals, symbols, {});
    EXPECT_NEAR(barrier->target, 0.25, 1e-12);
    EXPECT_NEAR(barrier->stop, 0.5, 1e-12);
    EXPECT_NEAR(barrier->expired, 0.25, 1e-12);
    EXPECT_NEAR(*barrier->mean_net_r, -0.25, 1e-12);
    EXPECT_FALSE(horizon_record(signals, 3, symbols, {}).has_value()) << "nothing is known of a day yet";
}

TEST(ScoreBin, WhatHasNoEndIsLeftOutNotCountedAsALoss) {
    std::vector<Judged> all{judged(0, 30, 15, Barrier::target, 1.4), judged(10, 5, -10, Barrier::none, 0)};
    all[1].net_r.reset();
    all[1].horizons[1].gross.reset();
    const auto signals = pointers_to(all);
    const SymbolNumbers symbols(signals);
    EXPECT_EQ(barrier_record(signals, symbols, {})->n, 1U);
    EXPECT_EQ(barrier_record(signals, symbols, {})->target, 1);
    EXPECT_EQ(horizon_record(signals, 1, symbols, {})->n, 1U);
    EXPECT_FALSE(barrier_record(std::vector<const Judged*>{&all[1]}, symbols, {}).has_value());
}

TEST(ScoreBin, TheSameMomentSeenOftenCountsOnce) {
    const std::vector<Judged> all(50, judged(0, 30, 15, Barrier::target, 1.4));
    const auto signals = pointers_to(all);
    const SymbolNumbers symbols(signals);
    EXPECT_NEAR(barrier_record(signals, symbols, {})->n_eff, 1, 1e-9);
    EXPECT_LT(barrier_record(signals, symbols, {})->target_interval.lower, 0.25) << "one success proves little";
}

TEST(ScoreBin, BinsHoldAllAndDoNotSplitEqualStrengths) {
    std::vector<Judged> all;
    for (int i = 0; i < 97; ++i) {
        all.push_back(judged(i, 1, 1, Barrier::target, 1));
        all.back().score = 70 + i / 7;
    }
    const auto signals = pointers_to(all);
    const auto bins = score_bins(signals, 10, SymbolNumbers(signals), {});
    std::size_t n = 0;
    for (std::size_t i = 0; i < bins.size(); ++i) {
        n += bins[i].n;
        EXPECT_LE(bins[i].from, bins[i].to);
        if (i > 0) {
            EXPECT_GT(bins[i].from, bins[i - 1].to);
        }
    }
    EXPECT_EQ(n, 97U);
    EXPECT_GE(bins.size(), 7U);
    EXPECT_LE(bins.size(), 10U);
}

/// Share of 10,000 runs in which the 95 % interval of one bin's targets holds the planted .23. Only the ends of the
/// signals are drawn anew: two symbols' ends at the same time are correlated by `agreement`.
double covered(int symbols, int steps, double agreement, double assumed) {
    constexpr int kRuns = 10'000;
    constexpr double kChance = 0.23;
    Prng prng(1);
    auto all = test::signals_of({.symbols = symbols}, steps, prng);
    const auto signals = pointers_to(all);
    const SymbolNumbers numbers(signals);
    const double follows = std::sqrt(agreement);
    int inside = 0;
    for (int run = 0; run < kRuns; ++run) {
        bool is_common = false;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (i % static_cast<std::size_t>(symbols) == 0) is_common = prng.uniform() < kChance;
            const bool came = prng.uniform() < follows ? is_common : prng.uniform() < kChance;
            all[i].barrier = came ? Barrier::target : Barrier::stop;
        }
        const auto record = barrier_record(signals, numbers, {.correlation = assumed});
        inside += record->target_interval.contains(kChance) ? 1 : 0;
    }
    return static_cast<double>(inside) / kRuns;
}

TEST(ScoreBin, IntervalsCoverWhatTheySay) {
    const double alone = covered(1, 60, 0, 0);
    EXPECT_GT(alone, 0.93);
    EXPECT_LT(alone, 0.97);
    const double together = covered(3, 40, 0.5, 0.5);
    EXPECT_GT(together, 0.93) << "three symbols whose outcomes are correlated by one half";
    EXPECT_LT(together, 0.97);
    EXPECT_LT(covered(3, 40, 0.5, 0), 0.87) << "taken for independent they would claim too much";
}

}  // namespace
}  // namespace vt::track_record
