#include "demo/accounts.hpp"

#include "base/secret.hpp"
#include "demo/venues.hpp"
#include "exchange/key_information.hpp"
#include "exchange/signature.hpp"

#include <gtest/gtest.h>

namespace vt::demo {
namespace {

using exchange::Site;

constexpr Timestamp kStart = from_ms(1'700'000'040'000);

struct Asked {
    std::string target;
    std::vector<exchange::Header> headers;
};

Asked signed_by(Site site, const std::string& key, Timestamp at, const std::string& secret) {
    const exchange::Credentials credentials{.key = key, .secret = Secret(std::string(secret))};
    const auto request =
        exchange::sign(site, {.target = exchange::key_information_target(site)}, credentials, at).value();
    return {.target = request.target, .headers = request.headers};
}
Asked signed_by(Site site, const std::string& key, Timestamp at = kStart) {
    return signed_by(site, key, at, key + "Secret");
}

class AccountsTest : public testing::Test {
protected:
    RestAnswer ask(const Asked& asked) {
        std::vector<net::HeaderView> headers;
        for (const exchange::Header& one : asked.headers) headers.push_back({.name = one.name, .value = one.value});
        const std::string_view target = asked.target;
        const std::size_t mark = std::min(target.find('?'), target.size());
        return venues.on_request({.address = "127.0.0.1",
                                  .path = target.substr(0, mark),
                                  .query = mark < target.size() ? target.substr(mark + 1) : std::string_view{},
                                  .headers = headers},
                                 kStart);
    }
    static bool contains(std::string_view text, std::string_view part) {
        return text.find(part) != std::string_view::npos;
    }

    Stream stream{{.seed = 5, .start = kStart, .generated = {}, .others = all_other_segments()}};
    Venues venues{stream, {}, 1, kStart};
};

TEST_F(AccountsTest, TheProgramsOwnSigningReadsEveryKey) {
    for (const Site site : {Site::bybit, Site::binance_spot, Site::binance_futures}) {
        for (const DemoKey& key : demo_keys()) {
            const RestAnswer answer = ask(signed_by(site, key.key));
            const auto information = exchange::read_key_information(site, answer.body);
            if (!key.may_read || key.has_ended) {
                EXPECT_FALSE(information) << key.key << " at " << exchange::name(site) << ": " << answer.body;
                continue;
            }
            ASSERT_EQ(answer.status, 200) << answer.body;
            ASSERT_TRUE(information) << information.error().what << answer.body;
            EXPECT_EQ(information->may_read, true);
            EXPECT_EQ(information->may_trade(), key.may_trade);
            if (site == Site::binance_futures) continue;  // it speaks of the account, not of the key
            EXPECT_EQ(information->may_withdraw, key.may_withdraw);
            EXPECT_EQ(information->created_at, floor_to(kStart - std::chrono::hours{720}, std::chrono::seconds{1}));
        }
    }
}

TEST_F(AccountsTest, BybitRefusesWithTheDocumentedCodes) {
    const auto code_of = [&](const Asked& asked) {
        const RestAnswer answer = ask(asked);
        EXPECT_EQ(answer.status, 200);
        return answer.body.substr(0, answer.body.find(','));
    };
    EXPECT_EQ(code_of({.target = "/v5/user/query-api", .headers = {}}), R"({"retCode":10001)");
    EXPECT_EQ(code_of(signed_by(Site::bybit, "nobody")), R"({"retCode":10003)");
    EXPECT_EQ(code_of(signed_by(Site::bybit, "demoReadKey", kStart, "wrong")), R"({"retCode":10004)");
    // A second ahead is too much, whatever the window; five behind are just right.
    const auto ms = [](int count) { return std::chrono::milliseconds{count}; };
    EXPECT_EQ(code_of(signed_by(Site::bybit, "demoReadKey", kStart + ms(999))), R"({"retCode":0)");
    EXPECT_EQ(code_of(signed_by(Site::bybit, "demoReadKey", kStart + ms(1000))), R"({"retCode":10002)");
    EXPECT_EQ(code_of(signed_by(Site::bybit, "demoReadKey", kStart - ms(5000))), R"({"retCode":0)");
    EXPECT_EQ(code_of(signed_by(Site::bybit, "demoReadKey", kStart - ms(5001))), R"({"retCode":10002)");
    // What is signed is what was sent.
    Asked changed = signed_by(Site::bybit, "demoReadKey");
    changed.target += "?more=1";
    EXPECT_EQ(code_of(changed), R"({"retCode":10004)");
}

TEST_F(AccountsTest, BinanceRefusesWithTheDocumentedCodes) {
    const auto expect = [&](const Asked& asked, int status, std::string_view code) {
        const RestAnswer answer = ask(asked);
        EXPECT_EQ(answer.status, status) << answer.body;
        EXPECT_TRUE(answer.body.starts_with(std::string("{\"code\":").append(code).append(","))) << answer.body;
    };
    const std::string path = "/sapi/v1/account/apiRestrictions";
    const Site site = Site::binance_spot;
    expect({.target = path, .headers = {}}, 401, "-2014");
    expect(signed_by(site, "no-body"), 401, "-2014");
    expect(signed_by(site, "nobody"), 401, "-2015");
    expect({.target = path, .headers = {{"X-MBX-APIKEY", "demoReadKey"}}}, 400, "-1102");
    const std::string time = std::to_string(to_ms(kStart));
    expect({.target = path + "?timestamp=" + time, .headers = {{"X-MBX-APIKEY", "demoReadKey"}}}, 400, "-1102");
    expect({.target = path + "?recvWindow=60001&timestamp=" + time + "&signature=00",
            .headers = {{"X-MBX-APIKEY", "demoReadKey"}}},
           400, "-1131");
    expect(signed_by(site, "demoReadKey", kStart, "wrong"), 400, "-1022");
    expect(signed_by(site, "demoReadKey", kStart + std::chrono::seconds{1}), 400, "-1021");
    expect(signed_by(site, "demoReadKey", kStart - std::chrono::milliseconds{5001}), 400, "-1021");
    Asked changed = signed_by(site, "demoReadKey");
    changed.target += "&more=1";
    expect(changed, 400, "-1022");
}

TEST_F(AccountsTest, AWrongClockIsSeenInTheTimeAndInTheSignatures) {
    venues.inject({.kind = Fault::Kind::clock,
                   .duration = std::chrono::seconds{10},
                   .amount = std::chrono::seconds{-30},
                   .venue = market::Venue::bybit},
                  kStart);
    EXPECT_TRUE(contains(ask({.target = "/v5/market/time", .headers = {}}).body,
                         "\"timeSecond\":\"" + std::to_string(to_ms(kStart) / 1000 - 30)));
    EXPECT_TRUE(contains(ask(signed_by(Site::bybit, "demoReadKey")).body, "10002"));
    EXPECT_TRUE(contains(ask(signed_by(Site::bybit, "demoReadKey", kStart - std::chrono::seconds{30})).body,
                         R"("retCode":0)"));
    EXPECT_EQ(ask({.target = "/api/v3/time", .headers = {}}).body,
              "{\"serverTime\":" + std::to_string(to_ms(kStart)) + "}")
        << "the other venue's is right";
}

}  // namespace
}  // namespace vt::demo
