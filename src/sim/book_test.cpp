#include "sim/book.hpp"

#include "base/prng.hpp"
#include "sim/depth_window.hpp"

#include <gtest/gtest.h>

#include <map>

namespace vt::sim {
namespace {

using market::Level;
using market::Side;

/// The slow model: one ordered map for each side.
struct Model {
    std::map<std::int64_t, std::int64_t> bids, asks;

    void check(const Book& book) const {
        std::vector<Level> seen;
        book.walk(Side::buy, [&](const Level& level) {
            seen.push_back(level);
            return true;
        });
        ASSERT_EQ(seen.size(), bids.size());
        std::size_t i = 0;
        for (auto it = bids.rbegin(); it != bids.rend(); ++it, ++i) {
            ASSERT_EQ(seen[i].price.value(), it->first);
            ASSERT_EQ(seen[i].quantity.value(), it->second);
        }
        seen.clear();
        book.walk(Side::sell, [&](const Level& level) {
            seen.push_back(level);
            return true;
        });
        ASSERT_EQ(seen.size(), asks.size());
        i = 0;
        for (const auto& [price, lots] : asks) {
            ASSERT_EQ(seen[i].price.value(), price);
            ASSERT_EQ(seen[i++].quantity.value(), lots);
        }
    }
    void clip(std::int64_t low, std::int64_t high) {
        for (auto* side : {&bids, &asks}) {
            std::erase_if(*side, [&](const auto& level) { return level.first < low || level.first > high; });
        }
    }
};

TEST(Book, EqualsASlowModelUnderRandomChangesAndMovingWindows) {
    constexpr std::int64_t kReach = 255;
    Prng prng(1, "book test");
    for (int run = 0; run < 20; ++run) {
        Book book(512);
        Model model;
        std::int64_t centre = 1000 + static_cast<std::int64_t>(prng.below(100000));
        book.reset(Ticks{centre});
        for (int i = 0; i < 3000; ++i) {
            const std::int64_t price = centre - 200 + static_cast<std::int64_t>(prng.below(401));
            const auto side = prng.below(2) == 0 ? Side::buy : Side::sell;
            auto& own = side == Side::buy ? model.bids : model.asks;
            const auto lots = static_cast<std::int64_t>(prng.below(5));
            switch (prng.below(4)) {
                case 0: {
                    const bool crosses = side == Side::buy
                                             ? !model.asks.empty() && price >= model.asks.begin()->first
                                             : !model.bids.empty() && price <= model.bids.rbegin()->first;
                    ASSERT_EQ(book.add(side, Ticks{price}, Lots{lots + 1}), !crosses);
                    if (!crosses) own[price] += lots + 1;
                    break;
                }
                case 1: {
                    const auto found = own.find(price);
                    const std::int64_t had = found == own.end() ? 0 : found->second;
                    ASSERT_EQ(book.remove(side, Ticks{price}, Lots{lots}, 1).value(), std::min(had, lots));
                    if (found != own.end() && (found->second -= std::min(had, lots)) == 0) own.erase(found);
                    break;
                }
                case 2:
                    book.set(side, Ticks{price}, Lots{lots});
                    if (lots == 0) {
                        own.erase(price);
                    } else {
                        if (side == Side::buy) {
                            std::erase_if(model.asks, [&](const auto& level) { return level.first <= price; });
                        } else {
                            std::erase_if(model.bids, [&](const auto& level) { return level.first >= price; });
                        }
                        own[price] = lots;
                    }
                    break;
                default:
                    if (prng.below(50) != 0) break;
                    centre += static_cast<std::int64_t>(prng.below(301)) - 150;
                    book.recentre(Ticks{centre});
                    model.clip(centre - kReach, centre + kReach);
            }
            if (i % 16 == 0) model.check(book);
            const auto bid = book.best(Side::buy);
            const auto ask = book.best(Side::sell);
            if (bid && ask) {
                ASSERT_LT(bid->price, ask->price);
            }
        }
        model.check(book);
    }
}

TEST(Book, RefusesWhatCrossesOrLiesOutside) {
    Book book(256);
    book.reset(Ticks{1000});
    EXPECT_TRUE(book.add(Side::sell, Ticks{1001}, Lots{5}));
    EXPECT_FALSE(book.add(Side::buy, Ticks{1001}, Lots{5}));
    EXPECT_FALSE(book.add(Side::buy, Ticks{800}, Lots{5}));
    EXPECT_EQ(book.remove(Side::sell, Ticks{1001}, Lots{9}, 1), Lots{5});
    EXPECT_FALSE(book.best(Side::sell).has_value());
}

TEST(DepthWindow, ChangesTurnTheLastWindowIntoTheNext) {
    Prng prng(2, "window test");
    Book book(512);
    book.reset(Ticks{5000});
    DepthWindow window(10);
    std::map<std::int64_t, std::int64_t> bids, asks;
    for (int i = 0; i < 5000; ++i) {
        const std::int64_t price = 4950 + static_cast<std::int64_t>(prng.below(100));
        const auto side = price < 5000 ? Side::buy : Side::sell;
        book.set(side, Ticks{price}, Lots{static_cast<std::int64_t>(prng.below(3))});
        if (i % 3 != 0) continue;
        window.refresh(book);
        for (const Level& level : window.bid_changes()) {
            if (level.quantity.value() == 0) {
                ASSERT_EQ(bids.erase(level.price.value()), 1U);
            } else {
                bids[level.price.value()] = level.quantity.value();
            }
        }
        for (const Level& level : window.ask_changes()) {
            if (level.quantity.value() == 0) {
                ASSERT_EQ(asks.erase(level.price.value()), 1U);
            } else {
                asks[level.price.value()] = level.quantity.value();
            }
        }
        std::vector<Level> expected;
        book.walk(Side::buy, [&](const Level& level) {
            expected.push_back(level);
            return expected.size() < 10;
        });
        ASSERT_EQ(bids.size(), expected.size());
        for (const Level& level : expected) ASSERT_EQ(bids[level.price.value()], level.quantity.value());
        ASSERT_LE(asks.size(), 10U);
    }
    EXPECT_FALSE(window.refresh(book));
}

}  // namespace
}  // namespace vt::sim
