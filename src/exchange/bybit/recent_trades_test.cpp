#include "exchange/bybit/recent_trades.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

namespace vt::exchange::bybit {
namespace {

TEST(BybitRecentTrades, EqualsAPlainListOfTheLastThousandAndTwentyFour) {
    RecentTrades recent;
    std::deque<market::TradeId> model;
    Prng prng(7, "recent trades");
    for (int i = 0; i < 20'000; ++i) {
        const market::TradeId id{prng.below(3), prng.below(2'500)};
        const bool is_new = std::find(model.begin(), model.end(), id) == model.end();
        EXPECT_EQ(recent.insert(id), is_new) << i;
        if (!is_new) continue;
        model.push_back(id);
        if (model.size() > RecentTrades::kRemembered) model.pop_front();
    }
}

}  // namespace
}  // namespace vt::exchange::bybit
