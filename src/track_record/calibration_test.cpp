#include "track_record/calibration.hpp"

#include "statistics/log_odds.hpp"
#include "track_record/test_signals.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace vt::track_record {
namespace {

double rising(double strength) { return statistics::logistic((strength - 85) / 8); }
double flat(double) { return 0.3; }
/// Nothing below 85, much above: no sigmoid has this shape.
double stepped(double strength) { return strength < 85 ? 0.2 : 0.7; }

std::vector<Judged> market_of(double (*chance)(double), int steps, std::uint64_t seed, int symbols = 1) {
    Prng prng(seed);
    return test::signals_of({.symbols = symbols, .chance = chance}, steps, prng);
}

const CalibrationPlan kIndependent{.counting = {.correlation = 0}};

TEST(Calibration, FindsThePlantedProbabilities) {
    const auto found = calibrate(market_of(rising, 6000, 1), kIndependent);
    ASSERT_TRUE(found.map.has_value());
    EXPECT_EQ(found.map->shape, MapShape::platt) << "the truth is a sigmoid";
    EXPECT_NEAR(found.map->n_eff, 6000, 1e-6);
    for (double strength = 71; strength < 95; strength += 3) {
        EXPECT_NEAR(*found.probability("BTC", strength, 1), rising(strength), 0.03) << strength;
        EXPECT_EQ(found.probability("BTC", strength, 1), found.probability("BTC", 100 - strength, -1)) << "mirrored";
    }
    EXPECT_NEAR(found.map->line->slope, 1, 0.1);
    EXPECT_LT(found.map->log_loss_platt, found.map->log_loss_base - 0.02);
    EXPECT_GT(*found.map->area_under_curve, 0.6);
    EXPECT_LT(found.map->calibration_error, 0.03);
    ASSERT_EQ(found.bins.size(), 10U);
    for (const ScoreBin& bin : found.bins) {
        EXPECT_EQ(bin.n, 600U);
        EXPECT_NEAR(bin.barrier->target, rising((bin.from + bin.to) / 2), 0.07);
        EXPECT_FALSE(bin.barrier->is_thin);
    }
    EXPECT_LT(found.expected_net(1, 71, 1)->value(), found.expected_net(1, 94, 1)->value());
}

TEST(Calibration, TakesTheShapeThatDoesBetterOnWhatItHasNotSeen) {
    const auto found = calibrate(market_of(stepped, 6000, 2), kIndependent);
    ASSERT_TRUE(found.map.has_value());
    EXPECT_EQ(found.map->shape, MapShape::isotonic);
    EXPECT_LT(found.map->log_loss_isotonic, found.map->log_loss_platt);
    EXPECT_NEAR(*found.probability("BTC", 75, 1), 0.2, 0.04);
    EXPECT_NEAR(*found.probability("BTC", 92, 1), 0.7, 0.04);
}

TEST(Calibration, WithoutAnEdgeTheMapIsNoBetterThanTheBaseRate) {
    int better = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const auto found = calibrate(market_of(flat, 600, seed), kIndependent);
        const double best = std::min(found.map->log_loss_isotonic, found.map->log_loss_platt);
        better += best < found.map->log_loss_base ? 1 : 0;
        EXPECT_NEAR(*found.map->area_under_curve, 0.5, 0.12);
    }
    EXPECT_LE(better, 10);
}

TEST(Calibration, SegmentsAndSidesStayApart) {
    Prng prng(3);
    auto all = test::signals_of({.chance = flat}, 200, prng);
    const auto demo = test::signals_of({.chance = flat, .segment = Segment::demo}, 60, prng);
    all.insert(all.end(), demo.begin(), demo.end());
    EXPECT_EQ(calibrate(all, {}).n, 200U);
    EXPECT_EQ(calibrate(all, {.segment = Segment::demo}).n, 60U);
    EXPECT_EQ(calibrate(all, {.sides = Sides::long_only}).n, 100U);
    EXPECT_EQ(calibrate(all, {.sides = Sides::short_only}).n, 100U);
    const auto none = calibrate(all, {.segment = Segment::paper});
    EXPECT_EQ(none.n, 0U);
    EXPECT_TRUE(none.bins.empty());
    EXPECT_FALSE(none.probability("BTC", 80, 1).has_value());
}

