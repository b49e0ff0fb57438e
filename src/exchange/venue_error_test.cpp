#include "exchange/venue_error.hpp"

#include "exchange/venue_codes.hpp"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace vt::exchange {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const Timestamp kNow = from_ms(1'700'000'000'000);

FailedReply bybit(int status, std::string_view body, std::string_view headers = {}) {
    return {.site = Site::bybit, .status = status, .headers = headers, .body = body, .received = kNow};
}
FailedReply binance(int status, std::string_view body, std::string_view headers = {}) {
    return {.site = Site::binance_futures, .status = status, .headers = headers, .body = body, .received = kNow};
}
std::string bybit_body(int code) {
    return R"({"retCode":)" + std::to_string(code) + R"(,"retMsg":"said so","result":{},"retExtInfo":{},"time":1})";
}
std::string binance_body(int code, std::string_view message = "said so") {
    return R"({"code":)" + std::to_string(code) + R"(,"msg":")" + std::string(message) + R"("})";
}

using Table = std::vector<std::pair<ErrorClass, std::vector<int>>>;

/// Every code of the venue's tables that this program must know, listed apart from the code under test.
const Table kBybitTable = {
    {ErrorClass::rate, {10006, 10018, 170222, 20003, 10403, 10429, 429}},
    {ErrorClass::clock, {10002, -1}},
    {ErrorClass::authentication,
     {10003, 10004, 10005, 10007, 10008, 10009, 10010, 33004, -2015, 10027, 10028, 10029}},
    {ErrorClass::geo_block, {10024}},
    {ErrorClass::unknown_outcome, {10000, 10016, 10019, 170146, 170147, 170310}},
    {ErrorClass::parameters, {10001, 10014, 10017, 10404, 20001, 20006}},
    {ErrorClass::gone, {110001, 110008, 110010, 170213, 170139, 170142, 170143, 140001}},
    {ErrorClass::duplicate, {110072, 170141}},
    {ErrorClass::funds,
     {110004, 110006, 110007, 110012, 110014, 110044, 110045, 110051, 110052, 110053, 170131, 170033}},
    {ErrorClass::risk,
     {110013, 110021, 110022, 110023, 110039, 110040, 110046, 110048, 110085, 110086, 110087, 110088, 110089, 110090,
      30228, 110063, 110024, 110028}},
    {ErrorClass::halt, {110066, 110074}},
    {ErrorClass::reduce_only, {110017}},
    {ErrorClass::filter,
     {110003, 110094, 110120, 110121, 30208,  30209,  170124, 170132, 170133, 170134, 170135, 170136,
      170137, 170138, 170140, 170192, 170193, 170194, 170371, 170372, 170381, 170382, 110118}},
    {ErrorClass::no_change, {110025, 110026, 110027, 110043, 34040}},
    {ErrorClass::trigger, {110057, 110058, 110059, 110060, 110061, 110092, 110093}},
    {ErrorClass::busy, {110079, 170191, 40004}},
};

std::vector<int> from_to(int first, int last) {
    std::vector<int> codes;
    for (int code = first; code <= last; ++code) codes.push_back(code);
    return codes;
}

const Table kBinanceTable = {
    {ErrorClass::rate, {-1003, -1015, -1034}},
    {ErrorClass::clock, {-1021}},
    {ErrorClass::authentication, {-1002, -1022, -2008, -2014, -2015, -1109, -1125}},
    {ErrorClass::unknown_outcome, {-1000, -1001, -1006, -1007, -1016}},
    {ErrorClass::overload, {-1008}},
    {ErrorClass::parameters, from_to(-1108, -1100)},
    {ErrorClass::parameters, from_to(-1124, -1110)},
    {ErrorClass::parameters, from_to(-1130, -1126)},
    {ErrorClass::parameters, from_to(-4013, -4001)},
    {ErrorClass::parameters, {-4015, -4120, -4061}},
    {ErrorClass::filter, {-4014, -4023, -1013, -4164, -4131, -4016, -4024}},
    {ErrorClass::funds, {-2018, -2019, -2024}},
    {ErrorClass::risk, {-2027}},
    {ErrorClass::gone, {-2011, -2013, -2026}},
    {ErrorClass::reduce_only, {-2022, -4118}},
    {ErrorClass::trigger, {-2021}},
    {ErrorClass::post_only, {-5022}},
    {ErrorClass::duplicate, {-4116}},
    {ErrorClass::no_change, {-4046, -4059}},
    {ErrorClass::halt, {-4400, -4401, -4402, -4403, -2016}},
};

