#include "risk/sizing.hpp"

#include "base/prng.hpp"
#include "risk/test_trade.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <limits>

namespace vt::risk {
namespace {

using market::Side;
using trading::Money;

TradePlan plan_of(std::int64_t entry, std::int64_t stop) {
    return {.side = entry > stop ? Side::buy : Side::sell,
            .entry = Ticks{entry},
            .stop = Ticks{stop},
            .costs = {.fee_bps = 5.5, .entry_bps = 2, .exit_bps = 2}};
}

market::Instrument fine_lots() {
    auto instrument = trading::test_perpetual();
    instrument.lot_size = {1, 6};
    return instrument;
}

Lots allowed(const Sizing& sizing, SizeRule rule) { return sizing.allowed[static_cast<std::size_t>(rule)].value(); }

TEST(Sizing, PublishedVectorRoundedDown) {
    const auto instrument = fine_lots();
    const auto plan = plan_of(1000, 982);
    const Sizing sizing = size_of({.instrument = instrument,
                                   .plan = plan,
                                   .equity = units_of(10'000),
                                   .annual_volatility = .4,
                                   .mark = Ticks{1000},
                                   .room = units_of(5'000)},
                                  {});
    EXPECT_EQ(sizing.quantity, Lots{25'641'025}) << "25.641025641";
    EXPECT_EQ(sizing.bound_by, SizeRule::stop_risk);
    TradePlan free = plan;
    free.costs = {};
    const Sizing without = size_of({.instrument = instrument,
                                    .plan = free,
                                    .equity = units_of(10'000),
                                    .annual_volatility = .4,
                                    .mark = Ticks{1000},
                                    .room = units_of(5'000)},
                                   {});
    EXPECT_EQ(without.quantity, Lots{27'777'777}) << "27.777777";
}

TEST(Sizing, VolatilityVectors) {
    const double annual = annualised(.006, std::chrono::hours{1});
    EXPECT_NEAR(annual, 0.5615692299262843, 1e-15);
    const auto instrument = fine_lots();
    const auto plan = plan_of(1000, 999);  // so near that the volatility decides
    Params params;
    params.risk_share = .1;
    const auto weight_at = [&](double volatility) {
        const Sizing sizing = size_of({.instrument = instrument,
                                       .plan = plan,
                                       .equity = units_of(10'000),
                                       .annual_volatility = volatility,
                                       .mark = Ticks{1000},
                                       .room = units_of(90'000)},
                                      params);
        EXPECT_EQ(sizing.bound_by, SizeRule::volatility);
        return instrument.quantity(sizing.quantity) * 100 / 10'000;
    };
    EXPECT_NEAR(weight_at(annual), 0.7122897386178138, 1e-8);
    EXPECT_NEAR(weight_at(.8), .5, 1e-8);
    EXPECT_NEAR(weight_at(.1), 1, 1e-8) << "a quiet market gets no more than that";
}

TEST(Sizing, ImpactVector) { EXPECT_NEAR(square_root_impact(.03, 1, 100) * 1e4, 30, 1e-10); }

TEST(Sizing, EachRuleCanBeTheSmallest) {
    auto instrument = trading::test_perpetual();
    auto plan = plan_of(1000, 982);
    SizeInputs in{.instrument = instrument,
                  .plan = plan,
                  .equity = units_of(10'000),
                  .annual_volatility = .4,
                  .mark = Ticks{1000},
                  .room = units_of(5'000)};
    EXPECT_EQ(size_of(in, {}).bound_by, SizeRule::stop_risk);
    in.annual_volatility = 4;  // weight .1: 10 units
    EXPECT_EQ(size_of(in, {}).bound_by, SizeRule::volatility);
    EXPECT_EQ(size_of(in, {}).quantity, Lots{10'000});
    in.annual_volatility = .4;
    // a quarter of 2 x .505 - 1 = .01, an edge without error: .0025 of the equity, half of the risk's share
    plan.chance = WinChance{.probability = .6, .low = .505, .standard_error = 0, .payoff = 1};
    EXPECT_EQ(size_of(in, {}).bound_by, SizeRule::kelly);
    EXPECT_EQ(size_of(in, {}).quantity, Lots{12'820});
    in.related_risk = units_of(10);  // of 25 that may be lost together
    EXPECT_EQ(allowed(size_of(in, {}), SizeRule::kelly), Lots{7'692}) << "15 / 1.95";
    in.related_risk = units_of(25);
    EXPECT_EQ(size_of(in, {}).quantity, Lots{});
    in.related_risk.reset();
    EXPECT_EQ(size_of(in, {}).quantity, Lots{}) << "not known: it may be all";
    in.related_risk = Money{};
    plan.chance.reset();
    in.room = units_of(99.99);
    EXPECT_EQ(size_of(in, {}).bound_by, SizeRule::position_room);
    EXPECT_EQ(size_of(in, {}).quantity, Lots{999});
    in.room = units_of(5'000);
    in.limits.most = Lots{7};
    EXPECT_EQ(size_of(in, {}).bound_by, SizeRule::venue_maximum);
    EXPECT_EQ(size_of(in, {}).quantity, Lots{7});
}

TEST(Sizing, WhatIsNotKnownBoundsNothing) {
    const auto instrument = trading::test_perpetual();
    const auto plan = plan_of(1000, 982);
    const Sizing sizing = size_of({.instrument = instrument,
                                   .plan = plan,
                                   .equity = units_of(10'000),
                                   .mark = Ticks{1000},
                                   .room = units_of(5'000)},
                                  {});
    EXPECT_FALSE(sizing.allowed[static_cast<std::size_t>(SizeRule::volatility)]);
    EXPECT_FALSE(sizing.allowed[static_cast<std::size_t>(SizeRule::kelly)]);
    EXPECT_FALSE(sizing.allowed[static_cast<std::size_t>(SizeRule::venue_maximum)]);
    EXPECT_EQ(allowed(sizing, SizeRule::stop_risk), Lots{25'641});
}

TEST(Sizing, HalfOfWhatIsRiskedIsHalfOfTheSize) {
    const auto instrument = trading::test_perpetual();
    const auto plan = plan_of(1000, 982);
    SizeInputs in{.instrument = instrument,
                  .plan = plan,
                  .equity = units_of(10'000),
                  .multiplier = .5,
                  .annual_volatility = .4,
                  .mark = Ticks{1000},
                  .room = units_of(5'000)};
    EXPECT_EQ(size_of(in, {}).quantity, Lots{12'820});
    in.multiplier = 0;
    EXPECT_EQ(size_of(in, {}).quantity, Lots{});
}

TEST(Sizing, NoQuantityLosesMoreThanAllowedAndOneStepMoreWould) {
    Prng random(7, "sizing");
    for (int round = 0; round < 20'000; ++round) {
        auto instrument = trading::test_perpetual();
        instrument.lot_size = {static_cast<std::int64_t>(1 + random.below(9)),
                               static_cast<std::int8_t>(random.below(7))};
        const auto entry = static_cast<std::int64_t>(2 + random.below(1'000'000));
        const auto way = static_cast<std::int64_t>(1 + random.below(static_cast<std::uint64_t>(entry - 1)));
        auto plan = plan_of(entry, random.below(2) == 0 ? entry - way : entry + way);
        plan.costs.fee_bps = static_cast<double>(random.below(100)) / 10;
        const Lots step{static_cast<std::int64_t>(1 + random.below(20))};
        const Money equity{static_cast<std::int64_t>(random.below(1'000'000'000'000'000))};
        const Sizing sizing = size_of({.instrument = instrument,
                                       .plan = plan,
                                       .limits = {.step = step},
                                       .equity = equity,
                                       .mark = Ticks{entry},
                                       .room = equity},
                                      {});
        const Lots quantity = allowed(sizing, SizeRule::stop_risk);
        ASSERT_EQ(quantity.value() % step.value(), 0);
        const long double allowance = static_cast<long double>(equity.value()) * .005L;
        const auto loss = [&](Lots lots) {  // in steps of money, without any rounding
            const long double each =
                static_cast<long double>(way) +
                static_cast<long double>(entry) * static_cast<long double>(plan.costs.round_trip_bps() * 1e-4);
            return each * 1e7L * static_cast<long double>(lots.value()) *
                   static_cast<long double>(instrument.lot_size.mantissa) *
                   std::pow(10.0L, -static_cast<long double>(instrument.lot_size.scale));
        };
        ASSERT_LE(loss(quantity), allowance + 2) << round;
        ASSERT_GT(loss(quantity + step), allowance - 4) << round;
        ASSERT_LE(trading::notional_of(instrument, Ticks{entry}, allowed(sizing, SizeRule::position_room)).value(),
                  equity);
    }
}

TEST(Sizing, AnAbsurdPlanEndsAndGivesNothingAbsurd) {
    auto instrument = trading::test_perpetual();
    const TradePlan plan{.entry = Ticks{4'000'000'000'000'000}, .stop = Ticks{3'999'999'999'999'999}};
    const Sizing sizing = size_of({.instrument = instrument,
                                   .plan = plan,
                                   .equity = Money{9'000'000'000'000'000'000},
                                   .mark = plan.entry,
                                   .room = Money{9'000'000'000'000'000'000}},
                                  {});
    EXPECT_LE(sizing.quantity, Lots{1});
}

TEST(Sizing, QuantityLimitsAreWholeStepsWithinTheVenues) {
    auto instrument = trading::test_perpetual();  // lot .001
    instrument.limits.quantity_min = Decimal{15, 3};
    instrument.limits.quantity_max = Decimal{1'234'567, 4};     // 123.4567
    instrument.limits.market_quantity_max = Decimal{1'005, 2};  // 10.05
    instrument.limits.market_lot_size = Decimal{1, 1};          // .1
    instrument.limits.quantity_step = Decimal{1, 2};            // .01
    const auto market_order = quantity_limits(instrument, trading::OrderKind::market).value();
    EXPECT_EQ(market_order.step, Lots{100});
    EXPECT_EQ(market_order.least, Lots{100});
    EXPECT_EQ(market_order.most, Lots{10'000});
    const auto limit_order = quantity_limits(instrument, trading::OrderKind::limit).value();
    EXPECT_EQ(limit_order.step, Lots{10});
    EXPECT_EQ(limit_order.least, Lots{20});
    EXPECT_EQ(limit_order.most, Lots{123'450});
    EXPECT_EQ(limit_order.rounded_down(Lots{29}), Lots{20});
}

TEST(Sizing, ASymbolWithoutFiltersHasNoQuantityLimits) {
    const auto kind = trading::OrderKind::market;
    EXPECT_TRUE(quantity_limits(trading::test_perpetual(), kind));
    for (int missing = 0; missing < 5; ++missing) {
        auto instrument = trading::test_perpetual();
        if (missing == 0) instrument.limits.quantity_min.reset();
        if (missing == 1) instrument.limits.notional_min.reset();
        if (missing == 2) instrument.lot_size = {};
        if (missing == 3) instrument.tick_size = {};
        if (missing == 4) instrument.limits.quantity_step = Decimal{15, 4};  // .0015 is not whole lots of .001
        EXPECT_FALSE(quantity_limits(instrument, kind)) << missing;
    }
}

TEST(Sizing, CostsThatAreNoNumberFitNoSize) {
    const auto instrument = trading::test_perpetual();
    auto plan = plan_of(1000, 982);
    plan.costs.entry_bps = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(loss_at_stop(instrument, plan, Lots{1000}), std::nullopt);
    const Sizing sizing = size_of({.instrument = instrument,
                                   .plan = plan,
                                   .equity = units_of(10'000),
                                   .mark = Ticks{1000},
                                   .room = units_of(5'000)},
                                  {});
    EXPECT_EQ(sizing.quantity, Lots{});
}

TEST(Sizing, ARebateIsNoReasonForALargerTrade) {
    const auto instrument = trading::test_perpetual();
    auto plan = plan_of(1000, 982);
    plan.costs = {.fee_bps = -5};
    EXPECT_EQ(loss_at_stop(instrument, plan, Lots{1000}), units_of(1.8));
    plan.costs = {.fee_bps = 5.5, .entry_bps = 2, .exit_bps = 2};
    EXPECT_EQ(loss_at_stop(instrument, plan, Lots{1000}), units_of(1.95));
}

}  // namespace
}  // namespace vt::risk
