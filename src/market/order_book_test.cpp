#include "market/order_book.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <map>

namespace vt::market {
namespace {

Level level(std::int64_t price, std::int64_t quantity) { return {Ticks{price}, Lots{quantity}}; }

ApplyResult apply(OrderBook& book, bool is_snapshot, const std::vector<Level>& bids, const std::vector<Level>& asks) {
    return book.apply({.is_snapshot = is_snapshot, .depth = 50, .update_id = 7, .bids = bids, .asks = asks});
}

std::vector<Level> all(const OrderBook& book, Side side) {
    std::vector<Level> found;
    book.walk(side, [&found](const Level& one) {
        found.push_back(one);
        return true;
    });
    return found;
}

void expect_empty(const OrderBook& book) {
    EXPECT_FALSE(book.is_valid());
    for (const Side side : {Side::buy, Side::sell}) {
        EXPECT_EQ(book.best(side), std::nullopt);
        EXPECT_EQ(book.level_count(side), 0U);
        EXPECT_EQ(book.snapshot_edge(side), std::nullopt);
        EXPECT_TRUE(all(book, side).empty());
    }
}

}  // namespace

TEST(OrderBook, ADeltaBeforeTheSnapshotIsIgnored) {
    OrderBook book;
    EXPECT_EQ(apply(book, false, {level(100, 1)}, {level(101, 1)}), ApplyResult::ignored);
    expect_empty(book);
    EXPECT_EQ(book.generation(), 0U);
}

TEST(OrderBook, ASnapshotReplacesAndADeltaSetsAbsoluteQuantities) {
    OrderBook book;
    EXPECT_EQ(apply(book, true, {level(100, 5), level(99, 6)}, {level(101, 7), level(105, 8)}), ApplyResult::applied);
    EXPECT_EQ(apply(book, false, {level(100, 2), level(99, 0), level(98, 4)}, {level(103, 1)}), ApplyResult::applied);
    EXPECT_EQ(all(book, Side::buy), (std::vector{level(100, 2), level(98, 4)}));
    EXPECT_EQ(all(book, Side::sell), (std::vector{level(101, 7), level(103, 1), level(105, 8)}));
    EXPECT_EQ(book.snapshot_edge(Side::buy), Ticks{99});
    EXPECT_EQ(book.snapshot_edge(Side::sell), Ticks{105});
    EXPECT_EQ(book.update_id(), 7U);
    EXPECT_EQ(book.depth(), 50U);
    EXPECT_EQ(apply(book, true, {level(50, 1)}, {level(51, 1)}), ApplyResult::applied);
    EXPECT_EQ(all(book, Side::buy), (std::vector{level(50, 1)}));
    EXPECT_EQ(book.generation(), 1U);  // replaced without a gap: still the same generation
}

TEST(OrderBook, CrossedAndLockedBooksAreRefusedAndEmptied) {
    for (const std::int64_t bid : {std::int64_t{101}, std::int64_t{102}, std::int64_t{5'000'000}}) {
        OrderBook book;
        ASSERT_EQ(apply(book, true, {level(100, 1)}, {level(101, 1)}), ApplyResult::applied);
        EXPECT_EQ(apply(book, false, {level(bid, 1)}, {}), ApplyResult::crossed) << bid;
        expect_empty(book);
        EXPECT_EQ(apply(book, false, {level(99, 1)}, {}), ApplyResult::ignored);
        EXPECT_EQ(apply(book, true, {level(100, 1)}, {level(101, 1)}), ApplyResult::applied);
        EXPECT_EQ(book.generation(), 2U);
    }
}

TEST(OrderBook, AnUpdateMayCrossOnTheWay) {
    OrderBook book;
    ASSERT_EQ(apply(book, true, {level(100, 1)}, {level(101, 1), level(103, 1)}), ApplyResult::applied);
    EXPECT_EQ(apply(book, false, {level(102, 1)}, {level(101, 0)}),
              ApplyResult::applied);  // the frame as a whole does not
    EXPECT_EQ(book.best(Side::buy), level(102, 1));
    EXPECT_EQ(book.best(Side::sell), level(103, 1));
}

TEST(OrderBook, ImpossibleLevelsAreRefusedAndTheBookEmptied) {
    constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
    for (const Level& bad :
         {level(0, 1), level(-1, 1), level(kLeast, 1), level(90, -1), level(90, kLeast), level(-5, 0)}) {
        for (const bool is_snapshot : {true, false}) {
            OrderBook book;
            ASSERT_EQ(apply(book, true, {level(100, 1)}, {level(101, 1)}), ApplyResult::applied);
            EXPECT_EQ(apply(book, is_snapshot, {level(99, 1), bad}, {}), ApplyResult::malformed);
            expect_empty(book);
        }
    }
}

TEST(OrderBook, TheExtremesOfThePriceTypeAreOnlyPrices) {
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
    OrderBook book;
    EXPECT_EQ(apply(book, true, {level(1, kMost)}, {level(kMost, kMost)}), ApplyResult::applied);
    EXPECT_EQ(apply(book, false, {level(kMost - 1, 3)}, {}), ApplyResult::applied);
    EXPECT_EQ(all(book, Side::buy), (std::vector{level(kMost - 1, 3), level(1, kMost)}));
    EXPECT_EQ(apply(book, false, {level(kMost, 3)}, {}), ApplyResult::crossed);
}

TEST(OrderBook, OneSideMayBeEmpty) {
    OrderBook book;
    EXPECT_EQ(apply(book, true, {}, {}), ApplyResult::applied);
    EXPECT_TRUE(book.is_valid());
    EXPECT_EQ(apply(book, false, {}, {level(10, 1)}), ApplyResult::applied);
    EXPECT_EQ(book.best(Side::buy), std::nullopt);
    EXPECT_EQ(book.best(Side::sell), level(10, 1));
}

TEST(OrderBook, InvalidateStartsANewGenerationAtTheNextSnapshot) {
    OrderBook book;
    ASSERT_EQ(apply(book, true, {level(100, 1)}, {level(101, 1)}), ApplyResult::applied);
    book.invalidate();
    expect_empty(book);
    EXPECT_EQ(book.generation(), 1U);
    ASSERT_EQ(apply(book, true, {level(100, 1)}, {level(101, 1)}), ApplyResult::applied);
    EXPECT_EQ(book.generation(), 2U);
}

TEST(OrderBook, NeverShowsACrossedBookUnderRandomUpdates) {
    Prng prng(3, "order_book");
    OrderBook book(4096);
    std::map<std::int64_t, std::int64_t> bids;
    std::map<std::int64_t, std::int64_t> asks;
    bool is_valid = false;
    std::size_t refusals = 0;
    for (int i = 0; i < 100'000; ++i) {
        const bool is_snapshot = !is_valid || prng.below(500) == 0;
        std::vector<Level> bid_levels;
        std::vector<Level> ask_levels;
        const std::uint64_t count = prng.below(is_snapshot ? 50 : 8);
        const auto slip = static_cast<std::int64_t>(prng.below(200) == 0 ? prng.below(40) : 0);
        for (std::uint64_t k = 0; k < count; ++k) {
            const auto quantity = static_cast<std::int64_t>(prng.below(4));
            bid_levels.push_back(level(99'990 - static_cast<std::int64_t>(prng.below(30)) + slip, quantity));
            ask_levels.push_back(level(100'000 + static_cast<std::int64_t>(prng.below(20'000)), quantity));
        }
        if (is_snapshot) {
            bids.clear();
            asks.clear();
        }
        const auto set = [](auto& side, const std::vector<Level>& levels) {
            for (const Level& one : levels) {
                side[one.price.value()] = one.quantity.value();
                if (one.quantity.value() == 0) side.erase(one.price.value());
            }
        };
        set(bids, bid_levels);
        set(asks, ask_levels);
        is_valid = bids.empty() || asks.empty() || bids.rbegin()->first < asks.begin()->first;
        ASSERT_EQ(apply(book, is_snapshot, bid_levels, ask_levels),
                  is_valid ? ApplyResult::applied : ApplyResult::crossed);
        if (!is_valid) {
            ++refusals;
            bids.clear();
            asks.clear();
        }
        ASSERT_EQ(book.is_valid(), is_valid);
        ASSERT_EQ(book.level_count(Side::buy), bids.size());
        ASSERT_EQ(book.level_count(Side::sell), asks.size());
        const auto bid = book.best(Side::buy);
        const auto ask = book.best(Side::sell);
        ASSERT_TRUE(!bid || !ask || bid->price < ask->price);
    }
    EXPECT_GT(refusals, 100U);
}

}  // namespace vt::market
