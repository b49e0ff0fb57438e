#include "exchange/signature.hpp"

#include "base/hmac.hpp"
#include "base/percent_encoding.hpp"

#include <gtest/gtest.h>

namespace vt::exchange {
namespace {

using std::chrono::milliseconds;

Credentials bybit_credentials() { return {"AbCdEf0123456789", Secret("sEcReT-0123456789abcdef")}; }
Credentials binance_credentials() {
    return {"vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A",
            Secret("NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j")};
}

std::string header(const SignedRequest& request, std::string_view name) {
    for (const Header& header : request.headers) {
        if (header.name == name) return header.value;
    }
    return "(none)";
}

TEST(Signature, BybitGetSignsTheQueryAsSent) {
    const auto request = sign(Site::bybit, {.target = "/v5/position/list?category=linear&symbol=BTCUSDT"},
                              bybit_credentials(), from_ms(1'700'000'000'123));
    ASSERT_TRUE(request);
    EXPECT_EQ(request->target, "/v5/position/list?category=linear&symbol=BTCUSDT");
    EXPECT_EQ(header(*request, "X-BAPI-SIGN"), "4959de2cc86c34658a325cc249a337d92a275d08432d0eeda5a37e3ad7a6a90c");
    EXPECT_EQ(header(*request, "X-BAPI-API-KEY"), "AbCdEf0123456789");
    EXPECT_EQ(header(*request, "X-BAPI-TIMESTAMP"), "1700000000123");
    EXPECT_EQ(header(*request, "X-BAPI-RECV-WINDOW"), "5000");
    EXPECT_EQ(header(*request, "Content-Type"), "(none)") << "a GET with a body is refused by the venue";
}

TEST(Signature, BybitPostSignsTheBody) {
    const auto request =
        sign(Site::bybit,
             {.target = "/v5/order/create",
              .body = R"({"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Limit","qty":"0.001",)"
                      R"("price":"27000.5","timeInForce":"PostOnly","orderLinkId":"t-1"})"},
             bybit_credentials(), from_ms(1'700'000'000'123));
    ASSERT_TRUE(request);
    EXPECT_EQ(header(*request, "X-BAPI-SIGN"), "0b733144dacfad681f65620acaf98ad1d5fc9ec0022cb5b2b45dc083e0b39a29");
    EXPECT_EQ(header(*request, "Content-Type"), "application/json");
}

TEST(Signature, BybitStreamLoginIsTheDocumentedFrame) {
    EXPECT_EQ(bybit_stream_login(bybit_credentials(), from_ms(1'700'000'010'123), "1"),
              R"({"req_id":"1","op":"auth","args":["AbCdEf0123456789",1700000010123,)"
              R"("b918eb5e9862accc1a430517bd8691a9214aeec3b47b15f255f8167ef3fbcde9"]})");
}

TEST(Signature, BinanceRequestIsThePublishedOne) {
    const std::string_view query =
        "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp="
        "1499827319559";
    EXPECT_EQ(hmac_sha256_hex(binance_credentials().secret, query),
              "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71");
    const auto request =
        sign(Site::binance_spot,
             {.target = "/api/v3/order?symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1"},
             binance_credentials(), from_ms(1'499'827'319'559));
    ASSERT_TRUE(request);
    EXPECT_EQ(request->target, "/api/v3/order?" + std::string(query) +
                                   "&signature=c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71");
    EXPECT_EQ(header(*request, "X-MBX-APIKEY"), binance_credentials().key);
}

TEST(Signature, BinanceSignsQueryAndBodyAsOneText) {
    // The mixed example of the venue's documentation has the body right behind the query, without an ampersand.
    const std::string_view query = "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC";
    const std::string_view body = "quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559";
    EXPECT_EQ(hmac_sha256_hex(binance_credentials().secret, std::string(query) + std::string(body)),
              "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77");
    const auto request = sign(Site::binance_futures, {.target = "/fapi/v1/listenKey", .body = "a=1"},
                              binance_credentials(), from_ms(1));
    ASSERT_TRUE(request);
    EXPECT_EQ(request->target, "/fapi/v1/listenKey?recvWindow=5000&timestamp=1&signature=" +
                                   hmac_sha256_hex(binance_credentials().secret, "recvWindow=5000&timestamp=1a=1"));
}

TEST(Signature, BinanceStreamRequestSortsItsParameters) {
    const std::vector<std::pair<std::string, std::string>> order = {
        {"symbol", "BTCUSDT"},      {"side", "SELL"},      {"type", "LIMIT"},          {"timeInForce", "GTC"},
        {"quantity", "0.01000000"}, {"price", "52000.00"}, {"newOrderRespType", "ACK"}};
    const auto text = binance_stream_request({.id = "7", .method = "order.place", .parameters = order},
                                             binance_credentials(), from_ms(1'645'423'376'532), milliseconds{100});
    ASSERT_TRUE(text);
    EXPECT_EQ(*text, R"({"id":"7","method":"order.place","params":{"apiKey":")" + binance_credentials().key +
                         R"(","newOrderRespType":"ACK","price":"52000.00","quantity":"0.01000000","recvWindow":100,)"
                         R"("side":"SELL","symbol":"BTCUSDT","timeInForce":"GTC","timestamp":1645423376532,)"
                         R"("type":"LIMIT","signature":)"
                         R"("cc15477742bd704c29492d96c7ead9414dfd8e0ec4a00f947bb5bb454ddbd08a"}})");
}

// RFC 8032, section 7.1, test 2, as PKCS #8.
constexpr std::string_view kPem =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n"
    "-----END PRIVATE KEY-----\n";

TEST(Signature, Ed25519IsTheOneOfRfc8032) {
    const auto signature = ed25519_base64(Secret(std::string(kPem)), "\x72");
    ASSERT_TRUE(signature) << signature.error().what;
    EXPECT_EQ(*signature, "kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoIWsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAA==");
}

TEST(Signature, Ed25519GoesIntoABinanceQueryPercentEncoded) {
    const Credentials credentials{"key", Secret(std::string(kPem))};
    const auto request = sign(Site::binance_spot, {.target = "/api/v3/account"}, credentials, from_ms(1));
    ASSERT_TRUE(request);
    const std::string plain = *ed25519_base64(credentials.secret, "recvWindow=5000&timestamp=1");
    EXPECT_EQ(request->target, "/api/v3/account?recvWindow=5000&timestamp=1&signature=" + percent_encoded(plain));
    EXPECT_EQ(request->target.find('+'), std::string::npos);
}

TEST(Signature, UnusableSecretsAreRefusedAndNeverShown) {
    const auto wrong = sign(Site::binance_spot, {.target = "/x"},
                            {"key", Secret("-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----\n")}, {});
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code, Errc::configuration);
    EXPECT_EQ(wrong.error().what.find("hush"), std::string::npos);
    const auto missing = sign(Site::bybit, {.target = "/x"}, {}, {});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().what, "no API key is set for bybit");
}

TEST(Signature, KeysAreShownByTheirEnds) {
    EXPECT_EQ(masked("AbCdEf0123456789"), "AbCd...6789");
    EXPECT_EQ(masked("short"), "...");
}

}  // namespace
}  // namespace vt::exchange
