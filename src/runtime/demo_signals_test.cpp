// What the demo market raises, through everything between the venue's protocol and the ledger.

#include "records/ledger.hpp"
#include "runtime/engine_params.hpp"
#include "runtime/virtual_venue.hpp"
#include "runtime/warm_state.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <string>

namespace vt::runtime {
namespace {

/// What was said of signals in so many hours from the warm state on.
struct SignalStory {
    std::map<std::string, std::size_t> changes;  ///< by kind
    std::map<std::string, std::size_t> held_by;  ///< by gate
    std::map<std::string, std::size_t> endings;
    std::size_t longs = 0, shorts = 0;
    std::set<std::string> ids;
    std::size_t twice = 0;  ///< entries that a signal already had
    double net_r = 0;
    std::size_t ended = 0;
    std::size_t minutes = 0, without_score = 0, beyond_15 = 0, beyond_20 = 0;  ///< score records of closed minutes
    double furthest = 0;                                                       ///< from 50
};

SignalStory story_of(int length_minutes) {
    config::Config config;
    config.market.top_symbols = 200;
    const WarmState warm = bundled_warm_state();
    demo::StreamParams market = *warm_market();
    market.truths_after = std::chrono::minutes{5};
    SignalStory story;
    std::set<std::string> entries;
    VirtualVenue venue(engine_params(config), market, [&](const engine::Effect& effect) {
        if (const auto* scored = std::get_if<engine::Scored>(&effect);
            scored != nullptr && scored->record->causes.has(confluence::Cause::minute)) {
            ++story.minutes;
            if (const auto& score = scored->record->score) {
                const double distance = std::abs(*score - 50);
                story.beyond_15 += distance >= 15;
                story.beyond_20 += distance >= 20;
                story.furthest = std::max(story.furthest, distance);
            } else {
                ++story.without_score;
            }
        }
        const auto* said = std::get_if<engine::Signalled>(&effect);
        if (said == nullptr) return;
        const signals::Signal& signal = said->change->signal;
        ++story.changes[std::string(signals::name(said->change->change))];
        if (!entries.insert(signal.id + std::string(signals::name(said->change->change))).second) ++story.twice;
        if (said->change->change == signals::Change::suppressed) ++story.held_by[signal.suppressed_by];
        if (said->change->change == signals::Change::raised)
            ++(signal.side == market::Side::buy ? story.longs : story.shorts);
        if (said->change->change == signals::Change::ended) {
            ++story.endings[std::string(signals::name(*signal.path.first_barrier))];
            story.net_r += signal.net_r().value();
            ++story.ended;
        }
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
    EXPECT_GE(story.changes.at("suppressed"), story.changes.at("raised"))
        << "gates hold back most";
    EXPECT_GE(story.changes.at("horizon_15m"), story.ended);
}

}  // namespace vt::runtime
