#include "paper/params.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string_view>
#include <utility>
#include <vector>

namespace vt::paper {
namespace {

TEST(PaperParams, EachIsHeldToItsRangeAndNamed) {
    const std::vector<std::pair<std::string_view, std::function<void(Params&)>>> cases{
        {"deposit", [](Params& p) { p.deposit = trading::Money{}; }},
        {"deposit", [](Params& p) { p.deposit += trading::Money{99'990'001 * trading::kMoneyPerUnit}; }},
        {"margin.leverage", [](Params& p) { p.margin.leverage = 0; }},
        {"margin.leverage", [](Params& p) { p.margin.leverage = 201; }},
        {"margin.maintenance", [](Params& p) { p.margin.maintenance = {1, 0}; }},
        {"latency.least", [](Params& p) { p.latency.least = std::chrono::minutes{2}; }},
        {"latency.least", [](Params& p) { p.latency.most = std::chrono::milliseconds{159}; }},
        {"latency.mean_above", [](Params& p) { p.latency.mean_above = Nanos{-1}; }},
        {"latency.most", [](Params& p) { p.latency.most = std::chrono::minutes{2}; }},
        {"latency.report", [](Params& p) { p.latency.report = Nanos{-1}; }},
        {"latency.measured", [](Params& p) { p.latency.measured = {Nanos{-1}}; }},
        {"latency.measured", [](Params& p) { p.latency.measured.resize(4097); }},
        {"fees.maker", [](Params& p) { p.fees.maker = {-1, 4}; }},
        {"fees.taker", [](Params& p) { p.fees.taker = {1, 0}; }},
        {"bars.interval", [](Params& p) { p.bars.interval = Nanos{}; }},
        {"bars.slippage", [](Params& p) { p.bars.slippage = {1, 0}; }},
        {"market_order_band", [](Params& p) { p.market_order_band = {1, 0}; }},
        {"book_patience", [](Params& p) { p.book_patience = Nanos{-1}; }},
        {"faults", [](Params& p) { p.faults.hide = 1.01; }},
        {"faults.hidden", [](Params& p) { p.faults.hidden = Nanos{-1}; }},
    };
    for (const auto& [named, change] : cases) {
        Params params;
        ASSERT_TRUE(check(params));
        change(params);
        const auto checked = check(params);
        ASSERT_FALSE(checked) << named;
        EXPECT_EQ(checked.error().code, Errc::configuration);
        EXPECT_NE(checked.error().what.find(named), std::string::npos) << checked.error().what;
    }
}

TEST(PaperParams, TheEndsOfTheRangesAreTaken) {
    Params params;
    params.deposit = trading::Money{100'000'000 * trading::kMoneyPerUnit};
    params.margin.leverage = 200;
    params.latency.least = params.latency.most = std::chrono::minutes{1};
    params.fees.maker = {0, 0};
    params.faults.hide = 1;
    EXPECT_TRUE(check(params));
}

}  // namespace
}  // namespace vt::paper
