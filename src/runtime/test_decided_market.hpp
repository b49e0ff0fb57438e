#pragma once

#include "demo/roster.hpp"
#include "engine/event_codec.hpp"
#include "records/database_url.hpp"
#include "records/repository.hpp"
#include "runtime/engine_params.hpp"
#include "runtime/kept_score.hpp"
#include "runtime/kept_signal.hpp"
#include "runtime/test_open_gates.hpp"
#include "runtime/virtual_venue.hpp"
#include "runtime/warm_state.hpp"
#include "storage/journal_reader.hpp"
#include "storage/journal_writer.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace vt::runtime {

inline constexpr const char* kDecisionRun = "00000000000000aa";

/// Some minutes of a small market, recorded, with a database of what was decided by the run kDecisionRun.
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
        auto opened = storage::JournalReader::open(recordings());
        EXPECT_TRUE(opened);
        return std::move(*opened);
    }
    /// The folder of recordings, and the one file in it.
    [[nodiscard]] std::filesystem::path recordings() const { return folder_.path() / "recordings"; }
    [[nodiscard]] std::filesystem::path file() const { return recordings() / storage::segment_name(0xaa, 1); }
    [[nodiscard]] records::Repository& repository() { return *repository_; }
    [[nodiscard]] const std::set<std::string>& decided() const { return decided_; }

private:
    void run() {
        config::Config config = open_gates();
        config.market.backfill_bars = 60;
        demo::StreamParams market{.seed = 3, .start = kWarmMarketStart, .generated = demo::generated_symbols(6)};
        auto writer = storage::JournalWriter::create_run(
            recordings(), {.run_id = 0xaa, .created_at = market.start, .configuration = engine_configuration(config)},
            {.hourly_segments = false});
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
                    ++number;
                    if (!scored->record->causes.has(confluence::Cause::minute)) return;
                    batch = scribe.write({scored->record, self->engine().instruments()[scored->instrument], number});
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

}  // namespace vt::runtime
