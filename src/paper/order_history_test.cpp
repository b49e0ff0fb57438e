#include "paper/order_history.hpp"

#include <gtest/gtest.h>

namespace vt::paper {
namespace {

ClosedOrder closed(std::uint64_t number) {
    ClosedOrder order;
    order.found.order.id = {1, number};
    order.found.state = trading::OrderState::filled;
    return order;
}

TEST(OrderHistory, KeepsTheNewestAndKnowsThatOlderOnesWere) {
    OrderHistory history;
    for (std::uint64_t i = 1; i <= OrderHistory::kKept; ++i) history.add(closed(i));
    EXPECT_NE(history.find({1, 1}), nullptr);
    history.add(closed(OrderHistory::kKept + 1));
    EXPECT_EQ(history.find({1, 1}), nullptr);
    EXPECT_TRUE(history.was_used({1, 1}));
    EXPECT_NE(history.find({1, 2}), nullptr);
    EXPECT_TRUE(history.was_used({1, 2}));
    EXPECT_FALSE(history.was_used({1, OrderHistory::kKept + 2}));
    EXPECT_FALSE(history.was_used({2, 1}));
}

}  // namespace
}  // namespace vt::paper
