#include "analysis/liquidity/book_depth.hpp"

#include "base/prng.hpp"
#include "market/order_book.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cmath>
#include <map>
#include <vector>

namespace vt::analysis::liquidity {
namespace {

using market::Level;
using market::Side;

const Timestamp kStart = from_ms(1'700'000'000'000);

/// Tick .01, lot .001.
market::Instrument instrument() {
    return {.symbol = "TESTUSDT", .tick_size = Decimal{1, 2}, .lot_size = Decimal{1, 3}};
}

/// A book with its units and its instant.
struct Look {
    market::Instrument units = instrument();
    market::OrderBook book{4096};
    Timestamp now = kStart;

    Look(std::vector<Level> bids, std::vector<Level> asks, std::uint32_t depth = 0) {
        EXPECT_EQ(book.apply({.is_snapshot = true, .depth = depth, .bids = bids, .asks = asks}),
                  market::ApplyResult::applied);
    }
    void change(std::vector<Level> bids, std::vector<Level> asks) {
        EXPECT_EQ(book.apply({.depth = book.depth(), .bids = bids, .asks = asks}), market::ApplyResult::applied);
    }
    [[nodiscard]] BookFrame frame() const { return {.time = now, .book = book, .instrument = units}; }
    [[nodiscard]] BookRange range() const { return BookRange(frame(), kStart); }

