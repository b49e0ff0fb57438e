#include "paper/taken_liquidity.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <map>

namespace vt::paper {
namespace {

using market::Level;
using market::Side;

market::OrderBook book_of(const std::vector<Level>& bids, const std::vector<Level>& asks) {
    market::OrderBook book(4096);
    EXPECT_EQ(book.apply({.is_snapshot = true, .bids = bids, .asks = asks}), market::ApplyResult::applied);
    return book;
}

TEST(TakenLiquidity, AWalkEndsAtTheQuantityOrTheLimit) {
    const auto book = book_of({{Ticks{99}, Lots{4}}}, {{Ticks{101}, Lots{2}}, {Ticks{102}, Lots{3}}});
    const TakenLiquidity taken;
    std::vector<Take> takes;
    taken.walk(book, Side::buy, Lots{4}, std::nullopt, takes);
    EXPECT_EQ(takes, (std::vector<Take>{{Ticks{101}, Lots{2}}, {Ticks{102}, Lots{2}}}));
    taken.walk(book, Side::buy, Lots{4}, Ticks{101}, takes);
    EXPECT_EQ(takes, (std::vector<Take>{{Ticks{101}, Lots{2}}}));
    taken.walk(book, Side::buy, Lots{4}, Ticks{100}, takes);
    EXPECT_TRUE(takes.empty());
    taken.walk(book, Side::sell, Lots{4}, Ticks{99}, takes);
    EXPECT_EQ(takes, (std::vector<Take>{{Ticks{99}, Lots{4}}}));
}

TEST(TakenLiquidity, EqualsASlowAccountOfEveryLevel) {
    // the reference keeps, for every price there is, what we took and still counts
    constexpr std::int64_t kPrices = 12;
    Prng prng(3, "taken");
    market::OrderBook book(4096);
    TakenLiquidity taken;
    std::map<std::int64_t, std::int64_t> displayed;
    std::map<std::int64_t, std::int64_t> ours;
    std::vector<Take> takes;
    for (int i = 0; i < 20'000; ++i) {
        if (i % 3 != 0 || i == 0) {  // the asks change; bids stay away
            std::vector<Level> asks;
            for (std::int64_t price = 100; price < 100 + kPrices; ++price)
                if (prng.below(3) == 0) {
                    displayed[price] = static_cast<std::int64_t>(prng.below(6));
                    asks.push_back({Ticks{price}, Lots{displayed[price]}});
                }
            (void)book.apply({.is_snapshot = i == 0, .asks = asks});
            taken.refresh(book);
            for (auto& [price, quantity] : ours) quantity = std::min(quantity, displayed[price]);
            continue;
        }
        auto wanted = static_cast<std::int64_t>(1 + prng.below(8));
        taken.walk(book, Side::buy, Lots{wanted}, std::nullopt, takes);
        std::vector<Take> expected;
        for (std::int64_t price = 100; price < 100 + kPrices && wanted > 0; ++price) {
            const auto part = std::min(wanted, displayed[price] - ours[price]);
            if (part <= 0) continue;
            expected.push_back({Ticks{price}, Lots{part}});
            ours[price] += part;
            wanted -= part;
        }
        ASSERT_EQ(takes, expected) << "step " << i;
        for (const Take& take : takes) taken.take(Side::sell, take);
    }
}

}  // namespace
}  // namespace vt::paper
