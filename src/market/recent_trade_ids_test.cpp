#include "market/recent_trade_ids.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <set>

namespace vt::market {

TEST(RecentTradeIds, EqualsASetOfTheLastOnes) {
    for (const std::size_t capacity : {std::size_t{1}, std::size_t{7}, std::size_t{64}, std::size_t{2048}}) {
        Prng prng(capacity, "recent_trade_ids");
        RecentTradeIds ids(capacity);
        std::set<TradeId> known;
        std::deque<TradeId> order;
        for (int i = 0; i < 100'000; ++i) {
            const TradeId id{prng.below(2), prng.below(capacity * 3)};
            const bool is_new = known.insert(id).second;
            if (is_new) order.push_back(id);
            if (order.size() > capacity) {
                known.erase(order.front());
                order.pop_front();
            }
            ASSERT_EQ(ids.insert(id), is_new) << "capacity " << capacity << " step " << i;
            ASSERT_EQ(ids.size(), known.size());
        }
    }
}

TEST(RecentTradeIds, ClearForgets) {
    RecentTradeIds ids(4);
    EXPECT_TRUE(ids.insert({1, 2}));
    EXPECT_FALSE(ids.insert({1, 2}));
    ids.clear();
    EXPECT_EQ(ids.size(), 0U);
    EXPECT_TRUE(ids.insert({1, 2}));
}

}  // namespace vt::market
