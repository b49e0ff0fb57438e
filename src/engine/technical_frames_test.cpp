#include "engine/technical_frames.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>
#include <malloc.h>

#include <memory>
#include <vector>

namespace vt::engine {
namespace {

using indicators::TechnicalValue;
using market::Timeframe;
using std::chrono::minutes;

constexpr Timestamp kStart = from_ms(1'700'000'640'000);

/// Closed minutes of a random walk.
std::vector<market::Candle> walk(std::size_t count) {
    Prng prng(5, "technical");
    std::vector<market::Candle> made;
    double price = 1000;
    for (std::size_t i = 0; i < count; ++i) {
        const double open = price;
        price += prng.normal();
        made.push_back({.open_time = kStart + minutes{1} * static_cast<std::int64_t>(i),
                        .interval = minutes{1},
                        .open = open,
                        .high = std::max(open, price) + prng.uniform(),
                        .low = std::min(open, price) - prng.uniform(),
                        .close = price,
                        .volume_base = 1 + prng.uniform(),
                        .is_closed = true});
    }
    return made;
}

/// A set that saw these candles and nothing else.
indicators::TechnicalSet made_of(const std::vector<market::Candle>& candles, std::size_t first, std::size_t end) {
    indicators::TechnicalSet set;
    for (std::size_t i = first; i < end; ++i) {
        const market::Candle& c = candles[i];
        set.update({c.open_time, c.open, c.high, c.low, c.close, c.volume_base});
    }
    return set;
}

bool are_same(const indicators::TechnicalSet& a, const indicators::TechnicalSet& b) {
    return std::equal(a.values().begin(), a.values().end(), b.values().begin(), b.values().end());
}

TEST(TechnicalFrames, BarByBarIsTheSetOfThoseBars) {
    const auto candles = walk(300);
    market::CandleFrames frames;
    TechnicalFrames technical;
    for (std::size_t i = 0; i < candles.size(); ++i) {
        (void)frames.put(candles[i]);
        technical.follow(frames);
        technical.follow(frames);  // nothing new: nothing changes
        const auto& run = technical[Timeframe::m1];
        ASSERT_EQ(run.bars, i + 1);
        ASSERT_EQ(run.until, candles[i].open_time + minutes{1});
        ASSERT_TRUE(are_same(run.set, made_of(candles, 0, i + 1))) << i;
        ASSERT_EQ(run.set[TechnicalValue::sma_200].has_value(), i + 1 >= 200) << "absent while warming";
    }
    const market::CandleSeries& of_5m = frames[Timeframe::m5];
    ASSERT_GE(of_5m.size(), 60U);
    EXPECT_EQ(technical[Timeframe::m5].bars, of_5m.size() - (of_5m.back().is_closed ? 0 : 1));
    EXPECT_EQ(technical[Timeframe::h4].set[TechnicalValue::sma_20], std::nullopt);
}

TEST(TechnicalFrames, AnOpenBarIsNotLookedAt) {
    auto candles = walk(30);
    candles.back().is_closed = false;
    market::CandleFrames frames;
    TechnicalFrames technical;
    for (const auto& candle : candles) (void)frames.put(candle);
    technical.follow(frames);
    EXPECT_EQ(technical[Timeframe::m1].bars, 29U);
    EXPECT_TRUE(are_same(technical[Timeframe::m1].set, made_of(candles, 0, 29)));
}

TEST(TechnicalFrames, NothingIsJoinedOverAHoleUntilItIsFilled) {
    const auto candles = walk(120);
    market::CandleFrames frames;
    TechnicalFrames technical;
    for (std::size_t i = 0; i < 100; ++i) {
        if (i >= 60 && i < 63) continue;
        (void)frames.put(candles[i]);
        technical.follow(frames);
    }
    EXPECT_EQ(technical[Timeframe::m1].begin, candles[63].open_time);
    EXPECT_TRUE(are_same(technical[Timeframe::m1].set, made_of(candles, 63, 100)));
    for (const std::size_t late : {62U, 60U, 61U}) (void)frames.put(candles[late]);
    technical.follow(frames);
    EXPECT_EQ(technical[Timeframe::m1].bars, 100U);
    EXPECT_TRUE(are_same(technical[Timeframe::m1].set, made_of(candles, 0, 100)));
}

TEST(TechnicalFrames, BarsThatComeTogetherCountLikeThoseThatComeAlone) {
    const auto candles = walk(900);
    market::CandleFrames frames;
    TechnicalFrames technical;
    for (std::size_t i = 0; i < 800; ++i) (void)frames.put(candles[i]);
    technical.follow(frames);
    ASSERT_EQ(technical[Timeframe::m1].bars, TechnicalFrames::kBarsKnown) << "no more is looked back on";
    for (std::size_t i = 800; i < 900; ++i) (void)frames.put(candles[i]);
    technical.follow(frames);
    EXPECT_EQ(technical[Timeframe::m1].bars, 600U);
    EXPECT_TRUE(are_same(technical[Timeframe::m1].set, made_of(candles, 300, 900)));
    // A hole among them: only what is behind it.
    (void)frames.put({.open_time = candles.back().open_time + minutes{3},
                      .interval = minutes{1},
                      .open = 5,
                      .high = 6,
                      .low = 4,
                      .close = 5,
                      .is_closed = true});
    technical.follow(frames);
    EXPECT_EQ(technical[Timeframe::m1].bars, 1U);
}

TEST(TechnicalFrames, TakesTheMemoryThatIsStated) {
    const auto before = mallinfo2().uordblks;
    auto technical = std::make_unique<TechnicalFrames>();
    const auto used = mallinfo2().uordblks - before;
    RecordProperty("bytes", static_cast<int>(used));
    EXPECT_LT(used, 4 * 28'000U);
    EXPECT_EQ((*technical)[Timeframe::m1].bars, 0U);
}

}  // namespace
}  // namespace vt::engine
