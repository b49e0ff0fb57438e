#include "trading/margin_tier.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace vt::trading {
namespace {

Money money(double amount) { return money_of(amount).value(); }

/// Half a percent to 1,000, one percent to 5,000, less what makes the step between them no jump.
std::vector<market::MarginTier> two_tiers() {
    return {{.worth_max = {1000, 0}, .maintenance_rate = {5, 3}, .leverage_max = {100, 0}},
            {.worth_max = {5000, 0},
             .maintenance_rate = {1, 2},
             .maintenance_deduction = {5, 0},
             .leverage_max = {50, 0}}};
}

TEST(MarginTier, HoldsPositionsUpToItsWorth) {
    const auto tiers = two_tiers();
    EXPECT_EQ(tier_of(tiers, money(0)), &tiers[0]);
    EXPECT_EQ(tier_of(tiers, money(1000)), &tiers[0]);
    EXPECT_EQ(tier_of(tiers, money(1000) + Money{1}), &tiers[1]);
    EXPECT_EQ(tier_of(tiers, money(5000)), &tiers[1]);
    EXPECT_EQ(tier_of(tiers, money(5000) + Money{1}), nullptr);
    EXPECT_EQ(tier_of({}, money(1)), nullptr);
    const std::vector<market::MarginTier> endless{{.worth_max = {1'000'000'000'000'000'000, 0}}};
    EXPECT_EQ(tier_of(endless, Money{9'000'000'000'000'000'000}), &endless[0]) << "more than can be counted";
}

TEST(MarginTier, MaintenanceIsTheTiersRateOfTheWholeLessItsDeduction) {
    const auto tiers = two_tiers();
    EXPECT_EQ(maintenance_margin(tiers[0], money(1000)), money(5));
    EXPECT_EQ(maintenance_margin(tiers[1], money(1000)), money(5)) << "no jump";
    EXPECT_EQ(maintenance_margin(tiers[1], money(5000)), money(45));
    EXPECT_EQ(maintenance_margin(tiers[1], money(100)), Money{}) << "never negative";
    EXPECT_DOUBLE_EQ(maintenance_share(tiers[1], money(5000)), .009);
    EXPECT_DOUBLE_EQ(maintenance_share(tiers[1], money(100)), 0);
}

TEST(MarginTier, LeverageBoundsTheWorth) {
    const auto tiers = two_tiers();
    EXPECT_EQ(worth_most_at(tiers, 100), money(1000));
    EXPECT_EQ(worth_most_at(tiers, 50.5), money(1000));
    EXPECT_EQ(worth_most_at(tiers, 50), money(5000));
    EXPECT_EQ(worth_most_at(tiers, 101), std::nullopt);
}

}  // namespace
}  // namespace vt::trading