TEST(VenueError, EveryBybitCodeHasItsClass) {
    std::size_t count = 0;
    for (const auto& [kind, codes] : kBybitTable) {
        for (const int code : codes) {
            const auto error = error_in(bybit(200, bybit_body(code)));
            ASSERT_TRUE(error) << code;
            EXPECT_EQ(name(error->kind), name(kind)) << code;
            EXPECT_EQ(error->code, code);
            ++count;
        }
    }
    std::size_t known = 0;
    for (const CodeRange& range : bybit_codes()) known += static_cast<std::size_t>(range.last - range.first + 1);
    EXPECT_GE(known, count) << "170139 stands in two ranges";
    EXPECT_LE(known, count + 2) << "a code of the table has no test";
}

TEST(VenueError, EveryBinanceCodeHasItsClass) {
    for (const auto& [kind, codes] : kBinanceTable) {
        for (const int code : codes) {
            const auto error = error_in(binance(400, binance_body(code)));
            ASSERT_TRUE(error) << code;
            EXPECT_EQ(name(error->kind), name(kind)) << code;
            EXPECT_EQ(error->code, code);
        }
    }
}

TEST(VenueError, BinanceRejectedOrdersAreToldApartByTheirMessage) {
    const auto kind = [](std::string_view message) {
        return name(error_in(binance(400, binance_body(-2010, message)))->kind);
    };
    EXPECT_EQ(kind("Account has insufficient balance for requested action."), "funds");
    EXPECT_EQ(kind("Order would immediately match and take."), "post-only");
    EXPECT_EQ(kind("Duplicate order sent."), "duplicate");
    EXPECT_EQ(kind("Market is closed."), "halt");
    EXPECT_EQ(kind("Something else."), "filter");
}

