// What the book's levels do: the changes themselves, orders that vanish, orders that refill.

#include "analysis/smart_money/depth_changes.hpp"
#include "analysis/smart_money/iceberg.hpp"
#include "analysis/smart_money/spoof_watch.hpp"
#include "analysis/test_market.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <vector>

namespace vt::analysis::smart_money {
namespace {

using market::Side;
using std::chrono::milliseconds;
using std::chrono::seconds;

const market::Instrument kInstrument = test::made_up_instrument();
using Kind = LevelChange::Kind;

LevelChange change(Timestamp time, Side side, std::int64_t price, double before, double after) {
    return {.time = time,
            .price_ticks = Ticks{price},
            .price = static_cast<double>(price) / 100,
            .before = before,
            .after = after,
            .side = side};
}
Print print(Timestamp time, Side aggressor, std::int64_t price, double quantity) {
    return {.time = time,
            .price_ticks = Ticks{price},
            .price = static_cast<double>(price) / 100,
            .quantity = quantity,
            .notional = quantity * static_cast<double>(price) / 100,
            .aggressor = aggressor};
}

TEST(DepthChanges, EqualsASlowComparisonOfWhatIsInView) {
    Prng random(5, "depth");
    for (int round = 0; round < 1000; ++round) {
        market::OrderBook book(4096);
        DepthChanges changes;
        std::map<std::pair<int, std::int64_t>, double> seen;  // what a reader of the changes believes
        std::map<std::pair<int, std::int64_t>, double> before;
        for (int frame = 0; frame < 12; ++frame) {
            std::vector<market::Level> bids, asks;
            for (int i = 0; i < 4; ++i) {
                bids.push_back({Ticks{1000 - static_cast<std::int64_t>(random.below(16))},
                                Lots{static_cast<std::int64_t>(random.below(4)) * 100}});
                asks.push_back({Ticks{1001 + static_cast<std::int64_t>(random.below(16))},
                                Lots{static_cast<std::int64_t>(random.below(4)) * 100}});
            }
            if (frame == 0) {
                bids.push_back({Ticks{1000}, Lots{100}});
                asks.push_back({Ticks{1001}, Lots{100}});
            }
            (void)book.apply({.is_snapshot = frame == 0, .bids = bids, .asks = asks});
            if (!book.best(Side::buy) || !book.best(Side::sell)) break;
            const BookFrame one{.time = test::kStart + seconds{frame}, .book = book, .instrument = kInstrument};
            const TopLevels levels = top_levels(one);
            changes.on_frame(one, levels, std::nullopt);
            changes.release(Timestamp::max(), [&](const LevelChange& found) {
                const std::pair key(found.side == Side::buy ? 0 : 1, found.price_ticks.value());
                if (found.kind == Kind::changed) {
                    EXPECT_EQ(before.contains(key) ? before[key] : 0, found.before);
                }
                if (found.after == 0) {
                    seen.erase(key);
                } else {
                    seen[key] = found.after;
                }
            });
            // Every level in view is known as it is.
            before.clear();
            for (const Side side : {Side::buy, Side::sell}) {
                std::size_t rank = 0;
                book.walk(side, [&](const market::Level& level) {
                    const std::pair key(side == Side::buy ? 0 : 1, level.price.value());
                    before[key] = kInstrument.quantity(level.quantity);
                    EXPECT_EQ(seen[key], before[key]);
                    return ++rank < kRanks;
                });
            }
        }
    }
}

TEST(DepthChanges, ALevelThatComesIntoViewWasNotAdded) {
    market::OrderBook book(4096);
    std::vector<market::Level> bids, asks;
    for (std::int64_t i = 0; i < 12; ++i) {
        bids.push_back({Ticks{1000 - i}, Lots{100}});
        asks.push_back({Ticks{1001 + i}, Lots{100}});
    }
    (void)book.apply({.is_snapshot = true, .bids = bids, .asks = asks});
    DepthChanges changes;
    const auto show = [&](int at) {
        const BookFrame frame{.time = test::kStart + seconds{at}, .book = book, .instrument = kInstrument};
        changes.on_frame(frame, top_levels(frame), 1.0);
        std::vector<LevelChange> found;
        changes.release(Timestamp::max(), [&](const LevelChange& one) { found.push_back(one); });
        return found;
    };
    EXPECT_EQ(show(0).size(), 20U);
    const std::vector<market::Level> gone = {{Ticks{1000}, Lots{0}}};
    (void)book.apply({.bids = gone});
    const auto found = show(1);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].kind, Kind::changed);
    EXPECT_EQ(found[0].added(), -1);
    EXPECT_EQ(found[1].kind, Kind::sighted);
    EXPECT_EQ(found[1].price_ticks, Ticks{990});
}

