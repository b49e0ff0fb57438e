#include "runtime/backfill.hpp"

#include "net/loop.hpp"
#include "records/database_url.hpp"
#include "runtime/test_demo_sites.hpp"
#include "runtime/test_open_gates.hpp"
#include "runtime/track_reading.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>

/// The past over real sockets: the demo exchange on loopback, files of history, the ledger.
namespace vt::runtime {
namespace {

using namespace std::chrono_literals;

config::Config open_past() {
    config::Config config = open_gates();
    config.backfill.coverage_min = .05;
    return config;
}

class BackfillOverSockets : public testing::Test {
protected:
    BackfillOverSockets() {
        auto database = records::open_database({.path = (folder_.path() / "records.db").string()});
        auto opened = records::Repository::open(std::move(*database), net::wall_now());
        repository_.emplace(std::move(*opened));
    }
    [[nodiscard]] BackfillParams params() const {
        return {.symbols = {"BTCUSDT", "NOSUCHUSDT"},
                .days = 1,
                .market = "live",
                .history = folder_.path() / "history",
                .hosts = sites_.site(exchange::Site::bybit).hosts,
                .now = now_};
    }
    [[nodiscard]] Result<BackfillReport> filled(const BackfillProgress& progress = [](const std::string&, double) {
        return true;
    }) {
        return backfill(open_past(), params(), *repository_, progress);
    }
    storage::TemporaryDirectory folder_{"backfill-test"};
    DemoSites sites_;
    Timestamp now_ = net::wall_now();
    std::optional<records::Repository> repository_;
};

}  // namespace

TEST(Backfill, ASpanIsWholeDaysAndLeavesEachSignalItsOutcome) {
    const BackfillSpan span = backfill_span(from_ms(1'700'000'040'000), 7);  // 2023-11-14 22:14 UTC
    EXPECT_EQ(span.until, from_ms(1'699'920'000'000)) << "2023-11-14 00:00: today is not over";
    EXPECT_EQ(span.decide_until, span.until - 24h);
    EXPECT_EQ(span.decide_from, span.decide_until - 7 * 24h);
    EXPECT_EQ(span.lived_from, span.decide_from - 24h);
    EXPECT_EQ(backfill_span(from_ms(1'700'000'040'000) + 1h, 7).until, span.until);
}

TEST(Backfill, AskedForIsWhatTheAnalysisHasToHaveSeenBefore) {
    const BackfillSpan span = backfill_span(from_ms(1'700'000'040'000), 7);
    const auto orders = backfill_orders({"AUSDT", "BUSDT"}, span);
    ASSERT_EQ(orders.size(), 14U);
    EXPECT_EQ(orders[0].series.symbol, "AUSDT");
    EXPECT_EQ(orders[0].range.from_ms, to_ms(span.lived_from - 25h));
    EXPECT_EQ(orders[0].range.to_ms, to_ms(span.until));
    EXPECT_EQ(orders[3].series.step_ms, 4 * 3'600'000);
    EXPECT_EQ(orders[3].range.to_ms, to_ms(span.lived_from)) << "coarser bars of the span are made of its minutes";
}

TEST_F(BackfillOverSockets, StandsInALedgerOfItsOwnOnce) {
    const auto report = filled();
    ASSERT_TRUE(report) << report.error().what;
    EXPECT_EQ(report->symbols, std::vector<std::string>{"BTCUSDT"});
    ASSERT_EQ(report->left_out.size(), 1U);
    EXPECT_NE(report->left_out[0].find("NOSUCHUSDT"), std::string::npos);
    ASSERT_GT(report->raised + report->held_back, 0U);
    EXPECT_GT(report->added, 0U);

    EXPECT_TRUE(repository_->signals({.market = "live"})->signals.empty()) << "none of them is live";
    const std::string ledger = records::reconstructed_ledger("live");
    const auto page = repository_->signals({.market = ledger, .limit = 1000});
    EXPECT_EQ(page->signals.size(), report->raised + report->held_back);
    for (const records::StoredEntry& stored : page->signals) {
        EXPECT_NE(stored.entry.body.find("reconstructed from candles"), std::string::npos);
        EXPECT_TRUE(stored.entry.follow.empty()) << "nobody goes on from it";
        EXPECT_NE(stored.entry.state, "open");
    }
    EXPECT_FALSE(records::check_ledger(repository_->database(), ledger)->broken_at);
    const track_record::EdgePlan plan{.segment = track_record::Segment::reconstructed};
    ASSERT_TRUE(track_record_of(*repository_, ledger, plan, now_));
    const auto outcomes = outcomes_in(*repository_, ledger, now_);
    ASSERT_TRUE(outcomes);
    EXPECT_EQ(outcomes->raised.size(), report->raised);
    for (const track_record::Judged& one : outcomes->raised)
        EXPECT_EQ(one.segment, track_record::Segment::reconstructed);

    const auto again = filled();
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_EQ(again->raised, report->raised);
    EXPECT_EQ(again->held_back, report->held_back);
    EXPECT_EQ(again->added, 0U) << "the same candles, the same entries, each stored once";
}

TEST_F(BackfillOverSockets, AStopLeavesTheLedgerAsItWas) {
    const auto report = filled([](const std::string& doing, double) { return doing == "fetching candles"; });
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, Errc::unavailable);
    EXPECT_TRUE(repository_->signals({.market = records::reconstructed_ledger("live")})->signals.empty());
    EXPECT_TRUE(std::filesystem::exists(params().history)) << "what was fetched is there for the next run";
}

}  // namespace vt::runtime
