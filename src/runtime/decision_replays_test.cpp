#include "runtime/decision_replays.hpp"

#include "runtime/test_decided_market.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace vt::runtime {
namespace {

using api::JobState;
using api::ReplayOutcome;

class DecisionReplaysTest : public testing::Test {
protected:
    static void SetUpTestSuite() { market_ = new DecidedMarket; }
    static void TearDownTestSuite() { delete std::exchange(market_, nullptr); }
    void SetUp() override { ASSERT_GE(market_->decided().size(), 3U); }

    static KeptDecision decision(const std::string& id = *market_->decided().begin()) {
        auto kept = kept_decision(market_->repository(), id);
        EXPECT_TRUE(kept);
        return kept ? *std::move(kept) : KeptDecision{};
    }
    /// The one before which most is recorded.
    static KeptDecision last_decision() {
        KeptDecision last = decision();
        for (const std::string& id : market_->decided()) {
            if (KeptDecision one = decision(id); one.at > last.at) last = std::move(one);
        }
        return last;
    }
    /// in: run: of the program that replays
    DecisionReplays::Params params(std::string run = "00000000000000ff") const {
        return {.directory = market_->recordings(), .run = std::move(run)};
    }
    api::Job job(const std::string& id) const {
        for (const api::Job& one : jobs_.jobs())
            if (one.id == id) return one;
        ADD_FAILURE() << "no job " << id;
        return {.ended_at = Timestamp{}};
    }
    /// The job once it has ended.
    api::Job ended(const std::string& id) const {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        while (!job(id).ended_at && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        return job(id);
    }
    static api::ReplayFound found(const DecisionReplays& replays, const KeptDecision& kept) {
        const auto standing = replays.standing(kept);
        EXPECT_TRUE(standing && standing->found);
        return standing && standing->found ? *standing->found : api::ReplayFound{};
    }

    static inline DecidedMarket* market_ = nullptr;
    JobList jobs_;
};

/// A copy of the market's recording, some of whose bytes are not what was written.
class DamagedCopy {
public:
    explicit DamagedCopy(const DecidedMarket& market) : source_(market.file()) {
        std::filesystem::copy_file(source_, file());
    }
    void turn_over(std::uint64_t from, std::uint64_t count) const {
        std::fstream bytes(file(), std::ios::binary | std::ios::in | std::ios::out);
        for (std::uint64_t at = from; at < from + count; ++at) {
            bytes.seekg(static_cast<std::streamoff>(at));
            const auto was = static_cast<char>(bytes.get());
            bytes.seekp(static_cast<std::streamoff>(at));
            bytes.put(static_cast<char>(~was));
        }
    }
    [[nodiscard]] std::filesystem::path folder() const { return folder_.path(); }
    [[nodiscard]] std::filesystem::path file() const { return folder_.path() / source_.filename(); }
    [[nodiscard]] std::uint64_t size() const { return std::filesystem::file_size(file()); }

private:
    std::filesystem::path source_;
    storage::TemporaryDirectory folder_{"damaged-recording"};
};

TEST_F(DecisionReplaysTest, AReplayIsAJobThatSaysWhatItFound) {
    DecisionReplays replays(params(), jobs_);
    const KeptDecision kept = decision();
    const auto before = replays.standing(kept);
    ASSERT_TRUE(before) << before.error().what;
    EXPECT_FALSE(before->job);
    EXPECT_FALSE(before->found);
    const auto begun = replays.start(kept);
    ASSERT_TRUE(begun) << begun.error().what;
    EXPECT_EQ(begun->kind, "decision_replay");
    EXPECT_EQ(begun->what, kept.signal + " of " + kept.instrument);
    EXPECT_TRUE(begun->can_be_cancelled);
    EXPECT_EQ(ended(begun->id).state, JobState::done) << job(begun->id).error;
    const auto after = replays.standing(kept);
    ASSERT_TRUE(after && after->found && after->job);
    EXPECT_EQ(after->job->id, begun->id);
    EXPECT_EQ(after->recording, "run-00000000000000aa-*.vtj");
    EXPECT_EQ(after->record_number, kept.record_number);
    EXPECT_EQ(after->found->outcome, ReplayOutcome::equal);
    EXPECT_EQ(after->found->signal.bytes, kept.body.size());
    EXPECT_TRUE(after->found->score_record.is_kept && after->found->score_record.is_made);
    EXPECT_GT(after->found->events, 1000U);
    EXPECT_GT(after->found->took.count(), 0);
    EXPECT_TRUE(after->found->losses.empty());
}

TEST_F(DecisionReplaysTest, WhatIsNotAsItWasKeptIsFoundOut) {
    DecisionReplays replays(params(), jobs_);
    KeptDecision changed = decision();
    const std::size_t at = changed.body.find("\"coverage\":");
    ASSERT_NE(at, std::string::npos);
    changed.body.insert(at + 11, "1");
    changed.record.reset();
    const auto begun = replays.start(changed);
    ASSERT_TRUE(begun);
    EXPECT_EQ(ended(begun->id).state, JobState::done);
    const api::ReplayFound told = found(replays, changed);
    EXPECT_EQ(told.outcome, ReplayOutcome::different);
    EXPECT_FALSE(told.score_record.is_kept) << "nobody knows whether it would be equal";
    EXPECT_FALSE(told.score_record.difference);
    ASSERT_TRUE(told.signal.difference);
    EXPECT_NEAR(static_cast<double>(told.signal.difference->at), static_cast<double>(at + 11), 2);
}

TEST_F(DecisionReplaysTest, ADamagedRecordingSaysWhatItLacksAndIsNeverTakenForEqual) {
    const KeptDecision kept = last_decision();
    for (const std::uint64_t tenth : {1U, 4U, 7U}) {
        const DamagedCopy copy(*market_);
        copy.turn_over(copy.size() * tenth / 20, 200);
        DecisionReplays replays({.directory = copy.folder(), .run = "00000000000000ff"}, jobs_);
        const auto begun = replays.start(kept);
        ASSERT_TRUE(begun);
        EXPECT_EQ(ended(begun->id).state, JobState::done) << job(begun->id).error;
        const api::ReplayFound told = found(replays, kept);
        ASSERT_FALSE(told.losses.empty()) << tenth;
        EXPECT_NE(told.losses[0].find("are lost: damaged, run-00000000000000aa-0001.vtj at byte"), std::string::npos)
            << told.losses[0];
        EXPECT_NE(told.outcome, ReplayOutcome::equal);
    }
    const DamagedCopy copy(*market_);
    copy.turn_over(20, 8);  // of its header
    DecisionReplays replays({.directory = copy.folder(), .run = "00000000000000ff"}, jobs_);
    const auto begun = replays.start(kept);
    ASSERT_TRUE(begun);
    EXPECT_EQ(ended(begun->id).state, JobState::failed);
    EXPECT_TRUE(job(begun->id).error.starts_with("cannot read run-00000000000000aa-0001.vtj: "))
        << job(begun->id).error;
    const auto standing = replays.standing(kept);
    ASSERT_TRUE(standing) << "the job says why";
    EXPECT_FALSE(standing->found);
}

TEST_F(DecisionReplaysTest, ARecordingThatEndsBeforeDoesNotReachIt) {
    const KeptDecision kept = last_decision();
    const DamagedCopy copy(*market_);
    std::filesystem::resize_file(copy.file(), copy.size() / 4);
    DecisionReplays replays({.directory = copy.folder(), .run = "00000000000000ff"}, jobs_);
    const auto begun = replays.start(kept);
    ASSERT_TRUE(begun);
    EXPECT_EQ(ended(begun->id).state, JobState::done) << job(begun->id).error;
    EXPECT_EQ(found(replays, kept).outcome, ReplayOutcome::not_reached);
    std::filesystem::remove(copy.file());
    EXPECT_EQ(found(replays, kept).outcome, ReplayOutcome::not_reached) << "what was found stays";
    EXPECT_EQ(replays.start(kept).error().code, Errc::refused);
}

TEST_F(DecisionReplaysTest, WhereNothingIsRecordedItIsSaidWhatToDo) {
    const KeptDecision kept = decision();
    DecisionReplays none({.directory = {}, .run = kDecisionRun}, jobs_);
    const auto begun = none.start(kept);
    ASSERT_FALSE(begun);
    EXPECT_EQ(begun.error().code, Errc::refused);
    EXPECT_NE(begun.error().what.find("set recording.directory"), std::string::npos);
    EXPECT_EQ(none.standing(kept).error().what, begun.error().what);
    DecisionReplays replays(params(), jobs_);
    KeptDecision other = kept;
    other.run = "00000000000000ab";
    EXPECT_EQ(replays.start(other).error().code, Errc::refused);
    EXPECT_NE(replays.standing(other).error().what.find("its files are gone"), std::string::npos);
    EXPECT_TRUE(jobs_.jobs().empty());
}

TEST_F(DecisionReplaysTest, TheOneUnderWayAndThoseThatWaitCanBeCancelled) {
    DecisionReplays::Params own = params(kDecisionRun);
    const KeptDecision first = decision();
    own.clock = [at = first.at - std::chrono::hours{1}] { return at; };  // nothing is on the disk yet: it waits
    DecisionReplays replays(std::move(own), jobs_);
    const auto under_way = replays.start(first);
    ASSERT_TRUE(under_way);
    while (job(under_way->id).state == JobState::waiting) std::this_thread::yield();
    EXPECT_EQ(replays.start(first)->id, under_way->id) << "the same decision is not made twice at a time";
    std::vector<std::string> waiting;
    KeptDecision next = first;
    for (std::size_t i = 0; i < DecisionReplays::kWaitingMax; ++i) {
        next.signal = "next " + std::to_string(i);
        const auto begun = replays.start(next);
        ASSERT_TRUE(begun) << begun.error().what;
        waiting.push_back(begun->id);
    }
    next.signal = "one more";
    EXPECT_EQ(replays.start(next).error().code, Errc::unavailable);
    ASSERT_TRUE(jobs_.cancel(waiting.front()));
    EXPECT_EQ(job(waiting.front()).state, JobState::cancelled) << "at once";
    ASSERT_TRUE(jobs_.cancel(under_way->id));
    EXPECT_EQ(ended(under_way->id).state, JobState::cancelled);
    EXPECT_NE(replays.start(first)->id, under_way->id) << "it may be asked for again";
    replays.stop();
    for (const api::Job& one : jobs_.jobs()) EXPECT_TRUE(one.ended_at) << one.id << " after the end of all";
    EXPECT_EQ(replays.start(first).error().code, Errc::unavailable);
}

TEST_F(DecisionReplaysTest, WhatThisRunDecidedIsReadOnceItIsOnTheDisk) {
    DecisionReplays::Params own = params(kDecisionRun);
    const KeptDecision kept = decision();
    own.clock = [at = kept.at + DecisionReplays::kOnDiskAfter - std::chrono::milliseconds{300}] { return at; };
    DecisionReplays replays(std::move(own), jobs_);
    const auto began = std::chrono::steady_clock::now();
    const auto begun = replays.start(kept);
    ASSERT_TRUE(begun);
    EXPECT_EQ(ended(begun->id).state, JobState::done);
    EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds{300});
    EXPECT_EQ(found(replays, kept).outcome, ReplayOutcome::equal);
}

}  // namespace
}  // namespace vt::runtime
