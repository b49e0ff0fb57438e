// What the demo market raises, through everything between the venue's protocol and the ledger.

#include "runtime/engine_params.hpp"
#include "runtime/test_signal_story.hpp"
#include "runtime/virtual_venue.hpp"
#include "runtime/warm_state.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace vt::runtime {
namespace {

SignalStory story_of(int length_minutes) {
    config::Config config;
    config.market.top_symbols = 200;
    const WarmState warm = bundled_warm_state();
    demo::StreamParams market = *warm_market();
    market.truths_after = std::chrono::minutes{5};
    SignalStory story;
    VirtualVenue venue(engine_params(config), market, [&](const engine::Effect& effect) { story.note(effect); });
    venue.start(warm.state, market.start - warm.end);
    venue.advance_to(market.start + std::chrono::minutes{length_minutes});
    return story;
}

}  // namespace

/// Half a day of the demo market from the warm state on. Minutes of CPU: by hand, in release; docs/signals.md has
/// what it printed.
TEST(DemoSignals, DISABLED_HalfADayRaisesSomeOfBothDirections) {
    const SignalStory story = story_of(720);
    story.print();
    EXPECT_GT(story.longs, 5U);
    EXPECT_GT(story.shorts, 5U);
    EXPECT_LT(story.longs + story.shorts, 12U * 10) << "ten an hour at most";
    EXPECT_EQ(story.twice, 0U) << "a signal has one entry of each kind";
    EXPECT_GE(story.changes.at("suppressed"), story.changes.at("raised")) << "gates hold back most";
    EXPECT_GE(story.changes.at("horizon_15m"), story.ended);
}

}  // namespace vt::runtime
