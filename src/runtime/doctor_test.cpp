#include "runtime/doctor.hpp"

#include "runtime/test_fake_venue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>

namespace vt::runtime {
namespace {

const Check* find(const std::vector<Check>& checks, std::string_view name) {
    const auto found = std::find_if(checks.begin(), checks.end(), [&](const Check& c) { return c.name == name; });
    return found == checks.end() ? nullptr : &*found;
}

const std::map<std::string, std::string> kKey = {{"BYBIT_API_KEY", "AbCdEf0123456789"},
                                                 {"BYBIT_API_SECRET", "canary-secret-0123456789"}};
exchange::Credentials credentials() { return {"AbCdEf0123456789", Secret("canary-secret-0123456789")}; }

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
    const KeyCheck alone = check_key(venue.site(), credentials());
    EXPECT_EQ(alone.check.name, "key");
    EXPECT_EQ(alone.check.finding, Finding::good);
    EXPECT_EQ(alone.standing, KeyStanding::accepted);
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

TEST(Doctor, ASiteThatSaysNothingIsLeftAfterItsLimit) {
    FakeVenue venue([](const net::HttpRequest&) {
        return net::HttpReply(net::LateResponse{.response = net::prepare({.content_type = "text/plain", .body = ""}),
                                                .delay = std::chrono::seconds{30}});
    });
    const auto began = std::chrono::steady_clock::now();
    const auto checks = check_site(venue.site(), {}, std::chrono::milliseconds{300});
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{5}) << "a call alone has six";
    EXPECT_EQ(find(checks, "REST")->text, "no answer within 300.0 ms");
    EXPECT_EQ(find(checks, "stream")->finding, Finding::failed);
}

TEST(Doctor, ARefusalForTheTimeIsAskedAgainOnce) {
    std::atomic<int> asked = 0;
    FakeVenue venue([&](const net::HttpRequest& r) {
        if (r.path == "/v5/user/query-api") ++asked;
        return healthy(r, R"({"retCode":10002,"retMsg":"invalid request, please check your server timestamp",)"
                          R"("result":{},"retExtInfo":{},"time":1})");
    });
    const auto [check, standing] = check_key(venue.site(), credentials());
    EXPECT_EQ(standing, KeyStanding::unknown) << "nothing was said of the key";
    EXPECT_EQ(check.finding, Finding::failed);
    EXPECT_NE(check.text.find("10002"), std::string::npos) << check.text;
    EXPECT_NE(check.remedy.find("clock"), std::string::npos) << check.remedy;
    EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace vt::runtime
