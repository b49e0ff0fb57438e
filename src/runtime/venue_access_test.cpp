#include "demo/journal_recording.hpp"
#include "net/http_client.hpp"
#include "obs/log.hpp"
#include "runtime/doctor.hpp"
#include "runtime/live_smoke.hpp"
#include "runtime/program.hpp"
#include "runtime/test_demo_sites.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

/// The program and the doctor at the edge of the network: no venue at all, and a venue that is configured by its
/// addresses and its authority, as a user does it.
namespace vt::runtime {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

std::optional<net::HttpResponse> ask(const std::string& url) {
    net::Loop loop;
    std::optional<Result<net::HttpResponse>> answer;
    net::HttpClient client(loop, {});
    client.get(url, [&](Result<net::HttpResponse> response) { answer = std::move(response); });
    (void)loop.run_until([&] { return answer.has_value(); });
    return answer && *answer ? std::optional(std::move(**answer)) : std::nullopt;
}

TEST(VenueAccess, ThePagesDoNotWaitForExchangesThatAreDown) {
    obs::configure_log({.level = obs::LogLevel::off, .color = false});
    ProgramParams params;
    params.config.server.port = 0;
    params.config.server.monitoring_port = 0;
    params.config.bybit.rest_url = "https://127.0.0.1:1";
    params.config.bybit.stream_url = "wss://127.0.0.1:1";
    const auto began = Clock::now();
    Program program(std::move(params));
    const auto started = program.start();
    ASSERT_TRUE(started) << started.error().what;
    const std::string at = "http://127.0.0.1:" + std::to_string(program.port());
    const auto page = ask(at + "/");
    const auto ready_after = Clock::now() - began;
    ASSERT_TRUE(page);
    EXPECT_EQ(page->status, 200);
    std::printf("all exchanges down: the page is answered %.0f ms after the start\n", to_seconds(ready_after) * 1e3);
    std::string health;
    for (const auto limit = Clock::now() + seconds{10}; Clock::now() < limit;) {
        if (const auto answer = ask(at + "/health")) health = answer->body;
        if (health.find("\"degraded\"") != std::string::npos) break;
        std::this_thread::sleep_for(milliseconds{20});
    }
    EXPECT_NE(health.find("\"degraded\""), std::string::npos) << health;
    EXPECT_NE(health.find("no stream is subscribed yet"), std::string::npos) << health;
    const auto readiness = ask(at + "/health/ready");
    ASSERT_TRUE(readiness);
    EXPECT_EQ(readiness->status, 503) << "there is no market data yet";
    program.stop();
}

demo::ExchangeParams recorded_and_generated() {
    demo::ExchangeParams params = DemoSites::small_exchange();
    auto recording = demo::bundled_recording();
    EXPECT_TRUE(recording);
    if (recording) params.stream.recording = std::move(*recording);
    params.stream.generated = demo::generated_symbols(3);
    return params;
}

/// A demo exchange with a thread of its own, reached by URL and authority like any venue.
class ConfiguredVenue : public testing::Test {
protected:
    void SetUp() override {
        obs::configure_log({.level = obs::LogLevel::off, .color = false});
        folder_ = std::filesystem::path(testing::TempDir()) / "venue-access";
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
        config_ = demo_.configuration(folder_ / "ca.pem");
        config_.binance.top_symbols = 2;
        config_.market.top_symbols = 3;
        config_.market.backfill_bars = 10;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path folder_;
    config::Config config_;
    DemoSites demo_{recorded_and_generated()};
};

TEST_F(ConfiguredVenue, TheDoctorFindsItInOrder) {
    const auto sites = configured_sites(config_);
    ASSERT_TRUE(sites) << sites.error().what;
    EXPECT_EQ(sites->size(), 3U);
    for (const SiteToCheck& site : *sites) {
        const auto began = Clock::now();
        for (const Check& check : check_site(site, {})) {
            EXPECT_NE(check.finding, Finding::failed) << check.name << ": " << check.text;
        }
        EXPECT_LE(Clock::now() - began, seconds{3});
    }
}

TEST_F(ConfiguredVenue, ABanIsNamedInTheHealthReasons) {
    demo_.inject({.kind = demo::Fault::Kind::ban, .duration = seconds{60}});
    Program program({.config = config_, .run_id = 4});
    ASSERT_TRUE(program.start());
    std::string health;
    for (const auto limit = Clock::now() + seconds{10}; Clock::now() < limit;) {
        if (const auto answer = ask("http://127.0.0.1:" + std::to_string(program.port()) + "/health")) {
            health = answer->body;
        }
        if (health.find("not asked for") != std::string::npos) break;
        std::this_thread::sleep_for(milliseconds{20});
    }
    EXPECT_NE(health.find("bybit is not asked for"), std::string::npos) << health;
    EXPECT_NE(health.find("HTTP 403"), std::string::npos) << health;
    program.stop();
}

TEST_F(ConfiguredVenue, TheLiveSmokeRecordsAndUnderstandsEveryFrame) {
    config_.recording.directory = folder_ / "smoke";
    Program program({.config = config_, .has_api = false, .run_id = 3});
    ASSERT_TRUE(program.start());
    const auto is_fed = [&] {
        const auto picture = program.snapshot();
        return picture && picture->health == views::Health::ok && picture->events > 500;
    };
    for (const auto limit = Clock::now() + seconds{60}; !is_fed() && Clock::now() < limit;)
        std::this_thread::sleep_for(milliseconds{20});
    EXPECT_TRUE(is_fed());
    program.stop();
    auto journal = storage::JournalReader::open(config_.recording.directory);
    ASSERT_TRUE(journal) << journal.error().what;
    const auto report = read_smoke(*journal);
    ASSERT_TRUE(report) << report.error().what;
    EXPECT_GT(report->frames, 20U);
    EXPECT_GT(report->replies, 5U);
    for (const char* kind : {"bybit orderbook", "bybit publicTrade", "bybit tickers", "binance depthUpdate",
                             "binance trade", "binance bookTicker"})
        EXPECT_TRUE(report->frames_by_kind.contains(kind)) << kind;
    EXPECT_TRUE(report->unknown_kinds.empty());
    for (const auto& [what, count] : report->refused) ADD_FAILURE() << count << " refused: " << what;
    for (const auto& [what, count] : report->unknown_fields) ADD_FAILURE() << count << " unknown: " << what;
    EXPECT_TRUE(report->losses.empty());
}

}  // namespace
}  // namespace vt::runtime
