// What the demo market raises, through everything between the venue's protocol and the ledger.

#include "api/process_use.hpp"
#include "demo/roster.hpp"
#include "records/database_url.hpp"
#include "records/repository.hpp"
#include "runtime/engine_params.hpp"
#include "runtime/kept_signal.hpp"
#include "runtime/virtual_venue.hpp"
#include "runtime/warm_state.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace vt::runtime {
namespace {

/// What was said of signals in so many hours from the warm state on.
struct SignalStory {
    std::map<std::string, std::size_t> changes;  ///< by kind
    std::map<std::string, std::size_t> held_by;  ///< by gate
    std::map<std::string, std::size_t> endings;
    std::size_t longs = 0, shorts = 0;
    std::set<std::string> entries;
    std::size_t twice = 0;  ///< entries that a signal already had
    double net_r = 0;
    std::size_t ended = 0;
    std::size_t minutes = 0, without_score = 0, beyond_15 = 0, beyond_20 = 0;  ///< score records of closed minutes
    double furthest = 0;                                                       ///< from 50
};

void note_minute(SignalStory& story, const confluence::ScoreRecord& record) {
    if (!record.causes.has(confluence::Cause::minute)) return;
    ++story.minutes;
    if (!record.score) {
        ++story.without_score;
        return;
    }
    const double distance = std::abs(*record.score - 50);
    story.beyond_15 += distance >= 15;
    story.beyond_20 += distance >= 20;
    story.furthest = std::max(story.furthest, distance);
}

void note_change(SignalStory& story, const signals::SignalChange& change) {
    const signals::Signal& signal = change.signal;
    const std::string what(signals::name(change.change));
    ++story.changes[what];
    if (!story.entries.insert(signal.id + what).second) ++story.twice;
    if (change.change == signals::Change::suppressed) ++story.held_by[signal.suppressed_by];
    if (change.change == signals::Change::raised) ++(signal.side == market::Side::buy ? story.longs : story.shorts);
    if (change.change != signals::Change::ended) return;
    ++story.endings[std::string(signals::name(*signal.path.first_barrier))];
    story.net_r += signal.net_r().value();
    ++story.ended;
}

SignalStory story_of(int length_minutes) {
    config::Config config;
    config.market.top_symbols = 200;
    const WarmState warm = bundled_warm_state();
    demo::StreamParams market = *warm_market();
    market.truths_after = std::chrono::minutes{5};
    SignalStory story;
    VirtualVenue venue(engine_params(config), market, [&](const engine::Effect& effect) {
        if (const auto* scored = std::get_if<engine::Scored>(&effect)) note_minute(story, *scored->record);
        if (const auto* said = std::get_if<engine::Signalled>(&effect)) note_change(story, *said->change);
    });
    venue.start(warm.state, market.start - warm.end);
    venue.advance_to(market.start + std::chrono::minutes{length_minutes});
    return story;
}

void print(const SignalStory& story) {
    std::printf("%zu minutes, %zu without a score, %zu beyond 15 points, %zu beyond 20, furthest %.1f\n",
                story.minutes, story.without_score, story.beyond_15, story.beyond_20, story.furthest);
    std::printf("long %zu, short %zu\n", story.longs, story.shorts);
    for (const auto& [what, count] : story.changes) std::printf("  %-14s %zu\n", what.c_str(), count);
    for (const auto& [gate, count] : story.held_by) std::printf("  held by %-14s %zu\n", gate.c_str(), count);
    for (const auto& [ending, count] : story.endings) std::printf("  ended by %-14s %zu\n", ending.c_str(), count);
    if (story.ended > 0)
        std::printf("  mean net R %.3f of %zu\n", story.net_r / static_cast<double>(story.ended), story.ended);
}

/// Bitcoin and some of the generator's quiet symbols, none with a planted truth.
demo::StreamParams quiet_market(std::size_t count) {
    demo::StreamParams market{.seed = 11, .start = kWarmMarketStart};
    std::vector<sim::SymbolParams> all = demo::generated_symbols();
    std::erase_if(all, [](const sim::SymbolParams& one) { return one.truth != sim::Truth::none; });
    market.generated.assign(all.end() - static_cast<std::ptrdiff_t>(count), all.end());
    return market;
}

}  // namespace

/// Half a day of the demo market from the warm state on. Minutes of CPU: by hand, in release; docs/signals.md has
/// what it printed.
TEST(DemoSignals, DISABLED_HalfADayRaisesSomeOfBothDirections) {
    const SignalStory story = story_of(720);
    print(story);
    EXPECT_GT(story.longs, 5U);
    EXPECT_GT(story.shorts, 5U);
    EXPECT_LT(story.longs + story.shorts, 12U * 10) << "ten an hour at most";
    EXPECT_EQ(story.twice, 0U) << "a signal has one entry of each kind";
    EXPECT_GE(story.changes.at("suppressed"), story.changes.at("raised")) << "gates hold back most";
    EXPECT_GE(story.changes.at("horizon_15m"), story.ended);
}

/// Thirty days of Bitcoin and four more from an empty start, into a ledger on disk. An hour of CPU: by hand, in
/// release; docs/signals.md has what it printed.
TEST(DemoSignals, DISABLED_ThirtyDaysLeaveAWholeLedger) {
    const storage::TemporaryDirectory folder("thirty-days");
    auto database = records::open_database({.path = (folder.path() / "records.db").string()});
    ASSERT_TRUE(database);
    auto repository = records::Repository::open(std::move(*database), kWarmMarketStart);
    ASSERT_TRUE(repository);
    config::Config config;
    config.market.top_symbols = 200;
    const demo::StreamParams market = quiet_market(4);
    SignalStory story;
    records::Batch batch;
    VirtualVenue* self = nullptr;
    VirtualVenue venue(engine_params(config), market, [&](const engine::Effect& effect) {
        if (const auto* scored = std::get_if<engine::Scored>(&effect)) note_minute(story, *scored->record);
        const auto* said = std::get_if<engine::Signalled>(&effect);
        if (said == nullptr) return;
        note_change(story, *said->change);
        batch.ledger.push_back(ledger_entry_of(*said->change, self->engine().instruments()[said->instrument], "demo",
                                               "00000000000000aa"));
    });
    self = &venue;
    venue.start();
    for (int day = 1; day <= 30; ++day) {
        venue.advance_to(market.start + std::chrono::hours{24} * day);
        ASSERT_TRUE(repository->append(batch));
        batch = {};
        std::printf("day %d: %.0f MB resident\n", day, api::process_use().resident_bytes / 1e6);
        print(story);
        std::fflush(stdout);
    }
    const auto check = records::check_ledger(repository->database(), "demo");
    ASSERT_TRUE(check);
    EXPECT_FALSE(check->broken_at);
    EXPECT_EQ(check->entries, story.entries.size());
    EXPECT_EQ(story.twice, 0U) << "a signal has one entry of each kind";
    EXPECT_GT(story.longs, 0U);
    EXPECT_GT(story.shorts, 0U);
    EXPECT_LT(api::process_use().resident_bytes / 1e6, 2'000);
}

}  // namespace vt::runtime
