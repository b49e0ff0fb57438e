#include "exchange/access/site_access.hpp"

#include <gtest/gtest.h>

namespace vt::exchange::access {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Timestamp kStart = from_ms(1'700'000'000'000);  // 22:13:20 UTC: 40 s before a full minute

class Access : public testing::Test {
protected:
    HttpGet get(std::string target, Priority priority = Priority::live, std::uint32_t weight = 1) {
        return {.request = RequestId{++last_id_},
                .site = Site::bybit,
                .target = std::move(target),
                .not_before = {},
                .priority = priority,
                .weight = weight};
    }
    static Answer answer(int status, std::string_view body, Timestamp at, std::string_view headers = {}) {
        return {.status = status, .body = body, .headers = headers, .received = at};
    }
    /// Everything that may go at `now`.
    static std::vector<HttpGet> sent(SiteAccess& access, Timestamp now) {
        std::vector<HttpGet> gets;
        while (auto get = access.next(now).send) gets.push_back(*get);
        return gets;
    }
    void ask(SiteAccess& access, const std::string& target, Priority priority = Priority::live) {
        ASSERT_TRUE(access.ask(get(target, priority)).empty());
    }
    /// Asks for `target` and answers it at `now`.
    void exchange(SiteAccess& access, const std::string& target, const Answer& with) {
        ask(access, target);
        const auto gets = sent(access, with.received);
        ASSERT_EQ(gets.size(), 1U) << target;
        ASSERT_EQ(access.answered(gets[0].request, with).size(), 1U);
    }

