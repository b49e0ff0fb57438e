#include "runtime/api_keys.hpp"

#include "runtime/test_demo_sites.hpp"
#include "runtime/test_fake_venue.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>

namespace vt::runtime {
namespace {

using exchange::Site;
using market::Venue;

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

bool has(const std::vector<Check>& checks, Finding finding, std::string_view part) {
    return std::any_of(checks.begin(), checks.end(),
                       [&](const Check& check) { return check.finding == finding && contains(check.text, part); });
}

class ApiKeysTest : public testing::Test {
protected:
    void SetUp() override {
        folder_ = std::filesystem::path(testing::TempDir()) /
                  ("api-keys-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    void write(const std::string& name, const std::string& text) {
        const std::string path = folder_ / name;
        std::ofstream(path, std::ios::binary) << text << "\n";
        EXPECT_EQ(::chmod(path.c_str(), 0600), 0);
    }
    void write_key(const std::string& key) {
        write("key", key);
        write("secret", key + "Secret");
    }
    [[nodiscard]] std::map<std::string, std::string> files(const std::string& key_name,
                                                           const std::string& secret_name) const {
        return {{key_name + "_FILE", folder_ / "key"}, {secret_name + "_FILE", folder_ / "secret"}};
    }
    std::filesystem::path folder_;
    DemoSites demo_;
};

TEST_F(ApiKeysTest, ANewKeyIsTakenIntoUseAndABadOneIsRefusedWhileTheOldOneStays) {
    const auto environment = files("BYBIT_API_KEY", "BYBIT_API_SECRET");
    ApiKeys keys({demo_.site(Site::bybit)});
    EXPECT_EQ(keys.of(Venue::bybit), nullptr);
    write_key("demoTradeKey");
    auto checks = keys.reload(environment);
    EXPECT_TRUE(has(checks, Finding::warning, "demo...eKey may trade")) << checks.front().text;
    ASSERT_NE(keys.of(Venue::bybit), nullptr);
    EXPECT_EQ(keys.of(Venue::bybit)->key, "demoTradeKey");

    write_key("demoWithdrawKey");
    checks = keys.reload(environment);
    EXPECT_TRUE(has(checks, Finding::failed, "demo...wKey may trade"));
    EXPECT_TRUE(has(checks, Finding::failed, "may WITHDRAW: refused"));
    EXPECT_TRUE(has(checks, Finding::note, "demo...eKey stays in use"));
    EXPECT_TRUE(has(checks, Finding::warning, "demo...eKey may trade"))
        << "the next signed question is the old key's";
    EXPECT_EQ(keys.of(Venue::bybit)->key, "demoTradeKey");

    write_key("demoReadKey");
    write("secret", "not its secret");
    checks = keys.reload(environment);
    EXPECT_TRUE(has(checks, Finding::failed, "BYBIT_API_SECRET_FILE holds a space"));
    write("secret", "notItsSecret");
    checks = keys.reload(environment);
    EXPECT_TRUE(has(checks, Finding::failed, "10004"));
    for (const Check& check : checks) EXPECT_FALSE(contains(check.text, "notItsSecret")) << check.text;
    EXPECT_EQ(keys.of(Venue::bybit)->key, "demoTradeKey");

    write_key("demoReadKey");
    checks = keys.reload(environment);
    EXPECT_TRUE(has(checks, Finding::warning, "may only read"));
    EXPECT_EQ(keys.of(Venue::bybit)->key, "demoReadKey");
    (void)keys.reload({});
    EXPECT_EQ(keys.of(Venue::bybit), nullptr);
}

TEST_F(ApiKeysTest, AVenueOfTwoSitesTakesAKeyThatBothAccept) {
    const auto environment = files("BINANCE_API_KEY", "BINANCE_SECRET");
    ApiKeys keys({demo_.site(Site::binance_futures), demo_.site(Site::binance_spot)});
    write_key("demoWithdrawKey");
    auto checks = keys.reload(environment);
    ASSERT_EQ(checks.size(), 2U);
    EXPECT_EQ(checks[0].finding, Finding::warning) << "the futures' account does not tell a key's rights";
    EXPECT_TRUE(contains(checks[0].text, "whether it may WITHDRAW is unknown")) << checks[0].text;
    EXPECT_EQ(checks[1].finding, Finding::failed);
    EXPECT_EQ(keys.of(Venue::binance), nullptr);
    write_key("demoReadKey");
    checks = keys.reload(environment);
    ASSERT_NE(keys.of(Venue::binance), nullptr);
    EXPECT_EQ(keys.of(Venue::bybit), nullptr);
}

// Who follows the futures alone is told by the spot market's host.
TEST_F(ApiKeysTest, AFuturesKeyThatMayWithdrawIsFoundOutAtTheSpotMarketsHost) {
    SiteToCheck futures = demo_.site(Site::binance_futures);
    futures.rights_hosts = demo_.site(Site::binance_spot).hosts;
    const auto environment = files("BINANCE_API_KEY", "BINANCE_SECRET");
    ApiKeys keys({futures});
    write_key("demoWithdrawKey");
    auto checks = keys.reload(environment);
    EXPECT_TRUE(has(checks, Finding::failed, "may WITHDRAW: refused")) << checks.front().text;
    EXPECT_EQ(keys.of(Venue::binance), nullptr);
    write_key("demoReadKey");
    checks = keys.reload(environment);
    ASSERT_EQ(checks.size(), 1U);
    EXPECT_TRUE(contains(checks[0].text, "may only read, 30 days old, from any address")) << checks[0].text;
    EXPECT_FALSE(contains(checks[0].text, "unknown")) << checks[0].text;
    ASSERT_NE(keys.of(Venue::binance), nullptr);
}

TEST_F(ApiKeysTest, AFuturesKeyWhoseRightsNobodyTellsIsAWarningWithTheReason) {
    SiteToCheck futures = demo_.site(Site::binance_futures);
    futures.rights_hosts = futures.hosts;
    futures.rights_hosts->rest_url = "https://127.0.0.1:1";
    const auto [check, standing] = check_key(futures, demo_credentials("demoReadKey"));
    EXPECT_EQ(check.finding, Finding::warning) << check.text;
    EXPECT_TRUE(contains(check.text, "whether it may WITHDRAW is unknown (https://127.0.0.1:1: ")) << check.text;
    EXPECT_TRUE(contains(check.remedy, "must not withdraw")) << check.remedy;
    EXPECT_EQ(standing, KeyStanding::accepted);
}

TEST_F(ApiKeysTest, TheConfigurationsFuturesKnowTheSpotMarketsHost) {
    config::Config config = demo_.configuration(folder_ / "ca.pem");
    config.binance.markets = {"futures"};
    config.binance.spot_rest_url = "https://spot.invalid";
    const auto sites = configured_sites(config);
    ASSERT_TRUE(sites) << sites.error().what;
    ASSERT_EQ(sites->size(), 2U);
    EXPECT_FALSE(sites->front().rights_hosts) << "Bybit tells itself";
    ASSERT_TRUE(sites->back().rights_hosts);
    EXPECT_EQ(sites->back().rights_hosts->rest_url, "https://spot.invalid");
}

// The key in use is asked about at each reload; nothing else tells that the venue has ended it.
TEST_F(ApiKeysTest, TheKeyInUseIsDroppedWhenTheVenueRefusesItAndKeptWhenItIsNotReached) {
    enum class Answer { good, busy, refused };
    std::atomic<Answer> answer = Answer::good;
    FakeVenue venue([&](const net::HttpRequest& r) -> net::HttpReply {
        if (r.path == "/v5/user/query-api" && answer == Answer::busy) return net::problem_response(503, "later");
        return healthy(r, answer == Answer::good
                              ? key_body("", R"("10.1.2.3")")
                              : R"({"retCode":33004,"retMsg":"expired","result":{},"retExtInfo":{},"time":1})");
    });
    const auto environment = files("BYBIT_API_KEY", "BYBIT_API_SECRET");
    ApiKeys keys({venue.site()});
    write_key("AbCdEf0123456789");
    (void)keys.reload(environment);
    ASSERT_NE(keys.of(Venue::bybit), nullptr);

    answer = Answer::busy;
    auto checks = keys.reload(environment);
    EXPECT_TRUE(has(checks, Finding::failed, "503")) << checks.front().text;
    EXPECT_TRUE(has(checks, Finding::warning, "AbCd...6789 stays in use, although"));
    ASSERT_NE(keys.of(Venue::bybit), nullptr);

    answer = Answer::refused;
    checks = keys.reload(environment);
    EXPECT_TRUE(has(checks, Finding::failed, "33004")) << checks.front().text;
    EXPECT_TRUE(has(checks, Finding::failed, "AbCd...6789 is refused by the venue and no longer in use"));
    EXPECT_FALSE(has(checks, Finding::note, "stays in use"));
    EXPECT_EQ(keys.of(Venue::bybit), nullptr);
}

TEST_F(ApiKeysTest, ABadNewKeyDoesNotKeepAnOldOneThatTheVenueHasEnded) {
    std::atomic<bool> is_ended = false;
    FakeVenue venue([&](const net::HttpRequest& r) -> net::HttpReply {
        return healthy(r, is_ended ? R"({"retCode":33004,"retMsg":"expired","result":{},"retExtInfo":{},"time":1})"
                                   : key_body("", R"("10.1.2.3")"));
    });
    const auto environment = files("BYBIT_API_KEY", "BYBIT_API_SECRET");
    ApiKeys keys({venue.site()});
    write_key("AbCdEf0123456789");
    (void)keys.reload(environment);
    ASSERT_NE(keys.of(Venue::bybit), nullptr);
    is_ended = true;
    write_key("XyZwVu9876543210");
    const auto checks = keys.reload(environment);
    EXPECT_TRUE(has(checks, Finding::failed, "AbCd...6789 is refused by the venue and no longer in use"));
    EXPECT_EQ(keys.of(Venue::bybit), nullptr);
}

// A venue that takes the question and never answers holds nobody who wants to stop.
TEST_F(ApiKeysTest, AStopEndsTheWaitingForAnAnswerAndLeavesTheKeysAsTheyAre) {
    std::atomic<bool> is_silent = false, is_stopping = false;
    std::atomic<int> asked = 0;
    FakeVenue venue([&](const net::HttpRequest& r) -> net::HttpReply {
        if (is_silent && r.path == "/v5/user/query-api") {
            ++asked;
            is_stopping = true;  // the stop comes while the question is under way
            return net::HttpReply{net::LateResponse{net::problem_response(503, "later"), std::chrono::hours{1}}};
        }
        return healthy(r, key_body("", R"("10.1.2.3")"));
    });
    const auto environment = files("BYBIT_API_KEY", "BYBIT_API_SECRET");
    ApiKeys keys({venue.site()}, [&] { return is_stopping.load(); });
    write_key("AbCdEf0123456789");
    (void)keys.reload(environment);
    ASSERT_NE(keys.of(Venue::bybit), nullptr);
    is_silent = true;
    write_key("XyZwVu9876543210");
    const auto began = std::chrono::steady_clock::now();
    const auto checks = keys.reload(environment);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{2}) << "the limit is five seconds";
    EXPECT_EQ(asked, 1);
    EXPECT_TRUE(has(checks, Finding::failed, "stopped"));
    ASSERT_NE(keys.of(Venue::bybit), nullptr);
    EXPECT_EQ(keys.of(Venue::bybit)->key, "AbCdEf0123456789");
}

struct KeyCase {
    std::string key;
    Site site;
    Finding finding;
    std::string text, remedy;
};

// What was found, where, and what to do about it.
TEST_F(ApiKeysTest, TheDoctorJudgesEveryKindOfKey) {
    const KeyCase cases[] = {
        {"demoReadKey", Site::bybit, Finding::warning, "may only read, 30 days old, ends in 59 days", "bind it"},
        {"demoReadKey", Site::binance_spot, Finding::warning, "may only read, 30 days old", "bind it"},
        {"demoReadKey", Site::binance_futures, Finding::warning, "may only read", "must not withdraw"},
        {"demoTradeKey", Site::bybit, Finding::warning, "demo...eKey may trade, 30 days old", "bind it"},
        {"demoTradeKey", Site::binance_spot, Finding::warning, "demo...eKey may trade, 30 days old", "bind it"},
        {"demoWithdrawKey", Site::bybit, Finding::failed, "may WITHDRAW: refused", "without the right to withdraw"},
        {"demoWithdrawKey", Site::binance_spot, Finding::failed, "may WITHDRAW: refused", "delete this one"},
        {"demoEndedKey", Site::bybit, Finding::failed, "33004", "make a new key"},
        {"demoEndedKey", Site::binance_spot, Finding::failed, "-2015", "may have ended"},
        {"demoBlindKey", Site::bybit, Finding::failed, "10005", "the right to read"},
        {"demoBlindKey", Site::binance_futures, Finding::failed, "-2015", "may have ended or be bound"},
        {"demoNoSuchKey", Site::bybit, Finding::failed, "10003", "one environment"},
        {"demoNoSuchKey", Site::binance_spot, Finding::failed, "-2015", "one environment"},
    };
    for (const KeyCase& one : cases) {
        const Check check = check_key(demo_.site(one.site), demo_credentials(one.key)).check;
        const std::string which = one.key + " at " + std::string(exchange::name(one.site)) + ": " + check.text;
        EXPECT_EQ(check.subject, exchange::name(one.site)) << which;
        EXPECT_EQ(check.finding, one.finding) << which;
        EXPECT_TRUE(contains(check.text, one.text)) << which;
        EXPECT_TRUE(contains(check.remedy, one.remedy)) << which << " -> " << check.remedy;
        EXPECT_FALSE(contains(check.text, "Secret")) << which;
    }
}

}  // namespace
}  // namespace vt::runtime
