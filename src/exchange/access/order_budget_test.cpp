#include "exchange/access/order_budget.hpp"

#include "exchange/access/site_access.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <string>

namespace vt::exchange::access {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Timestamp kStart = from_ms(1'700'000'000'000);  // 22:13:20 UTC

Answer answer(std::string_view headers, Timestamp at, std::string_view body = "{}", int status = 200) {
    return {.status = status, .body = body, .headers = headers, .received = at};
}

TEST(OrderBudget, NoWindowHoldsMoreThanIsPlanned) {
    for (const Site site : {Site::binance_futures, Site::binance_spot}) {
        OrderBudget budget(site);
        std::deque<Timestamp> placed;
        Timestamp now = kStart;
        while (now < kStart + minutes{5}) {
            const Timestamp at = budget.free_at(1, now);
            ASSERT_GE(at, now);
            now = at;
            budget.sent(1, now);
            placed.push_back(now);
        }
        for (const PublishedLimit& limit : budget.limits()) {
            std::deque<Timestamp> window;
            std::size_t most = 0;
            for (const Timestamp at : placed) {
                window.push_back(at);
                while (window.front() <= at - limit.span) window.pop_front();
                most = std::max(most, window.size());
            }
            EXPECT_LE(most, limit.limit * 4 / 5) << name(site) << ", " << to_seconds(limit.span) << " s";
        }
        EXPECT_GT(placed.size(), 1000U) << name(site) << ": it is not timid either";
    }
}

TEST(OrderBudget, ABurstGoesAtOnceAndWhatIsMoreWaits) {
    OrderBudget budget(Site::binance_futures);  // 300 in 10 s: 240 planned, 60 of them at once
    for (int i = 0; i < 60; ++i) {
        ASSERT_EQ(budget.free_at(1, kStart), kStart) << i;
        budget.sent(1, kStart);
    }
    EXPECT_GT(budget.free_at(1, kStart), kStart);
    EXPECT_LT(budget.free_at(1, kStart), kStart + milliseconds{100});
    EXPECT_GT(budget.free_at(30, kStart), kStart + seconds{1});
}

// Another program of the same account, or a page of the venue, places orders as well.
TEST(OrderBudget, WhatTheAccountPlacedElsewhereCounts) {
    OrderBudget budget(Site::binance_futures);
    const std::string at_20 = "date: Tue, 14 Nov 2023 22:13:20 GMT\n";
    budget.answered(answer("x-mbx-order-count-10s: 238\nx-mbx-order-count-1m: 300\n" + at_20, kStart));
    EXPECT_EQ(budget.free_at(2, kStart), kStart);
    EXPECT_EQ(budget.free_at(3, kStart), kStart + seconds{11}) << "until the venue's window ends, and a second";
    budget.sent(2, kStart);
    EXPECT_EQ(budget.free_at(1, kStart), kStart + seconds{11}) << "ours are added until the venue says so";
    EXPECT_EQ(budget.free_at(1, kStart + seconds{11}), kStart + seconds{11});
    budget.answered(answer("x-mbx-order-count-1m: 960\n" + at_20, kStart + seconds{11}));
    EXPECT_EQ(budget.free_at(1, kStart + seconds{11}), kStart + seconds{11 + 41}) << "of the minute, 40 s were left";
}

TEST(OrderBudget, AnOlderAnswerDoesNotTakeBackWhatWasSent) {
    OrderBudget budget(Site::binance_futures);
    budget.answered(answer("x-mbx-order-count-10s: 239\n", kStart));
    budget.sent(1, kStart);
    budget.answered(answer("x-mbx-order-count-10s: 100\n", kStart + milliseconds{5}));
    EXPECT_GT(budget.free_at(1, kStart + milliseconds{5}), kStart + seconds{1});
}

TEST(OrderBudget, ARefusalHoldsForAsLongAsItSays) {
    const std::string_view body =
        R"({"code":-1015,"msg":"Too many new orders; current limit is 300 per TEN_SECONDS."})";
    OrderBudget budget(Site::binance_futures);
    budget.answered(answer("", kStart, body, 400));
    EXPECT_EQ(budget.free_at(1, kStart), kStart + seconds{10});
    budget.answered(answer("retry-after: 37\n", kStart, body, 429));
    EXPECT_EQ(budget.free_at(1, kStart), kStart + seconds{37});
    budget.answered(answer("retry-after: 1\n", kStart, body, 429));
    EXPECT_EQ(budget.free_at(1, kStart), kStart + seconds{37}) << "a wait is not shortened";
    EXPECT_EQ(budget.free_at(1, kStart + seconds{37}), kStart + seconds{37});
}

TEST(OrderBudget, LimitsAreLearnedAndTheSameOnesForgetNothing) {
    OrderBudget budget(Site::binance_spot);
    ASSERT_EQ(budget.limits().size(), 2U);
    EXPECT_EQ(budget.limits()[0].limit, 100U);
    EXPECT_EQ(budget.limits()[1].span, std::chrono::hours{24});
    const std::string_view body =
        R"({"rateLimits":[{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":6000},)"
        R"({"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":40},)"
        R"({"rateLimitType":"ORDERS","interval":"DAY","intervalNum":1,"limit":160000}],"symbols":[]})";
    budget.learn(body);
    ASSERT_EQ(budget.limits().size(), 2U);
    EXPECT_EQ(budget.limits()[0].limit, 40U);
    EXPECT_EQ(budget.limits()[1].limit, 160'000U);
    budget.sent(8, kStart);  // a quarter of the 32 that are planned
    EXPECT_GT(budget.free_at(1, kStart), kStart);
    budget.learn(body);
    budget.learn(R"({"rateLimits":[],"symbols":[]})");
    EXPECT_GT(budget.free_at(1, kStart), kStart) << "what was sent still counts";
    EXPECT_EQ(budget.limits()[0].limit, 40U);
    budget.answered(answer("x-mbx-order-count-1d: 128000\ndate: Tue, 14 Nov 2023 22:13:20 GMT\n", kStart));
    EXPECT_EQ(budget.free_at(1, kStart), kStart + std::chrono::hours{1} + minutes{46} + seconds{41});
}