TEST(VenueError, SaysWhatToDoForReadsAndForOrders) {
    const auto remedy = [](int code, bool is_write) {
        const std::string body = bybit_body(code);
        FailedReply reply = bybit(200, body);
        reply.is_write = is_write;
        return name(error_in(reply)->remedy);
    };
    EXPECT_EQ(remedy(10016, false), "retry");
    EXPECT_EQ(remedy(10016, true), "query") << "an order that may have arrived is never sent again";
    EXPECT_EQ(remedy(10002, true), "retry") << "outside the window: it was not done";
    EXPECT_EQ(remedy(10006, true), "wait");
    EXPECT_EQ(remedy(10003, false), "reauthenticate");
    EXPECT_EQ(remedy(110001, true), "query");
    EXPECT_EQ(remedy(110072, true), "query");
    EXPECT_EQ(remedy(110043, true), "as good as done");
    EXPECT_EQ(remedy(110007, true), "give up");
    EXPECT_EQ(remedy(110079, true), "retry");
    EXPECT_EQ(remedy(999'999, false), "give up");
    EXPECT_EQ(remedy(999'999, true), "query") << "nobody knows what this code leaves behind";
}

TEST(VenueError, BybitWaitsToTheMillisecondOfTheServersClock) {
    const std::string body = bybit_body(10006);
    FailedReply reply = bybit(200, body, "x-bapi-limit: 10\nx-bapi-limit-reset-timestamp: 1700000002500\n");
    EXPECT_EQ(error_in(reply)->wait_until, from_ms(1'700'000'002'500));
    reply.clock_offset = seconds{1};
    EXPECT_EQ(error_in(reply)->wait_until, from_ms(1'700'000'001'500)) << "the server is a second ahead";
    reply.headers = "x-bapi-limit-reset-timestamp: 1699999999000\n";
    EXPECT_EQ(error_in(reply)->wait_until, kNow + std::chrono::milliseconds{100}) << "already over";
    reply.headers = "x-bapi-limit-reset-timestamp: 1900000000000\n";
    EXPECT_EQ(error_in(reply)->wait_until, kNow + minutes{10}) << "no header may stop the program for years";
    reply.headers = "x-bapi-limit-reset-timestamp: soon\n";
    EXPECT_EQ(error_in(reply)->wait_until, kNow + seconds{1});
}

TEST(VenueError, BansStopEverythingForAsLongAsTheVenueSays) {
    const auto forbidden = error_in(bybit(403, "403, access too frequent"));
    EXPECT_EQ(forbidden->kind, ErrorClass::ban);
    EXPECT_EQ(forbidden->wait_until, kNow + minutes{10});
    const auto teapot = error_in(binance(418, binance_body(-1003), "retry-after: 1800\n"));
    EXPECT_EQ(teapot->kind, ErrorClass::ban);
    EXPECT_EQ(teapot->wait_until, kNow + minutes{30});
    EXPECT_EQ(error_in(binance(418, ""))->wait_until, kNow + minutes{2});
    const auto named = error_in(
        binance(418, binance_body(-1003, "Way too many requests; IP(1.2.3.4) banned until 1700000300000. Please")));
    EXPECT_EQ(named->wait_until, from_ms(1'700'000'300'000));
    const auto limited = error_in(binance(429, binance_body(-1003), "retry-after: 7\n"));
    EXPECT_EQ(limited->kind, ErrorClass::rate);
    EXPECT_EQ(limited->wait_until, kNow + seconds{7});
    EXPECT_EQ(error_in(binance(429, ""))->wait_until, kNow + minutes{1}) << "its budget is counted by the minute";
    EXPECT_EQ(error_in(bybit(429, ""))->kind, ErrorClass::rate);
}

TEST(VenueError, GeoBlocksAreNamed) {
    EXPECT_EQ(error_in(bybit(403,
                             "<html>The Amazon CloudFront distribution is configured to block access from your "
                             "country.</html>"))
                  ->kind,
              ErrorClass::geo_block);
    const auto eligibility = error_in(binance(
        451, R"({"code":0,"msg":"Service unavailable from a restricted location according to 'b. Eligibility'"})"));
    EXPECT_EQ(eligibility->kind, ErrorClass::geo_block);
    EXPECT_EQ(eligibility->remedy, Remedy::give_up);
    EXPECT_EQ(error_in(binance(451, ""))->kind, ErrorClass::geo_block);
}

TEST(VenueError, PagesWithStatus200AreNoSuccess) {
    const auto page = error_in(bybit(200, "  <html><title>x</title></html>"));
    ASSERT_TRUE(page);
    EXPECT_EQ(page->kind, ErrorClass::malformed);
    EXPECT_EQ(page->text, "bybit a page of HTML where JSON belongs (malformed: retry)");
    EXPECT_EQ(error_in(bybit(200, "<html>Maintenance</html>"))->kind, ErrorClass::maintenance);
    EXPECT_EQ(error_in(bybit(200, "<html>Maintenance</html>"))->wait_until, kNow + minutes{1});
    EXPECT_EQ(error_in(bybit(200, ""))->kind, ErrorClass::malformed);
    EXPECT_EQ(error_in(bybit(200, "{\"retMsg\":\"OK\"}"))->kind, ErrorClass::malformed) << "success is a code of 0";
    EXPECT_EQ(error_in(bybit(200, R"({"retCode":"oops"})"))->kind, ErrorClass::malformed);
    EXPECT_EQ(error_in(binance(200, "OK"))->kind, ErrorClass::malformed);
    FailedReply order = bybit(200, "<html>");
    order.is_write = true;
    EXPECT_EQ(error_in(order)->remedy, Remedy::query);
}

TEST(VenueError, SuccessIsNoError) {
    EXPECT_FALSE(error_in(bybit(200, bybit_body(0))));
    EXPECT_FALSE(error_in(bybit(200, R"({"retCode":"0","result":{}})"))) << "some gateways write it as a text";
    EXPECT_FALSE(error_in(binance(200, R"([{"symbol":"BTCUSDT"}])")));
    EXPECT_FALSE(error_in(binance(200, R"({"serverTime":1})")));
    EXPECT_FALSE(error_in(binance(200, R"({"code":200,"msg":"success"})")));
}

TEST(VenueError, ServersThatFailLeaveTheOutcomeOpen) {
    for (const int status : {500, 502, 504, 408}) {
        FailedReply reply = binance(status, "<html>Bad Gateway</html>");
        EXPECT_EQ(error_in(reply)->kind, ErrorClass::unknown_outcome) << status;
        EXPECT_EQ(error_in(reply)->remedy, Remedy::retry) << status;
        reply.is_write = true;
        EXPECT_EQ(error_in(reply)->remedy, Remedy::query) << status;
    }
    EXPECT_EQ(error_in(binance(503, "Service Unavailable"))->kind, ErrorClass::overload);
    EXPECT_EQ(error_in(binance(503, "Unknown error, please check your request or try again later."))->kind,
              ErrorClass::unknown_outcome);
    EXPECT_EQ(error_in(bybit(503, "under Maintenance"))->kind, ErrorClass::maintenance);
    const auto silence = error_in(bybit(0, "connection reset"));
    EXPECT_EQ(silence->kind, ErrorClass::unreachable);
    EXPECT_EQ(silence->text, "bybit no answer connection reset (unreachable: retry)");
}

TEST(VenueError, OtherRefusalsByStatus) {
    EXPECT_EQ(error_in(bybit(401, ""))->kind, ErrorClass::authentication);
    EXPECT_EQ(error_in(bybit(404, "404 page not found"))->kind, ErrorClass::parameters);
    EXPECT_EQ(error_in(binance(400, binance_body(-77777)))->kind, ErrorClass::unclassified);
    EXPECT_EQ(error_in(bybit(302, ""))->kind, ErrorClass::malformed);
}

TEST(VenueError, EveryClassAndRemedyHasAName) {
    for (std::size_t i = 0; i < kErrorClassCount; ++i) {
        EXPECT_FALSE(name(static_cast<ErrorClass>(i)).empty());
        for (std::size_t k = 0; k < i; ++k)
            EXPECT_NE(name(static_cast<ErrorClass>(i)), name(static_cast<ErrorClass>(k)));
    }
    EXPECT_EQ(name(ErrorClass::unclassified), "unclassified");
}

}  // namespace
}  // namespace vt::exchange
