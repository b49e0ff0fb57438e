#include "runtime/doctor.hpp"

#include "net/certificate.hpp"
#include "net/http_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>

namespace vt::runtime {
namespace {

/// A venue of a few answers, on a thread of its own.
class FakeVenue {
public:
    explicit FakeVenue(std::function<net::HttpReply(const net::HttpRequest&)> handler)
        : authority_(*net::make_test_authority("test authority")) {
        const auto leaf = authority_.issue();
        server_ = std::make_unique<net::HttpServer>(
            loop_, net::HttpServerParams{.tls = *net::TlsContext::server({leaf->certificate_pem, leaf->key_pem})},
            std::move(handler));
        EXPECT_TRUE(server_->listen());
        thread_ = std::thread([this] { loop_.run(); });
    }
    ~FakeVenue() {
        loop_.stop();
        thread_.join();
        server_.reset();
    }
    FakeVenue(const FakeVenue&) = delete;
    FakeVenue& operator=(const FakeVenue&) = delete;

    [[nodiscard]] SiteToCheck site() const {
        const std::string at = "localhost:" + std::to_string(server_->port());
        return {.site = exchange::Site::bybit,
                .hosts = {.rest_url = "https://" + at,
                          .stream_url = "wss://" + at,
                          .tls = *net::TlsContext::client({.authorities_pem = authority_.certificate_pem()})},
                .stream_path = "/v5/public/linear"};
    }

private:
    net::TestAuthority authority_;
    net::Loop loop_;
    std::unique_ptr<net::HttpServer> server_;
    std::thread thread_;
};

net::HttpReply json(std::string body, int status = 200) {
    return net::prepare({.status = status, .content_type = "application/json", .body = std::move(body)});
}

std::string time_body(Nanos ahead = {}) {
    const std::int64_t ns = to_ns(net::wall_now() + ahead);
    return R"({"retCode":0,"retMsg":"OK","result":{"timeSecond":")" + std::to_string(ns / 1'000'000'000) +
           R"(","timeNano":")" + std::to_string(ns) + R"("},"retExtInfo":{},"time":)" +
           std::to_string(ns / 1'000'000) + "}";
}

/// Key information as Bybit documents it, with these rights of the wallet.
std::string key_body(const std::string& wallet, const std::string& ips) {
    return R"({"retCode":0,"retMsg":"","result":{"id":"1","note":"n","apiKey":"k","readOnly":0,"secret":"",)"
           R"("permissions":{"ContractTrade":["Order","Position"],"Spot":["SpotTrade"],"Wallet":[)" +
           wallet +
           R"(],"Options":[],"Derivatives":[],"CopyTrading":[],"BlockTrade":[],"Exchange":[],"NFT":[]},)"
           R"("ips":[)" +
           ips +
           R"(],"type":1,"deadlineDay":83,"expiredAt":"2099-05-15T03:21:05Z","createdAt":"2026-10-16T00:00:00Z",)"
           R"("unified":0,"uta":1,"userID":1,"inviterID":0,"vipLevel":"No VIP","mktMakerLevel":"0"},)"
           R"("retExtInfo":{},"time":1700000000000})";
}

const Check* find(const std::vector<Check>& checks, std::string_view name) {
    const auto found = std::find_if(checks.begin(), checks.end(), [&](const Check& c) { return c.name == name; });
    return found == checks.end() ? nullptr : &*found;
}

net::HttpReply healthy(const net::HttpRequest& request, const std::string& key) {
    if (request.wants_websocket)
        return net::WebSocketAccept{[](const net::WebSocketSessionPtr&) { return net::WebSocketSessionCallbacks{}; }};
    if (request.path == "/v5/market/time") return json(time_body());
    if (request.path == "/v5/user/query-api") return json(key);
    return net::problem_response(404, "not here");
}

const std::map<std::string, std::string> kKey = {{"BYBIT_API_KEY", "AbCdEf0123456789"},
                                                 {"BYBIT_API_SECRET", "canary-secret-0123456789"}};

TEST(Doctor, AHealthySiteHasNothingToSay) {
    FakeVenue venue([](const net::HttpRequest& r) { return healthy(r, key_body("", R"("10.1.2.3")")); });
    const auto checks = check_site(venue.site(), kKey);
    for (const Check& check : checks) {
        EXPECT_EQ(check.finding, Finding::good) << check.name << ": " << check.text;
        EXPECT_EQ(check.text.find("canary"), std::string::npos);
    }
    for (const char* name : {"route", "REST", "clock", "stream", "limits", "key"})
        EXPECT_TRUE(find(checks, name)) << name;
    EXPECT_LT(std::abs(*find(checks, "clock")->value_ms), 1000);
    EXPECT_NE(find(checks, "key")->text.find("may trade"), std::string::npos);
    EXPECT_EQ(find(check_site(venue.site(), {}), "key")->finding, Finding::note);
    EXPECT_EQ(check_key(venue.site(), kKey).name, "key");
    EXPECT_EQ(check_key(venue.site(), kKey).finding, Finding::good);
}