TEST(DepthChanges, ALargeOrderStaysInSightWhenItsRankLeavesTheView) {
    market::OrderBook book(4096);
    std::vector<market::Level> bids = {{Ticks{990}, Lots{100}}};
    std::vector<market::Level> asks = {{Ticks{1001}, Lots{100}}};
    (void)book.apply({.is_snapshot = true, .bids = bids, .asks = asks});
    DepthChanges changes;
    std::vector<LevelChange> found;
    const auto show = [&](int at, std::int64_t price, std::int64_t lots) {
        const std::vector<market::Level> update = {{Ticks{price}, Lots{lots}}};
        (void)book.apply({.bids = update});
        const BookFrame frame{.time = test::kStart + milliseconds{100 * at}, .book = book, .instrument = kInstrument};
        changes.on_frame(frame, top_levels(frame), 9000.0);
        found.clear();
        changes.release(Timestamp::max(), [&](const LevelChange& one) { found.push_back(one); });
    };
    show(0, 990, 100);
    show(1, 985, 100'000);  // 1000 coins at 9.85
    for (int i = 0; i < 12; ++i) show(2 + i, 986 + i, 100);
    show(20, 985, 0);  // thirteen better levels hide it
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].price_ticks, Ticks{985});
    EXPECT_EQ(found[0].added(), -1000);
}

TEST(DepthChanges, NothingPairsAcrossALostBook) {
    market::OrderBook book(4096);
    const std::vector<market::Level> bids = {{Ticks{1000}, Lots{100}}};
    const std::vector<market::Level> asks = {{Ticks{1001}, Lots{100}}};
    (void)book.apply({.is_snapshot = true, .bids = bids, .asks = asks});
    const BookFrame frame{.time = test::kStart, .book = book, .instrument = kInstrument};
    DepthChanges changes;
    changes.on_frame(frame, top_levels(frame), 1.0);
    changes.on_lost(test::kStart + seconds{1});
    changes.on_frame(frame, top_levels(frame), 1.0);
    std::vector<Kind> kinds;
    changes.release(Timestamp::max(), [&](const LevelChange& one) { kinds.push_back(one.kind); });
    EXPECT_EQ(kinds, (std::vector{Kind::sighted, Kind::sighted, Kind::lost, Kind::sighted, Kind::sighted}));
}

constexpr double kLarge = 1000;  // quote currency; prices are about 10

TEST(SpoofWatch, CountsLargeOrdersThatAreTakenBackAtOnce) {
    SpoofWatch watch;
    for (int i = 0; i < 4; ++i) {
        const Timestamp at = test::kStart + seconds{10 * i};
        watch.on_change(change(at, Side::sell, 1003, 10, 130), kLarge);  // 120 coins: 1.2 times what is large
        watch.on_change(change(at + seconds{2}, Side::sell, 1003, 130, 11), kLarge);
    }
    ASSERT_EQ(watch.events().size(), 4U);
    EXPECT_EQ(watch.events()[0].t_event, test::kStart);
    EXPECT_EQ(watch.events()[0].t_confirm, test::kStart + seconds{2});
    EXPECT_NEAR(watch.spoof_like(test::kStart + seconds{33}), 4 * 1.2036 / 5, 1e-9);
    EXPECT_NEAR(watch.spoof_like(test::kStart + seconds{75}), 2 * 1.2036 / 5, 1e-9);
    EXPECT_EQ(watch.spoof_like(test::kStart + seconds{92}), 0);
}