    std::uint64_t last_id_ = 0;
};

TEST_F(Access, EqualQuestionsAreAskedOnceAndBothAnswered) {
    SiteAccess access(Site::bybit);
    ask(access, "/v5/market/time");
    ask(access, "/v5/market/time");
    const auto first = sent(access, kStart);
    ASSERT_EQ(first.size(), 1U);
    ask(access, "/v5/market/time");
    EXPECT_TRUE(sent(access, kStart).empty()) << "it is under way";
    EXPECT_EQ(access.answered(first[0].request, answer(200, "{}", kStart)),
              (std::vector{RequestId{1}, RequestId{2}, RequestId{3}}));
    ask(access, "/v5/market/time");
    EXPECT_EQ(sent(access, kStart).size(), 1U) << "a new question after the answer is asked again";
}

TEST_F(Access, AnswersToNobodyAreIgnored) {
    SiteAccess access(Site::bybit);
    EXPECT_TRUE(access.answered(RequestId{77}, answer(403, "", kStart)).empty());
    ask(access, "/a");
    EXPECT_TRUE(access.answered(RequestId{1}, answer(403, "", kStart)).empty()) << "not sent yet";
    EXPECT_FALSE(access.block(kStart));
}

TEST_F(Access, OrdersGoBeforeLiveBeforeHistory) {
    SiteAccess access(Site::bybit);
    ask(access, "/history", Priority::history);
    ask(access, "/live", Priority::live);
    ask(access, "/order", Priority::order);
    const auto gets = sent(access, kStart);
    ASSERT_EQ(gets.size(), 3U);
    EXPECT_EQ(gets[0].target, "/order");
    EXPECT_EQ(gets[1].target, "/live");
    EXPECT_EQ(gets[2].target, "/history");
}

TEST_F(Access, AQuestionThatBecomesUrgentMovesForward) {
    SiteAccess access(Site::bybit, {.in_flight_max = 1});
    ask(access, "/a", Priority::history);
    ask(access, "/b", Priority::history);
    ask(access, "/b", Priority::live);
    EXPECT_EQ(sent(access, kStart).at(0).target, "/b");
}

TEST_F(Access, NothingGoesBeforeItsTime) {
    SiteAccess access(Site::bybit);
    HttpGet later = get("/later");
    later.not_before = kStart + seconds{2};
    ASSERT_TRUE(access.ask(later).empty());
    const NextStep step = access.next(kStart);
    EXPECT_FALSE(step.send);
    EXPECT_EQ(step.look_at, kStart + seconds{2});
    EXPECT_TRUE(access.next(kStart + seconds{2}).send);
}

TEST_F(Access, AFifthOfEachBurstIsKeptForOrders) {
    SiteAccess access(Site::bybit, {.in_flight_max = 1000, .history_in_flight = 1000});
    for (int i = 0; i < 300; ++i) ask(access, "/history?" + std::to_string(i), Priority::history);
    EXPECT_EQ(sent(access, kStart).size(), 72U) << "480 planned in 5 s, 120 at once, of which history may use 60 %";
    for (int i = 0; i < 300; ++i) ask(access, "/live?" + std::to_string(i), Priority::live);
    EXPECT_EQ(sent(access, kStart).size(), 24U) << "live may use 80 %";
    for (int i = 0; i < 300; ++i) ask(access, "/order?" + std::to_string(i), Priority::order);
    EXPECT_EQ(sent(access, kStart).size(), 24U) << "the last fifth is for orders";
    const auto look_at = access.next(kStart).look_at;
    ASSERT_TRUE(look_at);
    const auto next = sent(access, *look_at);
    ASSERT_EQ(next.size(), 1U);
    EXPECT_EQ(next[0].priority, Priority::order);
}

TEST_F(Access, BinanceIsPaidByWeight) {
    SiteAccess access(Site::binance_futures, {.in_flight_max = 1000, .history_in_flight = 1000});
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(access.ask(get("/fapi/v1/depth?" + std::to_string(i), Priority::live, 20)).empty());
    EXPECT_EQ(sent(access, kStart).size(), 19U) << "1920 planned a minute, 480 at once, live 384";
    for (int i = 0; i < 200; ++i) ask(access, "/futures/data/openInterestHist?" + std::to_string(i));
    EXPECT_EQ(sent(access, kStart).size(), 160U) << "its own limit: 1000 in 5 min, 800 planned, 200 at once";
}

TEST_F(Access, ABybit403StopsEverythingForTenMinutes) {
    SiteAccess access(Site::bybit);
    exchange(access, "/v5/market/time", answer(403, "access too frequent", kStart));
    ask(access, "/v5/market/tickers", Priority::order);
    EXPECT_TRUE(sent(access, kStart + minutes{10}).empty());
    EXPECT_EQ(access.block(kStart)->standing, Standing::banned);
    const auto look_at = access.next(kStart).look_at;
    EXPECT_EQ(look_at, kStart + minutes{10} + milliseconds{50});
    ask(access, "/v5/market/kline");
    ASSERT_EQ(sent(access, *look_at).size(), 1U) << "one question tries first";
    EXPECT_EQ(access.answered(RequestId{2}, answer(200, "{}", *look_at)).size(), 1U);
    EXPECT_EQ(sent(access, *look_at).size(), 1U);
    EXPECT_FALSE(access.block(*look_at));
}

TEST_F(Access, RetryAfterIsKeptToTheSecond) {
    SiteAccess access(Site::binance_futures);
    exchange(access, "/fapi/v1/time",
             answer(429, R"({"code":-1003,"msg":"Too many requests"})", kStart, "retry-after: 37\n"));
    ask(access, "/fapi/v1/depth");
    EXPECT_TRUE(sent(access, kStart + seconds{37}).empty());
    EXPECT_EQ(access.next(kStart).look_at, kStart + seconds{37} + milliseconds{50});
}

TEST_F(Access, BannedUntilIsReadByTheAnswersOwnDate) {
    SiteAccess access(Site::binance_futures);
    // the server's clock is an hour ahead of ours
    exchange(access, "/fapi/v1/time",
             answer(418, R"({"code":-1003,"msg":"Way too many requests; IP(1.2.3.4) banned until 1700003900000."})",
                    kStart, "date: Tue, 14 Nov 2023 23:13:20 GMT\n"));
    EXPECT_EQ(access.block(kStart)->until, kStart + seconds{300} + milliseconds{50});
}

TEST_F(Access, ABanIsNotShortenedByALaterAnswer) {
    SiteAccess access(Site::binance_futures);
    ask(access, "/a");
    ask(access, "/b");
    ask(access, "/c");
    ASSERT_EQ(sent(access, kStart).size(), 3U);
    (void)access.answered(RequestId{1}, answer(418, "", kStart, "retry-after: 300\n"));
    (void)access.answered(RequestId{2}, answer(429, "", kStart, "retry-after: 5\n"));
    (void)access.answered(RequestId{3}, answer(200, "{}", kStart));
    EXPECT_EQ(access.block(kStart)->until, kStart + seconds{300} + milliseconds{50});
    EXPECT_EQ(access.block(kStart)->standing, Standing::banned);
}

TEST_F(Access, AnEmptyBucketHoldsItsEndpointOnly) {
    SiteAccess access(Site::bybit);
    // the server's clock is an hour behind ours: its reset is 1.5 s after its own now
    exchange(
        access, "/v5/position/list",
        answer(200,
               R"({"retCode":10006,"retMsg":"Too many visits!","result":{},"retExtInfo":{},"time":1699996400000})",
               kStart, "x-bapi-limit-reset-timestamp: 1699996401500\n"));
    ask(access, "/v5/position/list?x=1");
    ask(access, "/v5/position/list?x=2");
    ask(access, "/v5/market/time");
    ASSERT_EQ(sent(access, kStart).size(), 1U);
    EXPECT_TRUE(sent(access, kStart + milliseconds{1549}).empty());
    const auto one = sent(access, kStart + milliseconds{1550});
    ASSERT_EQ(one.size(), 1U) << "one at a time after a refusal";
    (void)access.answered(one[0].request, answer(200, R"({"retCode":0})", kStart + milliseconds{1600}));
    EXPECT_EQ(sent(access, kStart + milliseconds{1600}).size(), 1U);
}

TEST_F(Access, TheLastRequestOfABucketIsNotFollowedByAnother) {
    SiteAccess access(Site::bybit);
    exchange(access, "/v5/position/list",
             answer(200, R"({"retCode":0,"time":1700000000000})", kStart,
                    "x-bapi-limit-status: 0\nx-bapi-limit-reset-timestamp: 1700000000400\n"));
    ask(access, "/v5/position/list?x=1");
    EXPECT_TRUE(sent(access, kStart + milliseconds{449}).empty());
    EXPECT_EQ(sent(access, kStart + milliseconds{450}).size(), 1U);
}

TEST_F(Access, OverloadWithoutAWaitBacksOff) {
    SiteAccess access(Site::bybit);
    Timestamp now = kStart;
    for (const int expected : {1, 2, 4, 8, 16, 32, 60, 60}) {
        exchange(access, "/v5/market/time", answer(429, "", now));
        ASSERT_EQ(access.block(now)->until - now, seconds{expected} + milliseconds{50});
        now = access.block(now)->until;
    }
    exchange(access, "/v5/market/time", answer(200, "{}", now));
    exchange(access, "/v5/market/time", answer(429, "", now));
    EXPECT_EQ(access.block(now)->until - now, seconds{1} + milliseconds{50});
}

TEST_F(Access, WhatOthersUseOfTheMinuteCounts) {
    SiteAccess access(Site::binance_futures);
    exchange(access, "/fapi/v1/time",
             answer(200, "{}", kStart, "x-mbx-used-weight-1m: 1900\ndate: Tue, 14 Nov 2023 22:13:20 GMT\n"));
    ask(access, "/fapi/v1/depth");
    ask(access, "/order", Priority::order);
    const auto gets = sent(access, kStart);
    ASSERT_EQ(gets.size(), 1U) << "orders may use what is planned to its end";
    EXPECT_EQ(gets[0].target, "/order");
    EXPECT_EQ(access.next(kStart).look_at, kStart + seconds{41});
    EXPECT_EQ(sent(access, kStart + seconds{41}).size(), 1U);
}

TEST_F(Access, LimitsAreLearnedFromExchangeInfo) {
    SiteAccess access(Site::binance_futures);
    exchange(access, "/fapi/v1/exchangeInfo",
             answer(200, R"({"timezone":"UTC","rateLimits":[
        {"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":1200},
        {"rateLimitType":"ORDERS","interval":"MINUTE","intervalNum":1,"limit":7}],"symbols":[]})",
                    kStart));
    EXPECT_EQ(access.limits().requests.at(0).limit, 1200U);
    EXPECT_EQ(access.limits().requests.at(1).limit, 1000U);
}