TEST(OrderBudget, BybitHasNoSuchSum) {
    OrderBudget budget(Site::bybit);
    EXPECT_TRUE(budget.limits().empty());
    budget.sent(100'000, kStart);
    budget.answered(answer("x-mbx-order-count-10s: 100000\n", kStart, R"({"code":-1015})"));
    EXPECT_EQ(budget.free_at(1, kStart), kStart);
}

// The site's answers reach the budget whoever asked, and its catalogue tells the limits.
TEST(OrderBudget, IsKeptBesideTheWeightOfItsSite) {
    SiteAccess access(Site::binance_futures);
    const auto ask = [&](std::uint64_t id, const std::string& target, std::string_view headers,
                         std::string_view body) {
        ASSERT_TRUE(access
                        .ask({.request = RequestId{id},
                              .site = Site::binance_futures,
                              .target = target,
                              .not_before = {},
                              .priority = Priority::order,
                              .weight = 1})
                        .empty());
        ASSERT_TRUE(access.next(kStart).send);
        ASSERT_EQ(access.answered(RequestId{id}, answer(headers, kStart, body)).size(), 1U);
    };
    ask(1, "/fapi/v1/exchangeInfo", "",
        R"({"rateLimits":[{"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":50}],"symbols":[]})");
    ASSERT_EQ(access.orders().limits().size(), 1U);
    EXPECT_EQ(access.orders().limits()[0].limit, 50U);
    EXPECT_EQ(access.orders().free_at(1, kStart), kStart);
    ask(2, "/fapi/v1/openOrders", "x-mbx-order-count-10s: 40\n", "{}");
    EXPECT_EQ(access.orders().free_at(1, kStart), kStart + seconds{10});
}

}  // namespace
}  // namespace vt::exchange::access
