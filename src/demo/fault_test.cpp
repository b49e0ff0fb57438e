#include "demo/fault.hpp"

#include <gtest/gtest.h>

namespace vt::demo {
namespace {

using Kind = Fault::Kind;

TEST(Scenario, ReadsEveryFault) {
    const auto parsed = parse_scenario(
        "1 slow btcusdt@* 1.5 10\n"
        "2 forbid 3\n"
        "3 tls 4\n"
        "4 maintenance 5\n"
        "5 clock -2.5 30\n"
        "6 delist SUIUSDT\n"
        "7 list SUIUSDT\n"
        "8 liquidate BTCUSDT short 0.5\n"
        "9 binance drop\n"
        "10 bybit stall tickers.* 2\n"
        "11 slow_rest 1.5 10\n");
    ASSERT_TRUE(parsed) << parsed.error().what;
    ASSERT_EQ(parsed->size(), 11U);
    const auto fault = [&](std::size_t index) { return (*parsed)[index].fault; };
    EXPECT_EQ(fault(0).kind, Kind::slow);
    EXPECT_EQ(fault(0).amount, Nanos{1'500'000'000});
    EXPECT_EQ(fault(0).duration, Nanos{10'000'000'000});
    EXPECT_EQ(fault(10).kind, Kind::slow_rest);
    EXPECT_EQ(fault(10).amount, Nanos{1'500'000'000});
    EXPECT_EQ(fault(1).kind, Kind::forbid);
    EXPECT_EQ(fault(2).kind, Kind::tls);
    EXPECT_EQ(fault(3).kind, Kind::maintenance);
    EXPECT_EQ(fault(4).kind, Kind::clock);
    EXPECT_EQ(fault(4).amount, Nanos{-2'500'000'000});
    EXPECT_EQ(fault(5).kind, Kind::delist);
    EXPECT_EQ(fault(5).topic, "SUIUSDT");
    EXPECT_EQ(fault(6).kind, Kind::list);
    EXPECT_EQ(fault(7).kind, Kind::liquidate);
    EXPECT_FALSE(fault(7).is_long);
    EXPECT_EQ(fault(7).quantity, .5);
    EXPECT_TRUE(fault(8).concerns(market::Venue::binance));
    EXPECT_FALSE(fault(8).concerns(market::Venue::bybit));
    EXPECT_TRUE(fault(9).concerns(market::Venue::bybit));
    EXPECT_TRUE(fault(9).concerns("tickers.BTCUSDT"));
    EXPECT_TRUE(fault(5).concerns(market::Venue::bybit)) << "no venue named: both";
}

TEST(Scenario, SaysWhichLineIsWrongAndWhatWouldBeRight) {
    for (const auto& [text, part] : std::vector<std::pair<std::string, std::string>>{
             {"1 binance", "line 1: says no fault"},
             {"1 slow tickers.* 1", "expected: SECONDS slow TOPIC DELAY SECONDS"},
             {"1 slow tickers.* -1 5", "expected: SECONDS slow TOPIC DELAY SECONDS"},
             {"1 slow_rest -1 5", "expected: SECONDS slow_rest DELAY SECONDS"},
             {"1 clock 5", "expected: SECONDS clock OFFSET SECONDS"},
             {"1 clock soon 5", "expected: SECONDS clock OFFSET SECONDS"},
             {"1 delist", "expected: SECONDS delist SYMBOL"},
             {"1 liquidate BTCUSDT both 1", "expected: SECONDS liquidate SYMBOL long|short QUANTITY"},
             {"1 liquidate BTCUSDT long 0", "expected: SECONDS liquidate SYMBOL long|short QUANTITY"},
             {"1 drop\n2 okx drop", "line 2: unknown fault"}}) {
        const auto parsed = parse_scenario(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().code, Errc::configuration);
        EXPECT_NE(parsed.error().what.find(part), std::string::npos) << parsed.error().what;
    }
}

}  // namespace
}  // namespace vt::demo