TEST_F(Access, ABrokenEndpointIsLeftAloneAndTriedAgain) {
    SiteAccess access(Site::bybit);
    Timestamp now = kStart;
    for (int i = 0; i < 5; ++i) exchange(access, "/v5/market/kline", answer(i % 2 == 0 ? 502 : 0, "timeout", now));
    EXPECT_EQ(access.broken_paths(now), std::vector<std::string>{"/v5/market/kline"});
    ask(access, "/v5/market/kline?a");
    ask(access, "/v5/market/kline?b");
    exchange(access, "/v5/market/time", answer(200, "{}", now));
    EXPECT_EQ(access.next(now).look_at, now + seconds{5});
    now += seconds{5};
    ASSERT_EQ(sent(access, now).size(), 1U) << "one tries";
    (void)access.answered(RequestId{6}, answer(500, "", now));
    EXPECT_EQ(access.next(now).look_at, now + seconds{10});
    now += seconds{10};
    ASSERT_EQ(sent(access, now).size(), 1U);
    (void)access.answered(RequestId{7}, answer(200, "{}", now));
    EXPECT_TRUE(access.broken_paths(now).empty());
}

TEST_F(Access, AStreamThatOpensIsReasonToTryABrokenEndpoint) {
    SiteAccess access(Site::bybit);
    for (int i = 0; i < 6; ++i) {
        ask(access, "/v5/market/kline");
        access.connected();
        const auto gets = sent(access, kStart);
        ASSERT_EQ(gets.size(), 1U);
        (void)access.answered(gets[0].request, answer(503, "", kStart));
    }
    EXPECT_EQ(access.broken_paths(kStart).size(), 1U);
    ask(access, "/v5/market/kline?a");
    ask(access, "/v5/market/kline?b");
    EXPECT_TRUE(sent(access, kStart).empty());
    access.connected();
    EXPECT_EQ(sent(access, kStart).size(), 1U) << "one tries";
}