    [[nodiscard]] std::optional<double> within(Side side, double bps) const {
        std::optional<double> quote;
        quotes_within(frame(), range(), side, {&bps, 1}, {&quote, 1});
        return quote;
    }
};

Level level(double price, double base) { return {Ticks{std::llround(price * 100)}, Lots{std::llround(base * 1000)}}; }

Look vector_book(std::uint32_t depth = 50) {
    return Look({level(99.9, 10), level(99.8, 20), level(99.5, 30), level(99.0, 50)},
                {level(100.1, 5), level(100.2, 15), level(100.6, 40), level(101.0, 60)}, depth);
}

TEST(BookDepth, VectorBands) {
    const Look look = vector_book();
    const std::array<double, 4> bands{10, 25, 50, 100};
    std::array<std::optional<double>, 4> bid, ask;
    quotes_within(look.frame(), look.range(), Side::buy, bands, bid);
    quotes_within(look.frame(), look.range(), Side::sell, bands, ask);
    const std::array<std::array<double, 3>, 4> expected{{{999.0, 500.5, 0.3324441480493498},
                                                         {2995.0, 2003.5, 0.1983595078523557},
                                                         {5980.0, 2003.5, 0.4980898102336068},
                                                         {10930.0, 12087.5, -0.05028782448137287}}};
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_NEAR(bid[i].value(), expected[i][0], 1e-9);
        EXPECT_NEAR(ask[i].value(), expected[i][1], 1e-9);
        EXPECT_NEAR(imbalance_of(bid[i], ask[i]).value(), expected[i][2], 1e-12);
    }
}

TEST(BookDepth, VectorSlippageOfTenCoins) {
    const Look look = vector_book();
    const double quote = 5 * 100.1 + 5 * 100.2;  // vwap 100.15
    EXPECT_NEAR(slippage_bps(look.frame(), look.range(), Side::buy, quote).value(), 15.000000000000568, 1e-9);
}

TEST(BookDepth, VectorDecayByRank) {
    EXPECT_NEAR(rank_decayed_imbalance(vector_book().frame()).value(), 0.024531300070698002, 1e-14);
}

TEST(BookDepth, BandsEndExactlyAtTheirEdge) {
    // Mid 100: 10 bps below is 99.9 exactly; one tick further is outside.
    const Look look({level(99.9, 1), level(99.8, 1)}, {level(100.1, 1), level(100.2, 1)}, 50);
    EXPECT_NEAR(look.within(Side::buy, 10).value(), 99.9, 1e-12);
    EXPECT_NEAR(look.within(Side::sell, 10).value(), 100.1, 1e-12);
    EXPECT_EQ(look.within(Side::buy, 9.999).value(), 0);
    EXPECT_EQ(look.within(Side::sell, 9.999).value(), 0);
    EXPECT_NEAR(look.within(Side::buy, 20).value(), 99.9 + 99.8, 1e-12);
}

TEST(BookDepth, LimitedFeedIsKnownToItsLastLevel) {
    const Look full({level(99.9, 1), level(99.8, 1)}, {level(100.1, 1), level(100.2, 1)}, 2);
    EXPECT_TRUE(full.within(Side::buy, 20).has_value());
    EXPECT_FALSE(full.within(Side::buy, 20.1).has_value());
    EXPECT_NEAR(known_bps(full.range(), Side::buy, 50), 20, 1e-9);
    const Look thin({level(99.9, 1), level(99.8, 1)}, {level(100.1, 1), level(100.2, 1)}, 3);
    EXPECT_TRUE(thin.within(Side::buy, 5000).has_value()) << "fewer levels than published: that is all there is";
    EXPECT_EQ(known_bps(thin.range(), Side::sell, 50), 50);
}

TEST(BookDepth, FullFeedIsKnownInsideItsSnapshotAndSettlesIn300Seconds) {
    Look look({level(99.9, 1), level(99.85, 2)}, {level(100.1, 1), level(100.15, 2)});
    look.change({level(99.0, 7)}, {level(101, 7)});  // beyond the snapshot: there may be more that we never saw
    EXPECT_TRUE(look.within(Side::buy, 15).has_value());
    EXPECT_FALSE(look.within(Side::buy, 25).has_value());
    EXPECT_FALSE(look.within(Side::buy, 120).has_value());
    look.now = kStart + std::chrono::milliseconds(299'999);
    EXPECT_FALSE(look.within(Side::buy, 25).has_value());
    look.now = kStart + std::chrono::seconds(300);
    EXPECT_TRUE(look.within(Side::buy, 25).has_value());
    EXPECT_FALSE(look.within(Side::buy, 25.01).has_value());
    EXPECT_EQ(known_bps(look.range(), Side::buy, 60), 25);
}

TEST(BookDepth, KnownDistanceIsNegativeOnceThePriceLeftTheSnapshot) {
    Look look({level(99.9, 1), level(99.8, 2)}, {level(100.1, 1), level(100.2, 2)});
    look.change({level(99.9, 0), level(99.8, 0), level(98, 5)}, {level(100.1, 0), level(99, 3)});
    EXPECT_LT(known_bps(look.range(), Side::buy, 60), 0);
    EXPECT_FALSE(look.within(Side::buy, 0.1).has_value());
    EXPECT_FALSE(decayed_imbalance(look.frame(), look.range(), 5).has_value());
    EXPECT_FALSE(slippage_bps(look.frame(), look.range(), Side::sell, 1).has_value());
}

TEST(BookDepth, SlippageIsNotExtrapolated) {
    const Look look = vector_book();
    const double all = 100.1 * 5 + 100.2 * 15 + 100.6 * 40 + 101 * 60;
    EXPECT_TRUE(slippage_bps(look.frame(), look.range(), Side::buy, all - 1e-6).has_value());
    EXPECT_FALSE(slippage_bps(look.frame(), look.range(), Side::buy, all + 1).has_value());
    EXPECT_TRUE(slippage_bps(look.frame(), look.range(), Side::buy, 2000, 25).has_value());
    EXPECT_FALSE(slippage_bps(look.frame(), look.range(), Side::buy, 2010, 25).has_value())
        << "needs the level at 60 bps";
}

TEST(BookDepth, DecayedImbalanceCutsBothSidesToWhatIsKnownOfEither) {
    // Asks are known to 100.2 only (20 bps); with scale 10 the band is 30 bps, so two thirds are covered.
    Look look({level(99.9, 1), level(99.8, 1), level(99.75, 900), level(99.6, 1)},
              {level(100.1, 1), level(100.2, 1), level(100.9, 1)}, 4);
    look.change({}, {level(100.15, 1), level(100.9, 0)});
    look.change({}, {level(100.12, 1)});  // four asks now: the last known is 100.2
    const auto found = decayed_imbalance(look.frame(), look.range(), 10);
    ASSERT_TRUE(found.has_value());
    EXPECT_NEAR(found->covered_share, 2.0 / 3, 1e-9);
    const double decay1 = std::exp(-1), decay2 = std::exp(-2);
    const double bid = 99.9 * decay1 + 99.8 * decay2;  // not the wall at 25 bps
    const double ask = 100.1 * decay1 + 100.12 * std::exp(-1.2) + 100.15 * std::exp(-1.5) + 100.2 * decay2;
    EXPECT_NEAR(found->value, (bid - ask) / (bid + ask), 1e-9);
    EXPECT_FALSE(decayed_imbalance(look.frame(), look.range(), 14).has_value()) << "20 of 42 bps: less than half";
}

/// Everything again from a plain map of doubles, for random books.
TEST(BookDepth, EqualsASlowModelOnRandomBooks) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        Prng prng(seed);
        std::vector<Level> bids, asks;
        std::map<std::int64_t, std::int64_t> bid_map, ask_map;
        const auto mid = static_cast<std::int64_t>(500 + prng.below(20'000));
        for (int i = 0; i < 60; ++i) {
            bid_map[mid - 1 - static_cast<std::int64_t>(prng.below(80))] =
                1 + static_cast<std::int64_t>(prng.below(9000));
            ask_map[mid + 1 + static_cast<std::int64_t>(prng.below(80))] =
                1 + static_cast<std::int64_t>(prng.below(9000));
        }
        for (const auto& [p, q] : bid_map) bids.push_back({Ticks{p}, Lots{q}});
        for (const auto& [p, q] : ask_map) asks.push_back({Ticks{p}, Lots{q}});
        const Look look(bids, asks, 1000);
        const auto doubled = bid_map.rbegin()->first + ask_map.begin()->first;
        const double middle = static_cast<double>(doubled) / 2 * .01;
        for (const std::int64_t bps : {1, 3, 10, 40, 200}) {
            double bid = 0, bid_decayed = 0, ask = 0, ask_decayed = 0;
            const double scale = static_cast<double>(bps) / 3;
            for (const auto& [p, q] : bid_map) {
                if (20'000 * p < doubled * (10'000 - bps)) continue;
                const double price = static_cast<double>(p) * .01;
                const double here = price * static_cast<double>(q) * .001;
                bid += here;
                bid_decayed += here * std::exp(-1e4 * (middle - price) / middle / scale);
            }
            for (const auto& [p, q] : ask_map) {
                if (20'000 * p > doubled * (10'000 + bps)) continue;
                const double price = static_cast<double>(p) * .01;
                const double here = price * static_cast<double>(q) * .001;
                ask += here;
                ask_decayed += here * std::exp(-1e4 * (price - middle) / middle / scale);
            }
            EXPECT_NEAR(look.within(Side::buy, static_cast<double>(bps)).value(), bid, 1e-9 * (1 + bid));
            EXPECT_NEAR(look.within(Side::sell, static_cast<double>(bps)).value(), ask, 1e-9 * (1 + ask));
            const auto decayed = decayed_imbalance(look.frame(), look.range(), scale);
            ASSERT_EQ(decayed.has_value(), bid + ask > 0);
            if (!decayed) continue;
            EXPECT_NEAR(decayed->value, (bid_decayed - ask_decayed) / (bid_decayed + ask_decayed), 1e-9);
            EXPECT_NEAR(decayed->bid_quote, bid, 1e-9 * (1 + bid));
            EXPECT_EQ(decayed->covered_share, 1);
        }
    }
}

}  // namespace
}  // namespace vt::analysis::liquidity