TEST(SpoofWatch, AnOrderThatTradesOrRestsOrIsSmallIsNone) {
    SpoofWatch watch;
    const Timestamp at = test::kStart;
    // Bought whole.
    watch.on_change(change(at, Side::sell, 1003, 0, 200), kLarge);
    watch.on_print(print(at + seconds{1}, Side::buy, 1003, 200));
    watch.on_change(change(at + seconds{1}, Side::sell, 1003, 200, 0), kLarge);
    // A fifth of it bought, the rest cancelled.
    watch.on_change(change(at + seconds{2}, Side::sell, 1003, 0, 200), kLarge);
    watch.on_print(print(at + seconds{3}, Side::buy, 1003, 40));
    watch.on_change(change(at + seconds{3}, Side::sell, 1003, 200, 160), kLarge);
    watch.on_change(change(at + seconds{4}, Side::sell, 1003, 160, 0), kLarge);
    // It rests for five seconds.
    watch.on_change(change(at + seconds{10}, Side::sell, 1003, 0, 200), kLarge);
    watch.on_change(change(at + seconds{15}, Side::sell, 1003, 200, 0), kLarge);
    // It is small; nobody knows what is large; it came into view.
    watch.on_change(change(at + seconds{20}, Side::sell, 1003, 0, 90), kLarge);
    watch.on_change(change(at + seconds{21}, Side::sell, 1003, 90, 0), kLarge);
    watch.on_change(change(at + seconds{22}, Side::sell, 1003, 0, 900), std::nullopt);
    watch.on_change(change(at + seconds{23}, Side::sell, 1003, 900, 0), std::nullopt);
    LevelChange sighted = change(at + seconds{24}, Side::sell, 1003, 0, 900);
    sighted.kind = Kind::sighted;
    watch.on_change(sighted, kLarge);
    watch.on_change(change(at + seconds{25}, Side::sell, 1003, 900, 0), kLarge);
    // The book was lost meanwhile.
    watch.on_change(change(at + seconds{30}, Side::sell, 1003, 0, 200), kLarge);
    watch.on_change({.time = at + seconds{31}, .kind = Kind::lost}, kLarge);
    watch.on_change(change(at + seconds{32}, Side::sell, 1003, 200, 0), kLarge);
    EXPECT_TRUE(watch.events().empty());
}

double binomial(int n, int k) {
    double result = 1;
    for (int i = 1; i <= k; ++i) result = result * (n - k + i) / i;
    return result;
}

TEST(Iceberg, TheChanceOfRefillsIsTheTailOfABinomial) {
    for (int n = 1; n <= 25; ++n) {
        for (int k = 1; k <= n; ++k) {
            for (const double rate : {0.05, 0.3, 0.8}) {
                double tail = 0;
                for (int i = k; i <= n; ++i) tail += binomial(n, i) * std::pow(rate, i) * std::pow(1 - rate, n - i);
                EXPECT_NEAR(chance_of_refills(static_cast<std::uint32_t>(k), static_cast<std::uint32_t>(n), rate, 1),
                            tail, 1e-12);
            }
        }
    }
    EXPECT_NEAR(chance_of_refills(6, 6, 0.3, 1), std::pow(0.3, 6), 1e-15);
    EXPECT_EQ(chance_of_refills(3, 3, 0.3, 1000), 1);
    EXPECT_LT(chance_of_refills(6, 6, 0.1, 100),
              chance_of_refills(6, 6, 0.3, 100));  // confidence falls with the rate
}

/// A market of many prices whose refills come with a base rate, and one bid that refills each time.
class Meals {
public:
    Iceberg iceberg;
    Timestamp at = test::kStart;

    void meal(std::int64_t price, bool refills, double shown = 5) {
        iceberg.on_change(change(at, Side::buy, price, 0, shown));
        iceberg.on_print(print(at + milliseconds{10}, Side::sell, price, shown));
        iceberg.on_change(change(at + milliseconds{10}, Side::buy, price, shown, 0));
        if (refills) iceberg.on_change(change(at + milliseconds{150}, Side::buy, price, 0, shown));
        at += seconds{1};
        iceberg.advance(at);
    }
    void background(int count, double rate) {
        for (int i = 0; i < count; ++i) meal(2000 + i % 100, random_.uniform() < rate);
    }

private:
    Prng random_{3, "meals"};
};

TEST(Iceberg, IsSureAfterSixRefillsAndLessSureWhereRefillsAreCommon) {
    std::vector<double> confidences;
    for (const double rate : {0.05, 0.2}) {
        Meals market;
        market.background(600, rate);
        EXPECT_NEAR(market.iceberg.base_rate().value_or(0), rate, 0.05);
        const std::size_t before = market.iceberg.events().size();
        for (int i = 0; i < 6; ++i) market.meal(1999, true);
        ASSERT_GT(market.iceberg.events().size(), before);
        const IcebergEvent& event = market.iceberg.events().back();
        EXPECT_EQ(event.refills, 6U);
        EXPECT_EQ(event.side, Side::buy);
        EXPECT_LT(event.t_event, event.t_confirm);
        EXPECT_NEAR(event.price, 19.99, 1e-9);
        confidences.push_back(event.confidence);
    }
    EXPECT_GT(confidences[0], 0.99);
    EXPECT_GT(confidences[1], 0.9);
    EXPECT_LT(confidences[1], confidences[0]);
}

