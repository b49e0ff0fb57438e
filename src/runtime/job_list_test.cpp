#include "runtime/job_list.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

namespace vt::runtime {
namespace {

using api::Job;
using api::JobState;

constexpr Timestamp kJobsBegin = from_ms(1'750'000'000'000);

/// Each look at the clock is a second later.
struct Ticking {
    Timestamp now = kJobsBegin;
    JobList list{[this] { return std::exchange(now, now + std::chrono::seconds{1}); }};
    [[nodiscard]] Job newest() const { return list.jobs().front(); }
};

TEST(JobList, AJobIsSeenFromItsRequestToItsEnd) {
    Ticking t;
    auto ticket = t.list.add("record_copy", "records.db");
    EXPECT_EQ(t.newest().state, JobState::waiting);
    EXPECT_EQ(t.newest().asked_at, kJobsBegin);
    EXPECT_FALSE(t.newest().progress);
    ticket.start();
    ticket.progress(1.5);
    EXPECT_EQ(t.newest().state, JobState::running);
    EXPECT_EQ(t.newest().started_at, kJobsBegin + std::chrono::seconds{1});
    EXPECT_EQ(t.newest().progress, 1.0) << "no more than all";
    ticket.fail("the disk is full: make room");
    ticket.done();
    EXPECT_EQ(t.newest().state, JobState::failed) << "it ends once";
    EXPECT_EQ(t.newest().error, "the disk is full: make room");
    EXPECT_EQ(t.newest().ended_at, kJobsBegin + std::chrono::seconds{2});
}

TEST(JobList, AWorkThatGoesWithoutAWordHasFailed) {
    Ticking t;
    { auto ticket = t.list.add("replay", "a journal"); }
    EXPECT_EQ(t.newest().state, JobState::failed);
    EXPECT_FALSE(t.newest().error.empty());
    {
        auto first = t.list.add("replay", "another");
        const auto moved = std::move(first);
        EXPECT_EQ(t.newest().state, JobState::waiting) << "a ticket that was moved says nothing";
    }
    EXPECT_EQ(t.newest().state, JobState::failed);
}

TEST(JobList, OnlyWhatCanBeCancelledAndGoesOnIsCancelled) {
    Ticking t;
    int asked = 0;
    auto fixed = t.list.add("record_copy", "records.db");
    auto download = t.list.add("history_download", "klines", [&] { ++asked; });
    EXPECT_TRUE(t.newest().can_be_cancelled);
    EXPECT_EQ(t.list.cancel("9").error().code, Errc::not_found);
    EXPECT_EQ(t.list.cancel("1").error().code, Errc::refused) << "goes to its end";
    ASSERT_TRUE(t.list.cancel("2"));
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(t.newest().state, JobState::waiting) << "it ends when the work says so";
    download.cancelled();
    EXPECT_EQ(t.newest().state, JobState::cancelled);
    EXPECT_FALSE(t.newest().can_be_cancelled);
    EXPECT_EQ(t.list.cancel("2").error().code, Errc::refused) << "has ended";
    EXPECT_EQ(asked, 1);
    fixed.done();
}

TEST(JobList, KeepsTheLastThatEndedAndAllThatGoOn) {
    Ticking t;
    auto long_one = t.list.add("replay", "goes on");
    for (std::size_t i = 0; i < 3 * JobList::kEndedKept; ++i) t.list.add("record_copy", "copy").done();
    const auto jobs = t.list.jobs();
    EXPECT_LE(jobs.size(), JobList::kEndedKept + 2);
    EXPECT_EQ(jobs.back().what, "goes on");
    EXPECT_EQ(jobs.front().id, std::to_string(3 * JobList::kEndedKept + 1));
    long_one.done();
}

}  // namespace
}  // namespace vt::runtime
