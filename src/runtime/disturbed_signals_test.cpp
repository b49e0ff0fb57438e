// What the world does to signals that are open: a clock that is set, a market that ends, a hole over a barrier.

#include "demo/roster.hpp"
#include "engine/event_codec.hpp"
#include "runtime/engine_params.hpp"
#include "runtime/test_open_gates.hpp"
#include "runtime/virtual_venue.hpp"
#include "runtime/warm_state.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace vt::runtime {
namespace {

using namespace std::chrono_literals;

/// One thing that became known of a signal.
struct Known {
    signals::Change change;
    Timestamp at;
    signals::Signal signal;
};
using Story = std::vector<Known>;

void note(Story& story, const engine::Effect& effect) {
    if (const auto* said = std::get_if<engine::Signalled>(&effect))
        story.push_back({said->change->change, said->change->at, said->change->signal});
}

config::Config disturbed_configuration() {
    config::Config config = open_gates();
    config.market.backfill_bars = 60;
    return config;
}

demo::StreamParams disturbed_market() {
    return {.seed = 3, .start = kWarmMarketStart, .generated = demo::generated_symbols(4)};
}

/// Of those that were raised before `until`, what became known later: "id change at".
std::vector<std::string> later_of(const Story& story, Timestamp until) {
    std::set<std::string> raised;
    std::vector<std::string> lines;
    for (const Known& one : story) {
        if (one.change == signals::Change::raised && one.at < until) raised.insert(one.signal.id);
        if (one.change != signals::Change::raised && raised.contains(one.signal.id))
            lines.push_back(one.signal.id + " " + std::string(signals::name(one.change)) + " " +
                            std::to_string(to_ms(one.at)));
    }
    return lines;
}

std::set<std::string> open_at(const Story& story, const std::string& symbol_id) {
    std::set<std::string> open;
    for (const Known& one : story) {
        if (!one.signal.is_raised() || std::to_string(one.signal.instrument.value()) != symbol_id) continue;
        if (one.change == signals::Change::raised) open.insert(one.signal.id);
        if (one.change == signals::Change::ended) open.erase(one.signal.id);
    }
    return open;
}

/// The inputs of some minutes of market.
class RecordedMinutes {
public:
    explicit RecordedMinutes(Nanos length) {
        VirtualVenue venue(engine_params(disturbed_configuration()), disturbed_market(), {},
                           [&](const engine::Event& event) { engine::encode(event, inputs_.emplace_back()); });
        venue.start();
        venue.advance_to(kWarmMarketStart + length);
    }
    /// What an engine says whose clock is off by `off`, as it was at each instant.
    [[nodiscard]] Story story(const std::function<Nanos(Timestamp)>& off) const {
        engine::Engine engine(engine_params(disturbed_configuration()));
        Story story;
        std::vector<engine::Effect> effects;
        for (const std::string& bytes : inputs_) {
            auto event = engine::decode(bytes);
            EXPECT_TRUE(event);
            event->at += off(event->at);
            effects.clear();
            engine.step(*event, effects);
            for (const engine::Effect& effect : effects) note(story, effect);
        }
        return story;
    }

private:
    std::vector<std::string> inputs_;
};

}  // namespace

/// A machine's clock that is set by an hour, and set right four minutes later, ends no position and writes no horizon
/// that the market has not reached.
TEST(DisturbedSignals, AClockThatJumpsChangesNothingOfThoseThatAreOpen) {
    const RecordedMinutes minutes(20min);
    const Timestamp jump = kWarmMarketStart + 8min;
    const auto undisturbed = later_of(minutes.story([](Timestamp) { return Nanos{0}; }), jump);
    ASSERT_FALSE(undisturbed.empty()) << "something becomes known of those that are open";
    for (const Nanos by : {Nanos{1h}, Nanos{-1h}}) {
        const Story story =
            minutes.story([&](Timestamp at) { return at >= jump && at < jump + 4min ? by : Nanos{0}; });
        EXPECT_EQ(later_of(story, jump), undisturbed) << by / Nanos{1h} << " h";
    }
}

/// A coin that the venue takes off its lists ends what is open in it at its last price.
TEST(DisturbedSignals, AMarketThatEndsClosesWhatIsOpenInIt) {
    Story story;
    VirtualVenue venue(engine_params(disturbed_configuration()), disturbed_market(),
                       [&](const engine::Effect& effect) { note(story, effect); });
    venue.start();
    std::string symbol;
    std::set<std::string> open;
    for (Timestamp until = kWarmMarketStart + 4min; open.empty() && until < kWarmMarketStart + 30min; until += 1min) {
        venue.advance_to(until);
        for (const auto& each : venue.engine().symbols()) {
            if (each->instrument().is_bitcoin() || !open.empty()) continue;
            symbol = each->instrument().symbol;
            open = open_at(story, std::to_string(each->instrument().id.value()));
        }
    }
    ASSERT_FALSE(open.empty());
    const std::size_t before = story.size();
    venue.inject({.kind = demo::Fault::Kind::delist, .topic = symbol});
    venue.advance_to(venue.now() + 90min);
    std::set<std::string> delisted;
    for (std::size_t i = before; i < story.size(); ++i)
        if (story[i].signal.path.first_barrier == signals::Ending::delisted) delisted.insert(story[i].signal.id);
    for (const std::string& id : open) EXPECT_TRUE(delisted.contains(id)) << id << " of " << symbol;
}

/// Trades that are missing while the price crosses a barrier are had from the venue's candles: the end is the same
/// kind of end, and nothing is counted that nobody knows.
TEST(DisturbedSignals, AHoleIsFilledOrSaid) {
    Story story;
    VirtualVenue venue(engine_params(disturbed_configuration()), disturbed_market(),
                       [&](const engine::Effect& effect) { note(story, effect); });
    venue.start();
    venue.advance_to(kWarmMarketStart + 6min);
    const std::size_t before = story.size();
    ASSERT_TRUE(std::any_of(story.begin(), story.end(),
                            [](const Known& one) { return one.change == signals::Change::raised; }));
    venue.inject({.kind = demo::Fault::Kind::stall, .topic = "publicTrade.*", .duration = 3min});
    venue.inject({.kind = demo::Fault::Kind::restart, .duration = 90s});
    venue.advance_to(kWarmMarketStart + 40min);
    std::size_t ended = 0, gaps = 0;
    for (std::size_t i = before; i < story.size(); ++i) {
        if (story[i].change != signals::Change::ended) continue;
        ++ended;
        gaps += story[i].signal.path.has_gap;
        EXPECT_GE(*story[i].signal.path.ended_at, story[i].signal.entered_at);
    }
    std::printf("%zu ended, %zu of them with a part that was not seen\n", ended, gaps);
    for (const auto& each : venue.engine().symbols()) {
        for (const signals::Signal& one : each->signals().followed())
            EXPECT_FALSE(one.path.hole_since) << one.id << ": a hole is filled or said within ten minutes";
    }
}

}  // namespace vt::runtime