TEST(Iceberg, TwoThatRefillInTheSameInstantStayTwo) {
    Meals market;
    market.background(600, 0.05);
    const std::size_t before = market.iceberg.events().size();
    for (int i = 0; i < 6; ++i) {
        const Timestamp at = market.at;
        for (const std::int64_t price : {1998, 1999}) market.iceberg.on_change(change(at, Side::buy, price, 0, 5));
        for (const std::int64_t price : {1999, 1998})
            market.iceberg.on_print(print(at + milliseconds{10}, Side::sell, price, 5));
        for (const std::int64_t price : {1998, 1999})
            market.iceberg.on_change(change(at + milliseconds{10}, Side::buy, price, 5, 0));
        for (const std::int64_t price : {1998, 1999})
            market.iceberg.on_change(change(at + milliseconds{150}, Side::buy, price, 0, 5));
        market.at += seconds{1};
        market.iceberg.advance(market.at);
    }
    const auto& events = market.iceberg.events();
    ASSERT_EQ(events.size(), before + 2);
    for (std::size_t i = before; i < events.size(); ++i) {
        EXPECT_EQ(events[i].refills, 6U);
        EXPECT_NEAR(events[i].price, i == before ? 19.98 : 19.99, 1e-9);
        EXPECT_NEAR(events[i].executed_quote, 30 * events[i].price, 1e-9);
    }
}

TEST(Iceberg, ARefillThatIsLateOrOfAnotherSizeIsNone) {
    Meals market;
    market.background(300, 0.05);
    const std::size_t before = market.iceberg.events().size();
    for (int i = 0; i < 8; ++i) {
        const Timestamp at = market.at;
        market.iceberg.on_change(change(at, Side::buy, 1999, 0, 5));
        market.iceberg.on_print(print(at + milliseconds{10}, Side::sell, 1999, 5));
        market.iceberg.on_change(change(at + milliseconds{10}, Side::buy, 1999, 5, 0));
        const bool is_late = i % 2 == 0;
        market.iceberg.on_change(
            change(at + milliseconds{is_late ? 320 : 100}, Side::buy, 1999, 0, is_late ? 5 : 30));
        market.at += seconds{1};
        market.iceberg.advance(market.at);
    }
    EXPECT_EQ(market.iceberg.events().size(), before);
}

TEST(Iceberg, ARefillWithinOneFrameIsSeenByItsPrints) {
    Meals market;
    market.background(600, 0.05);
    const std::size_t before = market.iceberg.events().size();
    market.iceberg.on_change(change(market.at, Side::sell, 2150, 0, 5));
    for (int i = 0; i < 6; ++i) {
        // The venue merges the trade and the refill: the level never changes, another one does.
        market.iceberg.on_print(print(market.at + milliseconds{10}, Side::buy, 2150, 5));
        market.iceberg.on_change(change(market.at + milliseconds{20}, Side::buy, 1900, i, i + 1));
        market.at += seconds{1};
        market.iceberg.advance(market.at);
    }
    ASSERT_EQ(market.iceberg.events().size(), before + 1);
    EXPECT_EQ(market.iceberg.events().back().side, Side::sell);
    EXPECT_GT(market.iceberg.events().back().confidence, 0.9);
}

TEST(Iceberg, ALostBookForgetsTheLevelsAndKeepsTheRate) {
    Meals market;
    market.background(600, 0.05);
    const auto rate = market.iceberg.base_rate();
    for (int i = 0; i < 3; ++i) market.meal(1999, true);
    const std::size_t before = market.iceberg.events().size();
    market.iceberg.on_change({.time = market.at, .kind = Kind::lost});
    for (int i = 0; i < 2; ++i) market.meal(1999, true);
    EXPECT_EQ(market.iceberg.events().size(), before);
    EXPECT_NEAR(*market.iceberg.base_rate(), *rate, 0.02);
}

}  // namespace
}  // namespace vt::analysis::smart_money
