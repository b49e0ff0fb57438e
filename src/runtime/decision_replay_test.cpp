#include "runtime/decision_replay.hpp"

#include "runtime/replay.hpp"
#include "runtime/test_decided_market.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace vt::runtime {

TEST(DecisionReplay, WhatWasDecidedIsMadeAgainByteForByte) {
    DecidedMarket market;
    ASSERT_GE(market.decided().size(), 3U);
    std::size_t compared = 0;
    for (const std::string& id : market.decided()) {
        const auto kept = kept_decision(market.repository(), id);
        ASSERT_TRUE(kept) << kept.error().what;
        ASSERT_TRUE(kept->record) << "the minute's record was stored";
        auto journal = market.journal();
        const auto made = replay_decision(journal, *kept);
        ASSERT_TRUE(made) << made.error().what;
        EXPECT_TRUE(made->is_reached);
        EXPECT_TRUE(made->losses.empty());
        EXPECT_EQ(made->record, kept->record) << id;
        EXPECT_EQ(made->body, kept->body) << id;
        if (++compared == 3) break;
    }
}

TEST(DecisionReplay, SaysWhatTheRecordingDoesNotMake) {
    DecidedMarket market;
    ASSERT_FALSE(market.decided().empty());
    EXPECT_EQ(kept_decision(market.repository(), "ffffffffffffffff").error().code, Errc::not_found);
    auto kept = kept_decision(market.repository(), *market.decided().begin());
    ASSERT_TRUE(kept);
    KeptDecision other = *kept;
    other.signal = "ffffffffffffffff";
    auto journal = market.journal();
    const auto made = replay_decision(journal, other);
    ASSERT_TRUE(made);
    EXPECT_TRUE(made->is_reached);
    EXPECT_EQ(made->record, kept->record) << "the score is that of the minute, whatever is asked for";
    EXPECT_FALSE(made->body);
    other.at += std::chrono::hours{1};
    journal.rewind();
    EXPECT_FALSE(replay_decision(journal, other)->is_reached);
}

TEST(DecisionReplay, ItsNumberIsThatOfTheRecordInTheRun) {
    DecidedMarket market;
    ASSERT_FALSE(market.decided().empty());
    const auto kept = kept_decision(market.repository(), *market.decided().begin());
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->run, kDecisionRun);
    ASSERT_TRUE(kept->record_number);
    auto journal = market.journal();
    const auto made = replay(journal, {.record = kept->record_number});
    ASSERT_TRUE(made) << made.error().what;
    EXPECT_EQ(made->record, kept->record);
}

TEST(DecisionReplay, WhoWatchesSeesHowFarItIsAndMayEndIt) {
    DecidedMarket market;
    ASSERT_FALSE(market.decided().empty());
    const auto kept = kept_decision(market.repository(), *market.decided().begin());
    ASSERT_TRUE(kept);
    auto journal = market.journal();
    std::vector<double> shares;
    const auto made = replay_decision(journal, *kept, [&](double share) {
        shares.push_back(share);
        return true;
    });
    ASSERT_TRUE(made);
    EXPECT_FALSE(made->was_ended);
    ASSERT_GE(shares.size(), 2U);
    EXPECT_TRUE(std::ranges::is_sorted(shares));
    EXPECT_GE(shares.front(), 0);
    EXPECT_LE(shares.back(), 1);
    EXPECT_GT(shares.back(), shares.front());
    journal.rewind();
    const auto ended = replay_decision(journal, *kept, [](double) { return false; });
    ASSERT_TRUE(ended);
    EXPECT_TRUE(ended->was_ended);
    EXPECT_FALSE(ended->is_reached);
    EXPECT_LT(ended->events, made->events);
}

TEST(DecisionReplay, ARunIsFoundAmongOthersAndWhatIsReconstructedHasNone) {
    DecidedMarket market;
    ASSERT_FALSE(market.decided().empty());
    const std::string id = *market.decided().begin();
    const auto kept = kept_decision(market.repository(), id, {"live", "demo"});
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept_decision(market.repository(), id, {"live"}).error().code, Errc::not_found);
    std::filesystem::copy_file(market.file(), market.recordings() / storage::segment_name(0xab, 1));
    EXPECT_TRUE(open_recording_of(*kept, market.recordings()));
    EXPECT_TRUE(open_recording_of(*kept, market.file()));
    KeptDecision other = *kept;
    other.run = "00000000000000ac";
    EXPECT_EQ(open_recording_of(other, market.recordings()).error().code, Errc::not_found);
    other.run = "run-7";
    EXPECT_EQ(open_recording_of(other, market.recordings()).error().code, Errc::not_found);

    const auto stored = market.repository().entries("demo", id);
    ASSERT_TRUE(stored);
    records::LedgerEntry past = stored->front().entry;
    past.market = records::reconstructed_ledger("demo");
    past.signal = "eeeeeeeeeeeeeeee";
    records::Batch batch;
    batch.ledger.push_back(past);
    ASSERT_TRUE(market.repository().append(batch));
    const auto reconstructed = kept_decision(market.repository(), past.signal);
    ASSERT_FALSE(reconstructed);
    EXPECT_EQ(reconstructed.error().code, Errc::unsupported);
    EXPECT_NE(reconstructed.error().what.find("from candles"), std::string::npos);
}

}  // namespace vt::runtime
