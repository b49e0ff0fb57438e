#include "history/series.hpp"

#include "history/ranges.hpp"

#include <gtest/gtest.h>

namespace vt::history {
namespace {

TEST(Series, NamesItsFile) {
    Series series{.symbol = "BTCUSDT", .kind = Kind::klines, .step_ms = 300'000};
    EXPECT_EQ(series.file().string(), "bybit/linear/BTCUSDT/klines-5m.vth");
    series.kind = Kind::funding;
    series.step_ms = 0;
    EXPECT_EQ(series.file().string(), "bybit/linear/BTCUSDT/funding.vth");
    EXPECT_EQ(series.title(), "bybit linear BTCUSDT funding");
}

TEST(Series, ASymbolCannotLeaveTheFolder) {
    const Series series{.symbol = "../../x", .kind = Kind::funding};
    EXPECT_EQ(series.file().string(), "bybit/linear/%2E%2E%2F%2E%2E%2Fx/funding.vth");
    const Series foreign{.venue = market::Venue::binance, .symbol = "\xE5\xB8\x81USDT", .kind = Kind::funding};
    EXPECT_EQ(foreign.file().string(), "binance/linear/%E5%B8%81USDT/funding.vth");
}

TEST(Series, AStepMustFitTheKind) {
    EXPECT_TRUE(check({.symbol = "A", .kind = Kind::klines, .step_ms = 60'000}));
    EXPECT_TRUE(check({.symbol = "A", .kind = Kind::funding, .step_ms = 0}));
    EXPECT_FALSE(check({.symbol = "A", .kind = Kind::klines, .step_ms = 0}));
    EXPECT_FALSE(check({.symbol = "A", .kind = Kind::klines, .step_ms = 61'000}));
    EXPECT_FALSE(check({.symbol = "A", .kind = Kind::funding, .step_ms = 60'000}));
    EXPECT_FALSE(check({.symbol = "", .kind = Kind::funding}));
}

TEST(Series, NamesGoThereAndBack) {
    for (const Kind kind : kKinds) {
        EXPECT_EQ(parse_kind(name(kind)), kind);
        EXPECT_LE(required_columns(kind), columns_of(kind).size());
    }
    for (const char* timeframe : {"1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d"})
        EXPECT_EQ(timeframe_name(parse_timeframe(timeframe).value()), timeframe);
    EXPECT_FALSE(parse_timeframe("1w"));
}

TEST(Time, ReadsDatesAndMilliseconds) {
    EXPECT_EQ(parse_time_ms("2026-01-01"), 1'767'225'600'000);
    EXPECT_EQ(parse_time_ms("2026-01-01T00:01"), 1'767'225'660'000);
    EXPECT_EQ(parse_time_ms("2026-01-01T00:01:02Z"), 1'767'225'662'000);
    EXPECT_EQ(parse_time_ms("1767225600000"), 1'767'225'600'000);
    for (const char* wrong : {"", "2026", "2026-13-01", "2026-02-30", "2026-01-01T25:00", "2026-01-01T00:00+01",
                              "yesterday", "-5000000"}) {
        const auto time = parse_time_ms(wrong);
        ASSERT_FALSE(time) << wrong;
        EXPECT_EQ(time.error().code, Errc::configuration);
    }
    EXPECT_EQ(format_time(1'767'225'662'000), "2026-01-01 00:01:02");
    EXPECT_EQ(format_time(1'767'225'662'003), "2026-01-01 00:01:02.003");
}

TEST(Ranges, JoinWhatTouches) {
    Ranges ranges;
    add(ranges, {10, 20});
    add(ranges, {30, 40});
    add(ranges, {5, 5});
    EXPECT_EQ(ranges, (Ranges{{10, 20}, {30, 40}}));
    add(ranges, {20, 30});
    EXPECT_EQ(ranges, (Ranges{{10, 40}}));
    add(ranges, {0, 5});
    add(ranges, {50, 60});
    add(ranges, {3, 55});
    EXPECT_EQ(ranges, (Ranges{{0, 60}}));
}

TEST(Ranges, TellWhatIsMissing) {
    const Ranges ranges{{10, 20}, {30, 40}};
    EXPECT_EQ(missing_from({0, 50}, ranges), (Ranges{{0, 10}, {20, 30}, {40, 50}}));
    EXPECT_EQ(missing_from({12, 35}, ranges), (Ranges{{20, 30}}));
    EXPECT_EQ(missing_from({12, 18}, ranges), Ranges{});
    EXPECT_TRUE(contains(ranges, {12, 20}));
    EXPECT_FALSE(contains(ranges, {12, 21}));
    EXPECT_EQ(total_ms(ranges), 20);
}

}  // namespace
}  // namespace vt::history
