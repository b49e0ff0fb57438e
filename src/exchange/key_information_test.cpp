#include "exchange/key_information.hpp"

#include <gtest/gtest.h>

namespace vt::exchange {
namespace {

std::string bybit_reply(std::string_view members) {
    return R"({"retCode":0,"retMsg":"","result":{"id":"13770661","note":"mine","apiKey":"XXXXXX","secret":"",)" +
           std::string(members) + R"(},"retExtInfo":{},"time":1676891757649})";
}

TEST(KeyInformation, BybitSaysWhatAKeyMayDo) {
    const auto key = read_key_information(Site::bybit, bybit_reply(R"("readOnly":0,"permissions":{"ContractTrade":
        ["Order","Position"],"Spot":["SpotTrade"],"Wallet":["AccountTransfer","SubMemberTransfer"],"Options":[],
        "Derivatives":[],"Exchange":["ExchangeHistory"],"NFT":[]},"ips":["188.1.2.3"],"deadlineDay":83,
        "expiredAt":"2026-09-01T10:00:05Z","createdAt":"2022-03-16T12:23:16Z","unified":0,"uta":1)"));
    ASSERT_TRUE(key) << key.error().what;
    EXPECT_TRUE(key->may_trade());
    EXPECT_EQ(key->may_read, true);
    EXPECT_EQ(key->may_trade_spot, true);
    EXPECT_EQ(key->may_trade_derivatives, true);
    EXPECT_EQ(key->may_withdraw, false);
    EXPECT_EQ(key->may_transfer, true);
    EXPECT_EQ(key->is_address_bound, true);
    EXPECT_EQ(key->created_at, from_ms(1'647'433'396'000));
    EXPECT_EQ(key->expires_at, from_ms(1'788'256'805'000));
    EXPECT_EQ(key->rights, (std::vector<std::string>{"ContractTrade.Order", "ContractTrade.Position",
                                                     "Spot.SpotTrade", "Wallet.AccountTransfer",
                                                     "Wallet.SubMemberTransfer", "Exchange.ExchangeHistory"}));
}

TEST(KeyInformation, BybitReadOnlyBeatsEveryPermission) {
    const auto key = read_key_information(
        Site::bybit, bybit_reply(R"("permissions":{"ContractTrade":["Order"],"Wallet":["Withdraw"]},"ips":["*"],
                                    "readOnly":1,"expiredAt":"","createdAt":"yesterday")"));
    ASSERT_TRUE(key) << key.error().what;
    EXPECT_FALSE(key->may_trade());
    EXPECT_EQ(key->may_withdraw, false);
    EXPECT_EQ(key->is_address_bound, false);
    EXPECT_FALSE(key->created_at) << "what is no time is unknown";
    EXPECT_FALSE(key->expires_at);
}

TEST(KeyInformation, BybitWithdrawalIsSeen) {
    const auto key = read_key_information(
        Site::bybit, bybit_reply(R"("readOnly":0,"permissions":{"Wallet":["AccountTransfer","Withdraw"]},"ips":[])"));
    ASSERT_TRUE(key);
    EXPECT_EQ(key->may_withdraw, true);
    EXPECT_FALSE(key->may_trade());
}

TEST(KeyInformation, BybitRefusalsNameTheVenuesReason) {
    const auto refused =
        read_key_information(Site::bybit, R"({"retCode":10003,"retMsg":"API key is invalid.","result":{},"time":1})");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::refused);
    EXPECT_EQ(refused.error().what, "bybit 10003 API key is invalid. (authentication: reauthenticate)");
    EXPECT_EQ(read_key_information(Site::bybit, bybit_reply(R"("readOnly":0)")).error().code, Errc::malformed);
    EXPECT_EQ(read_key_information(Site::bybit, "<html>").error().code, Errc::malformed);
    EXPECT_EQ(read_key_information(Site::bybit, R"({"retCode":0,"result":[]})").error().code, Errc::malformed);
}

// The venue's documented example.
TEST(KeyInformation, BinanceSaysWhatAKeyMayDo) {
    const auto key = read_key_information(Site::binance_spot, R"({
        "ipRestrict":false, "createTime":1698645219000, "enableInternalTransfer":false, "enableFutures":false,
        "enablePortfolioMarginTrading":true, "enableVanillaOptions":false, "permitsUniversalTransfer":false,
        "enableReading":true, "enableSpotAndMarginTrading":false, "enableWithdrawals":false, "enableMargin":false})");
    ASSERT_TRUE(key) << key.error().what;
    EXPECT_EQ(key->may_read, true);
    EXPECT_EQ(key->may_withdraw, false);
    EXPECT_EQ(key->may_transfer, false);
    EXPECT_EQ(key->may_trade_spot, false);
    EXPECT_EQ(key->may_trade_derivatives, true) << "by portfolio margin";
    EXPECT_EQ(key->is_address_bound, false);
    EXPECT_EQ(key->created_at, from_ms(1'698'645'219'000));
    EXPECT_FALSE(key->expires_at);
    EXPECT_EQ(key->rights, (std::vector<std::string>{"enablePortfolioMarginTrading", "enableReading"}));
}

TEST(KeyInformation, BinanceFuturesKnowsTheAccountOnly) {
    const auto key = read_key_information(
        Site::binance_futures, R"({"feeTier":0,"canTrade":true,"canDeposit":true,"canWithdraw":true,"assets":[]})");
    ASSERT_TRUE(key) << key.error().what;
    EXPECT_EQ(key->may_trade_derivatives, true);
    EXPECT_FALSE(key->may_withdraw) << "the account's right is not the key's";
    EXPECT_FALSE(key->is_address_bound);
    EXPECT_EQ(read_key_information(Site::binance_futures, R"({"feeTier":0})").error().code, Errc::malformed);
}

TEST(KeyInformation, BinanceRefusalsNameTheVenuesReason) {
    const auto refused = read_key_information(
        Site::binance_spot, R"({"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."})");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::refused);
    EXPECT_NE(refused.error().what.find("-2015"), std::string::npos);
    EXPECT_EQ(read_key_information(Site::binance_spot, R"({"enableReading":true})").error().code, Errc::malformed)
        << "silence about withdrawals must not read as no";
    EXPECT_EQ(read_key_information(Site::binance_spot, R"({"enableReading":"yes"})").error().code, Errc::malformed);
}

}  // namespace
}  // namespace vt::exchange
