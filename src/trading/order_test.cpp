#include "trading/order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <vector>

namespace vt::trading {
namespace {

Order order_of(std::int64_t lots) {
    OrderRequest request;
    request.id = {3, 41};
    request.quantity = Lots{lots};
    return Order{request, Purpose::entry, from_ms(1000)};
}

TEST(ClientOrderId, IsReadBackAndNothingElseIs) {
    EXPECT_EQ(to_string(ClientOrderId{12, 345}), "v12-345");
    EXPECT_EQ(parse_client_order_id("v12-345"), (ClientOrderId{12, 345}));
    for (const auto* text : {"", "v", "12-345", "v12", "v12-", "v-1", "v12-345x", "v012-345", "v12-0345", "v+1-2",
                             "v99999999999-1", "web-1"})
        EXPECT_EQ(parse_client_order_id(text), std::nullopt) << text;
    EXPECT_LE(to_string(ClientOrderId{~0U, ~std::uint64_t{0}}).size(), 36U);
}

TEST(OrderLife, GoesFromIntentToFilled) {
    auto order = order_of(10);
    EXPECT_EQ(order.state(), OrderState::intent);
    order.on_sent();
    EXPECT_EQ(order.state(), OrderState::sent);
    order.on_accepted();
    EXPECT_EQ(order.state(), OrderState::open);
    EXPECT_TRUE(order.on_filled(ExecutionId{1}, Lots{4}));
    EXPECT_EQ(order.state(), OrderState::partially_filled);
    EXPECT_EQ(order.remaining(), Lots{6});
    EXPECT_TRUE(order.on_filled(ExecutionId{2}, Lots{6}));
    EXPECT_EQ(order.state(), OrderState::filled);
    EXPECT_EQ(order.remaining(), Lots{});
}

TEST(OrderLife, AnExecutionCountsOnce) {
    auto order = order_of(10);
    EXPECT_TRUE(order.on_filled(ExecutionId{1}, Lots{4}));
    EXPECT_FALSE(order.on_filled(ExecutionId{1}, Lots{4}));
    EXPECT_EQ(order.filled(), Lots{4});
}

TEST(OrderLife, NoAnswerIsUnknownUntilTheVenueSpeaks) {
    auto order = order_of(10);
    order.on_sent();
    order.on_unanswered();
    EXPECT_EQ(order.state(), OrderState::unknown);
    EXPECT_EQ(order.remaining(), Lots{10});
    order.on_accepted();
    EXPECT_EQ(order.state(), OrderState::open);
    order.on_unanswered();  // of a second question
    EXPECT_EQ(order.state(), OrderState::open);
}

TEST(OrderLife, AFillBeforeTheAcknowledgementAndOneThatCrossesTheCancellationCount) {
    auto order = order_of(10);
    order.on_sent();
    EXPECT_TRUE(order.on_filled(ExecutionId{1}, Lots{3}));
    EXPECT_EQ(order.state(), OrderState::partially_filled);
    order.on_cancelled("requested");
    EXPECT_EQ(order.state(), OrderState::cancelled);
    EXPECT_EQ(order.remaining(), Lots{});
    EXPECT_TRUE(order.on_filled(ExecutionId{2}, Lots{7}));
    EXPECT_EQ(order.state(), OrderState::filled);
    EXPECT_EQ(order.reason(), "requested");
}

TEST(OrderLife, AnAmendmentThatIsOvertakenChangesNothing) {
    auto order = order_of(10);
    auto second = order.request();
    second.quantity = Lots{6};
    auto third = order.request();
    third.quantity = Lots{8};
    third.price = Ticks{5};
    order.on_amended(2, third);
    order.on_amended(1, second);
    EXPECT_EQ(order.request().quantity, Lots{8});
    EXPECT_EQ(order.request().price, Ticks{5});
    EXPECT_EQ(order.facts().revision, 2U);
}

TEST(OrderLife, EveryOrderOfReportsEndsInTheSameState) {
    // accepted, two fills (one twice), an amendment to 9, a cancellation, no answer: 7! orders
    const std::array<std::function<void(Order&)>, 7> reports{
        [](Order& order) { order.on_accepted(); },
        [](Order& order) { (void)order.on_filled(ExecutionId{1}, Lots{3}); },
        [](Order& order) { (void)order.on_filled(ExecutionId{2}, Lots{2}); },
        [](Order& order) { (void)order.on_filled(ExecutionId{2}, Lots{2}); },
        [](Order& order) {
            auto amended = order.request();
            amended.quantity = Lots{9};
            order.on_amended(1, amended);
        },
        [](Order& order) { order.on_cancelled("requested"); },
        [](Order& order) { order.on_unanswered(); }};
    std::array<std::size_t, reports.size()> turn{};
    std::iota(turn.begin(), turn.end(), 0U);
    int orders = 0;
    do {
        auto order = order_of(10);
        order.on_sent();
        for (const auto each : turn) reports.at(each)(order);
        ASSERT_EQ(order.state(), OrderState::cancelled);
        ASSERT_EQ(order.filled(), Lots{5});
        ASSERT_EQ(order.request().quantity, Lots{9});
        ++orders;
    } while (std::ranges::next_permutation(turn).found);
    EXPECT_EQ(orders, 5040);
}

}  // namespace
}  // namespace vt::trading