TEST(Doctor, AKeyThatMayWithdrawIsRefused) {
    FakeVenue venue([](const net::HttpRequest& r) { return healthy(r, key_body(R"("Withdraw")", R"("10.1.2.3")")); });
    const auto checks = check_site(venue.site(), kKey);
    EXPECT_EQ(find(checks, "key")->finding, Finding::failed);
    EXPECT_NE(find(checks, "key")->remedy.find("without the right to withdraw"), std::string::npos);
}

TEST(Doctor, AKeyForAnyAddressIsAWarning) {
    FakeVenue venue([](const net::HttpRequest& r) { return healthy(r, key_body("", R"("*")")); });
    const auto checks = check_site(venue.site(), kKey);
    EXPECT_EQ(find(checks, "key")->finding, Finding::warning) << find(checks, "key")->text;
}

TEST(Doctor, AKeyThatTheVenueRefusesIsNamedWithoutItsSecret) {
    FakeVenue venue([](const net::HttpRequest& r) {
        return healthy(r, R"({"retCode":10003,"retMsg":"API key is invalid.","result":{},"retExtInfo":{},"time":1})");
    });
    const auto checks = check_site(venue.site(), kKey);
    EXPECT_EQ(find(checks, "key")->finding, Finding::failed);
    EXPECT_NE(find(checks, "key")->text.find("10003"), std::string::npos) << find(checks, "key")->text;
    EXPECT_EQ(find(checks, "key")->text.find("canary"), std::string::npos);
}

TEST(Doctor, AGeoBlockIsNamedForRestAndStream) {
    FakeVenue venue([](const net::HttpRequest&) {
        return net::prepare(
            {.status = 403,
             .content_type = "text/html",
             .body = "The Amazon CloudFront distribution is configured to block access from your country."});
    });
    const auto checks = check_site(venue.site(), {});
    for (const char* name : {"REST", "stream"}) {
        EXPECT_EQ(find(checks, name)->finding, Finding::failed);
        EXPECT_NE(find(checks, name)->text.find("country"), std::string::npos) << find(checks, name)->text;
        EXPECT_NE(find(checks, name)->remedy.find("proxy"), std::string::npos);
    }
}

TEST(Doctor, AWrongClockIsAWarningWithItsSize) {
    FakeVenue venue([](const net::HttpRequest& r) {
        return r.path == "/v5/market/time" ? json(time_body(std::chrono::hours{1})) : healthy(r, "");
    });
    const auto checks = check_site(venue.site(), {});
    EXPECT_EQ(find(checks, "clock")->finding, Finding::warning);
    EXPECT_NEAR(*find(checks, "clock")->value_ms, 3'600'000, 1000);
}

TEST(Doctor, ASiteThatIsNotThereFailsWithItsStage) {
    const FakeVenue venue([](const net::HttpRequest& r) { return healthy(r, ""); });
    SiteToCheck nowhere = venue.site();
    nowhere.hosts.rest_url = "https://127.0.0.1:1";
    EXPECT_NE(find(check_site(nowhere, {}), "REST")->text.find("cannot connect"), std::string::npos);
    SiteToCheck distrusted = venue.site();
    distrusted.hosts.tls = *net::TlsContext::client({});
    const auto checks = check_site(distrusted, {});
    EXPECT_NE(find(checks, "REST")->text.find("certificate"), std::string::npos);
    EXPECT_NE(find(checks, "REST")->remedy.find("ca_file"), std::string::npos);
}

TEST(Doctor, TheMachinesPortsAndFoldersAreLookedAt) {
    const FakeVenue occupant([](const net::HttpRequest& r) { return healthy(r, ""); });
    config::Config config;
    const std::string url = occupant.site().hosts.rest_url;
    config.server.port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
    config.server.monitoring_port = 0;
    config.recording.directory = "/proc/virtuoso";
    auto checks = check_machine(config);
    EXPECT_EQ(find(checks, "server.port")->finding, Finding::failed);
    EXPECT_EQ(find(checks, "server.monitoring_port")->finding, Finding::good);
    EXPECT_EQ(find(checks, "recordings")->finding, Finding::failed);
    config.recording.directory = testing::TempDir() + "/doctor";
    config.server.port = 0;
    checks = check_machine(config);
    EXPECT_NE(find(checks, "recordings")->finding, Finding::failed);
    EXPECT_TRUE(std::filesystem::is_empty(config.recording.directory)) << "the probe is removed";
}

TEST(Doctor, ARefusalForTheTimeIsAskedAgainOnce) {
    std::atomic<int> asked = 0;
    FakeVenue venue([&](const net::HttpRequest& r) {
        if (r.path == "/v5/user/query-api") ++asked;
        return healthy(r, R"({"retCode":10002,"retMsg":"invalid request, please check your server timestamp",)"
                          R"("result":{},"retExtInfo":{},"time":1})");
    });
    const Check check = check_key(venue.site(), kKey);
    EXPECT_EQ(check.finding, Finding::failed);
    EXPECT_NE(check.text.find("10002"), std::string::npos) << check.text;
    EXPECT_NE(check.remedy.find("clock"), std::string::npos) << check.remedy;
    EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace vt::runtime