TEST_F(Access, FullQueuesRefuseAndHistoryGivesWay) {
    SiteAccess access(Site::bybit, {.waiting_max = 2});
    ask(access, "/h1", Priority::history);
    ask(access, "/h2", Priority::history);
    EXPECT_EQ(access.ask(get("/h3", Priority::history)).at(0).request, RequestId{3});
    ask(access, "/l1");
    ask(access, "/l2");
    const auto gone = access.ask(get("/l3"));
    ASSERT_EQ(gone.size(), 1U);
    EXPECT_EQ(gone[0].request, RequestId{2}) << "the youngest request for history";
    EXPECT_EQ(access.waiting(), 4U);
}

TEST_F(Access, TooManyAskersOfOneQuestionLoseTheOldest) {
    SiteAccess access(Site::bybit, {.askers_max = 2});
    ask(access, "/a");
    ask(access, "/a");
    const auto gone = access.ask(get("/a"));
    ASSERT_EQ(gone.size(), 1U);
    EXPECT_EQ(gone[0].request, RequestId{1});
    ASSERT_EQ(sent(access, kStart).size(), 1U);
    EXPECT_EQ(access.answered(RequestId{1}, answer(200, "", kStart)), (std::vector{RequestId{2}, RequestId{3}}));
}

TEST_F(Access, AGeoBlockIsNamed) {
    SiteAccess access(Site::bybit);
    exchange(access, "/v5/market/time",
             answer(403, "<html>The Amazon CloudFront distribution is configured to block access from your country.",
                    kStart));
    ASSERT_TRUE(access.block(kStart));
    EXPECT_EQ(access.block(kStart)->standing, Standing::geo_blocked);
    EXPECT_NE(access.block(kStart)->reason.find("CloudFront"), std::string::npos);
    SiteAccess binance(Site::binance_spot);
    binance.upgrade_refused(451, R"({"code":0,"msg":"Service unavailable from a restricted location"})", kStart);
    EXPECT_EQ(binance.block(kStart)->standing, Standing::geo_blocked);
    SiteAccess other(Site::binance_spot);
    other.upgrade_refused(403, "Forbidden", kStart);
    EXPECT_FALSE(other.block(kStart)) << "a stream that is refused says nothing about REST";
}

TEST(HttpDate, IsReadOrRefused) {
    EXPECT_EQ(parse_http_date("Tue, 14 Nov 2023 22:13:20 GMT"), kStart);
    for (const char* bad :
         {"", "Tue, 14 Nov 2023 22:13:20 CET", "Tue, 14 Nov 2023 25:13:20 GMT", "Tue, 31 Feb 2023 22:13:20 GMT",
          "Tue, 14 ovN 2023 22:13:20 GMT", "2023-11-14T22:13:20Z"}) {
        EXPECT_FALSE(parse_http_date(bad)) << bad;
    }
}

TEST(RateLimits, AreReadOrIgnored) {
    const auto limits = rate_limits(
        R"({"rateLimits":[{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":6000},)"
        R"({"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":100},)"
        R"({"rateLimitType":"RAW_REQUESTS","interval":"MINUTE","intervalNum":5,"limit":300000}],"symbols":[]})");
    ASSERT_EQ(limits.size(), 2U);
    EXPECT_EQ(limits[0].limit, 6000U);
    EXPECT_TRUE(limits[0].counts_weight);
    EXPECT_EQ(limits[1].span, minutes{5});
    EXPECT_TRUE(rate_limits("{}").empty());
    EXPECT_TRUE(rate_limits(R"({"rateLimits":[{"rateLimitType":"REQUEST_WEIGHT")").empty());
    EXPECT_TRUE(
        rate_limits(
            R"({"rateLimits":[{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":0}]})")
            .empty());
}

}  // namespace
}  // namespace vt::exchange::access
