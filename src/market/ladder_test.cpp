#include "market/ladder.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <map>

namespace vt::market {
namespace {

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

/// The independent reference: a sorted map, nothing clever.
class SlowSide {
public:
    explicit SlowSide(Side side) : side_(side) {}
    void clear() { levels_.clear(); }
    void set(std::int64_t price, std::int64_t quantity) {
        if (quantity == 0) {
            levels_.erase(price);
        } else {
            levels_[price] = quantity;
        }
    }
    [[nodiscard]] std::vector<Level> all() const {
        std::vector<Level> found;
        for (const auto& [price, quantity] : levels_) found.push_back({Ticks{price}, Lots{quantity}});
        if (side_ == Side::buy) std::reverse(found.begin(), found.end());
        return found;
    }
    [[nodiscard]] std::optional<Level> best() const {
        if (levels_.empty()) return std::nullopt;
        const auto& [price, quantity] = side_ == Side::buy ? *levels_.rbegin() : *levels_.begin();
        return Level{Ticks{price}, Lots{quantity}};
    }
    [[nodiscard]] std::size_t size() const { return levels_.size(); }
    [[nodiscard]] std::int64_t quantity_at(std::int64_t price) const {
        const auto found = levels_.find(price);
        return found == levels_.end() ? 0 : found->second;
    }
    /// Some price that is occupied, or `otherwise`.
    [[nodiscard]] std::int64_t some_price(std::int64_t near, std::int64_t otherwise) const {
        const auto found = levels_.lower_bound(near);
        return found == levels_.end() ? otherwise : found->first;
    }

private:
    Side side_;
    std::map<std::int64_t, std::int64_t> levels_;
};

std::vector<Level> all(const Ladder& ladder) {
    std::vector<Level> found;
    ladder.walk([&found](const Level& level) {
        found.push_back(level);
        return true;
    });
    return found;
}

/// A price as the world gives it: mostly near a wandering centre, sometimes far, rarely absurd.
std::int64_t draw_price(Prng& prng, std::int64_t centre) {
    const std::uint64_t kind = prng.below(1000);
    if (kind < 900) return centre + static_cast<std::int64_t>(prng.below(600)) - 300;
    if (kind < 990) return centre + static_cast<std::int64_t>(prng.below(40'000)) - 20'000;
    if (kind < 999) return static_cast<std::int64_t>(prng.below(4'000'000)) - 2'000'000;
    switch (prng.below(4)) {
        case 0: return kLowest + static_cast<std::int64_t>(prng.below(5000));
        case 1: return kHighest - static_cast<std::int64_t>(prng.below(5000));
        case 2: return static_cast<std::int64_t>(prng.next());
        default: return static_cast<std::int64_t>(prng.below(130)) - 65;
    }
}

void compare_with_map(std::uint64_t seed, Side side, std::size_t window, std::size_t updates) {
    Prng prng(seed, "ladder");
    Ladder ladder(side, window);
    SlowSide slow(side);
    std::int64_t centre = 600'000;
    for (std::size_t i = 0; i < updates; ++i) {
        centre += static_cast<std::int64_t>(prng.below(21)) - 10;
        if (prng.below(20'000) == 0) centre += static_cast<std::int64_t>(prng.below(200'000)) - 100'000;
        std::int64_t price = draw_price(prng, centre);
        std::int64_t quantity = static_cast<std::int64_t>(1 + prng.below(1'000'000));
        if (prng.below(100) < 52) {  // slightly more removals than additions, or the book would only grow
            quantity = 0;
            if (prng.below(4) != 0) price = slow.some_price(price, price);
        }
        ladder.set(Ticks{price}, Lots{quantity});
        slow.set(price, quantity);
        if (prng.below(50'000) == 0) {
            ladder.clear();
            slow.clear();
        }
        ASSERT_EQ(ladder.best(), slow.best()) << "seed " << seed << " update " << i << " price " << price;
        ASSERT_EQ(ladder.size(), slow.size()) << "seed " << seed << " update " << i;
        if (i % 4096 == 0) {
            ASSERT_EQ(all(ladder), slow.all()) << "seed " << seed << " update " << i;
            const std::int64_t probe = draw_price(prng, centre);
            ASSERT_EQ(ladder.quantity_at(Ticks{probe}).value(), slow.quantity_at(probe));
            const std::int64_t known = slow.some_price(probe, probe);
            ASSERT_EQ(ladder.quantity_at(Ticks{known}).value(), slow.quantity_at(known));
        }
    }
    ASSERT_EQ(all(ladder), slow.all());
}

}  // namespace

TEST(Ladder, EqualsASortedMapOverMillionsOfUpdates) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        for (const Side side : {Side::buy, Side::sell}) {
            compare_with_map(seed, side, seed % 2 == 0 ? 4096 : 16'384, 300'000);
            if (HasFatalFailure()) return;
        }
    }
}

TEST(Ladder, BestIsTheHighestBidAndTheLowestAsk) {
    Ladder bids(Side::buy, 4096);
    Ladder asks(Side::sell, 4096);
    EXPECT_EQ(bids.best(), std::nullopt);
    for (const std::int64_t price : {100, 102, 101}) {
        bids.set(Ticks{price}, Lots{price});
        asks.set(Ticks{price}, Lots{price});
    }
    EXPECT_EQ(bids.best(), (Level{Ticks{102}, Lots{102}}));
    EXPECT_EQ(asks.best(), (Level{Ticks{100}, Lots{100}}));
    bids.set(Ticks{102}, Lots{});
    EXPECT_EQ(bids.best(), (Level{Ticks{101}, Lots{101}}));
    EXPECT_EQ(bids.quantity_at(Ticks{102}), Lots{});
}

TEST(Ladder, EveryInt64IsAPrice) {
    for (const Side side : {Side::buy, Side::sell}) {
        Ladder ladder(side, 4096);
        SlowSide slow(side);
        for (const std::int64_t price : {kHighest, kLowest, std::int64_t{0}, std::int64_t{-1}, kLowest + 1,
                                         kHighest - 1, kHighest - 4096, kLowest + 4096, std::int64_t{1}}) {
            ladder.set(Ticks{price}, Lots{7});
            slow.set(price, 7);
            ASSERT_EQ(all(ladder), slow.all()) << price;
        }
        for (const std::int64_t price : {kLowest, kHighest, std::int64_t{0}, kHighest - 1}) {
            ladder.set(Ticks{price}, Lots{});
            slow.set(price, 0);
            ASSERT_EQ(all(ladder), slow.all()) << price;
        }
    }
}

TEST(Ladder, TheWindowFollowsTheBestPrice) {
    Ladder asks(Side::sell, 4096);
    for (std::int64_t price = 0; price < 100'000; price += 10) {  // the market rises a hundred thousand ticks
        for (std::int64_t depth = 0; depth < 1000; depth += 10) asks.set(Ticks{price + depth}, Lots{1});
        asks.set(Ticks{price - 10}, Lots{});
        ASSERT_EQ(asks.best()->price, Ticks{price});
        ASSERT_EQ(asks.overflow_size(), 0U) << price;
    }
    for (std::int64_t price = 99'990; price > 0; price -= 10) {  // and comes back
        asks.set(Ticks{price - 10}, Lots{1});
        asks.set(Ticks{price + 990}, Lots{});
        ASSERT_EQ(asks.best()->price, Ticks{price - 10});
        ASSERT_EQ(asks.overflow_size(), 0U) << price;
    }
}

TEST(Ladder, WalkStopsWhenTold) {
    Ladder bids(Side::buy, 4096);
    for (std::int64_t price = 0; price < 5000; ++price) bids.set(Ticks{price * 3}, Lots{1});
    for (const std::size_t wanted : {std::size_t{1}, std::size_t{100}, std::size_t{4000}}) {
        std::size_t seen = 0;
        bids.walk([&](const Level& level) {
            EXPECT_EQ(level.price.value(), 14'997 - static_cast<std::int64_t>(seen) * 3);
            return ++seen < wanted;
        });
        EXPECT_EQ(seen, wanted);
    }
}

TEST(Ladder, ClearForgetsEveryTick) {
    Ladder bids(Side::buy, 4096);
    for (std::int64_t price = 0; price < 9000; ++price) bids.set(Ticks{price}, Lots{1});
    bids.clear();
    EXPECT_EQ(bids.size(), 0U);
    EXPECT_TRUE(all(bids).empty());
    for (std::int64_t price = 0; price < 9000; ++price) ASSERT_EQ(bids.quantity_at(Ticks{price}), Lots{});
}

TEST(Ladder, BeyondTheLimitTheFarthestLevelIsForgotten) {
    Ladder asks(Side::sell, 4096);
    asks.set(Ticks{0}, Lots{1});
    const auto limit = static_cast<std::int64_t>(Ladder::kOverflowLimit);
    for (std::int64_t i = limit + 9; i >= 0; --i) asks.set(Ticks{10'000 + i}, Lots{2});  // the far ones come first
    EXPECT_EQ(asks.size(), Ladder::kOverflowLimit + 1);
    EXPECT_EQ(asks.forgotten(), 10U);
    EXPECT_EQ(asks.quantity_at(Ticks{10'000}), Lots{2});
    EXPECT_EQ(asks.quantity_at(Ticks{10'000 + limit - 1}), Lots{2});
    EXPECT_EQ(asks.quantity_at(Ticks{10'000 + limit}), Lots{});
    asks.set(Ticks{20'000'000}, Lots{3});
    EXPECT_EQ(asks.forgotten(), 11U);
    EXPECT_EQ(asks.quantity_at(Ticks{20'000'000}), Lots{});
}

}  // namespace vt::market
