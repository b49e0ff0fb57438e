#include "risk/params.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <limits>
#include <string>

namespace vt::risk {
namespace {

TEST(RiskParams, TheDefaultsAgree) { EXPECT_TRUE(contradictions(Params{}).empty()); }

TEST(RiskParams, EachContradictionIsNamedOnce) {
    struct Case {
        std::string names;
        std::function<void(Params&)> change;
    };
    const Case cases[] = {
        {"position_max (0.6) is above cluster_max (0.5)", [](Params& p) { p.position_max = .6, p.cluster_max = .5; }},
        {"cluster_max (1.6) is above gross_max (1.5)", [](Params& p) { p.cluster_max = 1.6, p.gross_max = 1.5; }},
        {"net_max (2.5) is above gross_max (2)", [](Params& p) { p.net_max = 2.5; }},
        {"gross_max (3.5) is above leverage_max x margin_max (3)", [](Params& p) { p.gross_max = 3.5; }},
        {"risk_share (0.01) is above open_risk_max (0.009)",
         [](Params& p) { p.risk_share = .01, p.open_risk_max = .009; }},
        {"risk_share (0.015) is above daily_loss_max (0.01)",
         [](Params& p) { p.risk_share = .015, p.daily_loss_max = .01; }},
        {"daily_loss_max (0.06) is above weekly_loss_max (0.05)", [](Params& p) { p.daily_loss_max = .06; }},
        {"weekly_loss_max (0.25) is above drawdown_halted (0.2)", [](Params& p) { p.weekly_loss_max = .25; }},
        {"drawdown_half (0.16) is above drawdown_reducing (0.15)", [](Params& p) { p.drawdown_half = .16; }},
        {"drawdown_reducing (0.21) is above drawdown_halted (0.2)", [](Params& p) { p.drawdown_reducing = .21; }},
        {"risk_share is 0:", [](Params& p) { p.risk_share = 0; }},
        {"kelly_fraction is 1.1:", [](Params& p) { p.kelly_fraction = 1.1; }},
        {"volatility_target is nan:",
         [](Params& p) { p.volatility_target = std::numeric_limits<double>::quiet_NaN(); }},
        {"expected_shortfall_max is -0.1:", [](Params& p) { p.expected_shortfall_max = -.1; }},
        {"losses_in_row_max is 0:", [](Params& p) { p.losses_in_row_max = 0; }},
        {"venue_failures_max is 101:", [](Params& p) { p.venue_failures_max = 101; }},
        {"latency_max is 0 s:", [](Params& p) { p.latency_max = {}; }},
        {"loss_cooldown is -1 s:", [](Params& p) { p.loss_cooldown = std::chrono::seconds{-1}; }},
    };
    for (const Case& each : cases) {
        Params params;
        each.change(params);
        const auto found = contradictions(params);
        ASSERT_EQ(found.size(), 1U) << each.names;
        EXPECT_NE(found.front().find(each.names), std::string::npos) << found.front();
    }
}

TEST(RiskParams, EqualLimitsAgree) {
    Params params;
    params.position_max = params.cluster_max = params.net_max = params.gross_max = 1.5;
    params.daily_loss_max = params.weekly_loss_max = params.drawdown_halted;
    params.drawdown_half = params.drawdown_reducing = params.drawdown_halted;
    EXPECT_TRUE(contradictions(params).empty());
}

}  // namespace
}  // namespace vt::risk