TEST(Calibration, FewSaysNothing) {
    const auto found = calibrate(market_of(flat, 29, 4), kIndependent);
    EXPECT_FALSE(found.map.has_value());
    EXPECT_FALSE(found.probability("S100", 80, 1).has_value());
    EXPECT_FALSE(found.expected_net(1, 80, 1).has_value());
    ASSERT_FALSE(found.bins.empty()) << "what there is is shown, and marked";
    EXPECT_TRUE(found.bins.front().barrier->is_thin);
    const auto more = calibrate(market_of(flat, 200, 4), kIndependent);
    EXPECT_TRUE(more.probability("S100", 80, 1).has_value());
    EXPECT_FALSE(more.probability("S100", 60, 1).has_value()) << "no signal was as weak as that";
}

TEST(Calibration, ASymbolIsDrawnTowardAll) {
    Prng prng(5);
    auto all = test::signals_of({.symbols = 3, .chance = flat}, 300, prng);
    for (Judged& one : all) {  // the first symbol always wins, of a fourth there is little
        if (one.symbol == "S100") one.barrier = Barrier::target;
    }
    for (int i = 0; i < 4; ++i) {
        all.push_back(all[static_cast<std::size_t>(3 * i)]);
        all.back().symbol = "S900";
    }
    const auto found = calibrate(all, kIndependent);
    ASSERT_EQ(found.symbols.size(), 4U);
    const double base = *found.probability("S555", 80, 1);
    EXPECT_GT(*found.probability("S100", 80, 1), base + 0.2);
    EXPECT_LT(*found.probability("S101", 80, 1), base - 0.05);
    const SymbolRecord& little = found.symbols.back();
    EXPECT_EQ(little.symbol, "S900");
    EXPECT_EQ(little.n, 4U);
    EXPECT_NEAR(little.rate, (4 + 50 * little.expected) / 54, 1e-9) << "four of four is no certainty";
    EXPECT_TRUE(little.rate_interval.contains(little.rate));
}

TEST(Calibration, TheCallersOrderDoesNotMatter) {
    auto all = market_of(rising, 400, 6, 3);
    const auto before = calibrate(all, {});
    std::reverse(all.begin(), all.end());
    const auto after = calibrate(all, {});
    EXPECT_EQ(before.map->log_loss_isotonic, after.map->log_loss_isotonic);
    EXPECT_EQ(before.probability("S101", 88, 1), after.probability("S101", 88, 1));
    for (std::size_t i = 0; i < before.bins.size(); ++i) {
        EXPECT_NEAR(before.bins[i].barrier->n_eff, after.bins[i].barrier->n_eff, 1e-9);
    }
}

/// Signals each minute with a life of two hours: a hundred times fewer than they seem.
TEST(Calibration, OverlappingSignalsAreFewerThanTheySeem) {
    Prng prng(7);
    const auto all = test::signals_of({.step = std::chrono::minutes{1}, .chance = flat}, 2000, prng);
    const auto found = calibrate(all, {});
    EXPECT_FALSE(found.map.has_value()) << "2,000 signals in 33 hours are 17 outcomes";
    const auto longer = test::signals_of({.step = std::chrono::minutes{1}, .chance = flat}, 8000, prng);
    EXPECT_NEAR(calibrate(longer, {}).map->n_eff, 8000.0 / 120, 2);
}

TEST(Calibration, NamesOfAll) {
    EXPECT_EQ(name(Sides::mirrored), "mirrored");
    EXPECT_EQ(name(MapShape::isotonic), "isotonic");
    EXPECT_EQ(name(Segment::out_of_sample), "out_of_sample");
    EXPECT_EQ(name(Barrier::expired), "expired");
}

}  // namespace
}  // namespace vt::track_record
