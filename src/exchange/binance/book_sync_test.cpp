#include "exchange/binance/book_sync.hpp"

#include <gtest/gtest.h>

namespace vt::exchange::binance {
namespace {

constexpr market::Category kFutures = market::Category::linear;
constexpr market::Category kSpot = market::Category::spot;

TEST(BinanceBookSync, FuturesJoinAroundTheSnapshotThenFollowPreviousIds) {
    BookSync sync(kFutures);
    EXPECT_EQ(sync.on_event({1, 5, 0}), DepthVerdict::wait);
    sync.on_snapshot(100);
    EXPECT_EQ(sync.on_event({90, 99, 89}), DepthVerdict::ignore);
    EXPECT_EQ(sync.on_event({95, 105, 94}), DepthVerdict::apply);
    EXPECT_EQ(sync.on_event({110, 120, 105}), DepthVerdict::apply);
    EXPECT_EQ(sync.on_event({110, 120, 105}), DepthVerdict::ignore);
    EXPECT_EQ(sync.on_event({130, 140, 125}), DepthVerdict::gap);
    EXPECT_EQ(sync.on_event({141, 150, 140}), DepthVerdict::wait);
}

TEST(BinanceBookSync, FuturesMayContinueTheSnapshotExactly) {
    BookSync sync(kFutures);
    sync.on_snapshot(100);
    EXPECT_EQ(sync.on_event({103, 110, 100}), DepthVerdict::apply);
    sync.on_snapshot(100);
    EXPECT_EQ(sync.on_event({100, 100, 99}), DepthVerdict::apply);  // u == L
    sync.on_snapshot(100);
    EXPECT_EQ(sync.on_event({103, 110, 101}), DepthVerdict::gap);
}

TEST(BinanceBookSync, SpotJoinsAfterTheSnapshotThenCountsWithoutHoles) {
    BookSync sync(kSpot);
    sync.on_snapshot(100);
    EXPECT_EQ(sync.on_event({90, 100, {}}), DepthVerdict::ignore);
    EXPECT_EQ(sync.on_event({95, 105, {}}), DepthVerdict::apply);
    EXPECT_EQ(sync.on_event({106, 107, {}}), DepthVerdict::apply);
    EXPECT_EQ(sync.on_event({106, 107, {}}), DepthVerdict::ignore);
    EXPECT_EQ(sync.on_event({109, 110, {}}), DepthVerdict::gap);
    sync.on_snapshot(100);
    EXPECT_EQ(sync.on_event({102, 110, {}}), DepthVerdict::gap);
}

}  // namespace
}  // namespace vt::exchange::binance
