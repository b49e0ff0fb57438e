#include "runtime/history_jobs.hpp"

#include "demo/exchange.hpp"
#include "demo/roster.hpp"
#include "history/series_reader.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/// Downloads as jobs: over real sockets from the demo exchange, which runs on the test's loop.
namespace vt::runtime {
namespace {

using api::JobState;

class HistoryJobsTest : public testing::Test {
protected:
    void SetUp() override {
        demo::ExchangeParams params;
        params.stream.generated = demo::generated_symbols(4);
        exchange_ = std::make_unique<demo::Exchange>(loop_, std::move(params));
        ASSERT_TRUE(exchange_->listen());
    }
    void TearDown() override {
        downloads_.stop();
        exchange_.reset();
    }
    api::DownloadOrder bars(std::int64_t hours, std::string symbol = "SOLUSDT") const {
        return {.series = {.symbol = std::move(symbol), .kind = history::Kind::klines, .step_ms = 60'000},
                .range = {to_ms(net::wall_now()) - hours * 3'600'000, INT64_MAX}};
    }
    std::string begin(const api::DownloadOrder& order) {
        const auto job = downloads_.start(order);
        EXPECT_TRUE(job) << job.error().what;
        return job ? job->id : std::string();
    }
    api::Job job(const std::string& id) const {
        for (const api::Job& one : jobs_.jobs())
            if (one.id == id) return one;
        ADD_FAILURE() << "no job " << id;
        return {};
    }
    bool ends(const std::string& id) {
        return loop_.run_until([&] { return job(id).ended_at.has_value(); }, std::chrono::seconds{60});
    }

    net::Loop loop_;
    std::unique_ptr<demo::Exchange> exchange_;
    storage::TemporaryDirectory folder_{"vt-history-jobs"};
    JobList jobs_;
    std::optional<Error> no_hosts_;
    HistoryJobs downloads_{{.directory = folder_.path(),
                            .hosts = [this](exchange::Site) -> Result<gateway::SiteHosts> {
                                if (no_hosts_) return tl::unexpected<Error>(*no_hosts_);
                                return gateway::SiteHosts{
                                    .rest_url = exchange_->rest_url(),
                                    .stream_url = exchange_->websocket_url(),
                                    .tls = *net::TlsContext::client({.authorities_pem = exchange_->authority_pem()})};
                            },
                            .limit_share = exchange::access::kPlannedShare},
                           jobs_};
};

TEST_F(HistoryJobsTest, ADownloadIsAJobThatEndsWithItsRowsOnDisk) {
    const api::DownloadOrder order = bars(6);
    const std::string id = begin(order);
    EXPECT_EQ(job(id).kind, "history_download");
    EXPECT_EQ(job(id).what, "bybit linear SOLUSDT klines 1m");
    EXPECT_TRUE(job(id).can_be_cancelled);
    ASSERT_TRUE(ends(id));
    EXPECT_EQ(job(id).state, JobState::done) << job(id).error;
    EXPECT_EQ(job(id).progress, 1.0);
    auto reader = history::SeriesReader::open(folder_.path() / order.series.file());
    ASSERT_TRUE(reader) << reader.error().what;
    EXPECT_GT(reader->read_all()->rows(), 300U);
}

TEST_F(HistoryJobsTest, WhatCannotBeDownloadedSaysWhy) {
    api::DownloadOrder weekly = bars(6);
    weekly.series.step_ms = 8 * 3'600'000;
    EXPECT_EQ(downloads_.start(weekly).error().code, Errc::malformed) << "Bybit has no bars of 8 hours";
    EXPECT_TRUE(jobs_.jobs().empty());
    const std::string unknown = begin(bars(6, "NOPEUSDT"));
    ASSERT_TRUE(ends(unknown));
    EXPECT_EQ(job(unknown).state, JobState::failed);
    EXPECT_NE(job(unknown).error.find("NOPEUSDT"), std::string::npos) << job(unknown).error;
    no_hosts_ = Error{Errc::configuration, "bybit.ca_file: no such file"};
    const std::string misconfigured = begin(bars(6));
    ASSERT_TRUE(ends(misconfigured));
    EXPECT_EQ(job(misconfigured).error, "bybit.ca_file: no such file");
}

TEST_F(HistoryJobsTest, TheOneUnderWayAndThoseThatWaitCanBeCancelled) {
    // The exchange answers only while this loop runs: until then the first download waits for it.
    const std::string first = begin(bars(6));
    std::vector<std::string> waiting;
    for (std::size_t i = 0; i < HistoryJobs::kWaitingMax; ++i) {
        const auto next = downloads_.start(bars(6));
        if (next) waiting.push_back(next->id);
    }
    while (job(first).state == JobState::waiting) std::this_thread::yield();
    while (downloads_.start(bars(6))) {
    }
    EXPECT_EQ(downloads_.start(bars(6)).error().code, Errc::unavailable) << "no more may wait";
    ASSERT_TRUE(jobs_.cancel(waiting.front()));
    ASSERT_TRUE(jobs_.cancel(first));
    ASSERT_TRUE(ends(waiting.front()));
    ASSERT_TRUE(ends(first));
    EXPECT_EQ(job(first).state, JobState::cancelled);
    EXPECT_EQ(job(waiting.front()).state, JobState::cancelled);
    ASSERT_TRUE(ends(waiting[1])) << "the next takes its turn";
    EXPECT_EQ(job(waiting[1]).state, JobState::done) << job(waiting[1]).error;
    downloads_.stop();
    for (const api::Job& one : jobs_.jobs()) EXPECT_TRUE(one.ended_at) << one.id << " after the end of all";
    EXPECT_EQ(downloads_.start(bars(6)).error().code, Errc::unavailable);
}

}  // namespace
}  // namespace vt::runtime
