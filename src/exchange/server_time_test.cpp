#include "exchange/server_time.hpp"

#include <gtest/gtest.h>

namespace vt::exchange {
namespace {

// The documentations' own samples.
constexpr std::string_view kBybit =
    R"({"retCode":0,"retMsg":"OK","result":{"timeSecond":"1688639403","timeNano":"1688639403423213947"},)"
    R"("retExtInfo":{},"time":1688639403423})";
constexpr std::string_view kBinance = R"({"serverTime":1499827319559})";

TEST(ServerTime, IsReadOfEachSite) {
    EXPECT_EQ(server_time(Site::bybit, kBybit), from_ns(1'688'639'403'423'213'947));
    EXPECT_EQ(server_time(Site::binance_futures, kBinance), from_ms(1'499'827'319'559));
    EXPECT_EQ(server_time(Site::binance_spot, kBinance), from_ms(1'499'827'319'559));
}

TEST(ServerTime, IsAbsentWhereTheAnswerNamesNone) {
    for (const std::string_view body :
         {"", "{}", R"({"serverTime":)", R"({"serverTime":"x"})", R"({"serverTime":0})", R"({"serverTime":-5})",
          R"({"serverTime":9000000000000})", R"({"serverTime":99999999999999999999})"}) {
        EXPECT_FALSE(server_time(Site::binance_futures, body)) << body;
    }
    EXPECT_FALSE(server_time(Site::bybit, kBinance)) << "another venue's answer";
    EXPECT_FALSE(server_time(Site::binance_spot, kBybit));
}

TEST(ServerTime, IsAskedForAtEachSitesOwnPath) {
    EXPECT_EQ(time_target(Site::bybit), "/v5/market/time");
    EXPECT_EQ(time_target(Site::binance_futures), "/fapi/v1/time");
    EXPECT_EQ(time_target(Site::binance_spot), "/api/v3/time");
}

}  // namespace
}  // namespace vt::exchange
