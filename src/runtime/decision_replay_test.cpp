#include "runtime/decision_replay.hpp"

#include "demo/roster.hpp"
#include "engine/event_codec.hpp"
#include "records/database_url.hpp"
#include "runtime/engine_params.hpp"
#include "runtime/kept_score.hpp"
#include "runtime/kept_signal.hpp"
#include "runtime/test_open_gates.hpp"
#include "runtime/virtual_venue.hpp"
#include "runtime/warm_state.hpp"
#include "storage/journal_writer.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace vt::runtime {
namespace {

constexpr const char* kDecisionRun = "00000000000000aa";

/// Some minutes of a small market, recorded, with a database of what was decided.
class DecidedMarket {
public:
    DecidedMarket() {
        auto database = records::open_database({.path = (folder_.path() / "records.db").string()});
        EXPECT_TRUE(database);
        auto opened = records::Repository::open(std::move(*database), kWarmMarketStart);
        EXPECT_TRUE(opened);
        repository_.emplace(std::move(*opened));
        run();
    }
    [[nodiscard]] storage::JournalReader journal() const {
        auto opened = storage::JournalReader::open(file());
        EXPECT_TRUE(opened);
        return std::move(*opened);
    }
    [[nodiscard]] records::Repository& repository() { return *repository_; }
    [[nodiscard]] const std::set<std::string>& decided() const { return decided_; }

private:
    [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "run.vtj"; }

    void run() {
        config::Config config = open_gates();
        config.market.backfill_bars = 60;
        demo::StreamParams market{.seed = 3, .start = kWarmMarketStart, .generated = demo::generated_symbols(6)};
        auto writer = storage::JournalWriter::create_file(
            file(), {.run_id = 0xaa, .created_at = market.start, .configuration = engine_configuration(config)}, {});
        ASSERT_TRUE(writer) << writer.error().what;
        ScoreScribe scribe("demo", kDecisionRun);
        std::uint64_t number = 0;
        std::string bytes;
        VirtualVenue* self = nullptr;
        VirtualVenue venue(
            engine_params(config), market,
            [&](const engine::Effect& effect) {
                records::Batch batch;
                if (const auto* scored = std::get_if<engine::Scored>(&effect)) {
                    if (!scored->record->causes.has(confluence::Cause::minute)) return;
                    batch =
                        scribe.write({scored->record, self->engine().instruments()[scored->instrument], ++number});
                } else if (const auto* said = std::get_if<engine::Signalled>(&effect)) {
                    batch.ledger.push_back(ledger_entry_of(
                        *said->change, self->engine().instruments()[said->instrument], "demo", kDecisionRun));
                    decided_.insert(said->change->signal.id);
                } else {
                    return;
                }
                EXPECT_TRUE(repository_->append(batch));
            },
            [&](const engine::Event& event) {
                bytes.clear();
                engine::encode(event, bytes);
                EXPECT_TRUE(writer->append(bytes));
            });
        self = &venue;
        venue.start();
        venue.advance_to(market.start + std::chrono::minutes{8});
        EXPECT_TRUE(writer->close());
    }

    storage::TemporaryDirectory folder_{"decision-replay-test"};
    std::optional<records::Repository> repository_;
    std::set<std::string> decided_;
};

}  // namespace

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

TEST(DecisionReplay, ADifferenceIsShownWithWhatStandsBeforeIt) {
    EXPECT_FALSE(first_difference("same", "same"));
    const auto longer = first_difference("same", "same and more");
    ASSERT_TRUE(longer);
    EXPECT_EQ(longer->at, 4U);
    const std::string before(100, '.');
    const auto changed = first_difference(before + "1.25}", before + "1.26}");
    ASSERT_TRUE(changed);
    EXPECT_EQ(changed->at, 103U);
    EXPECT_EQ(changed->kept, std::string(21, '.') + "1.25}");
    EXPECT_EQ(changed->made, std::string(21, '.') + "1.26}");
}

}  // namespace vt::runtime
