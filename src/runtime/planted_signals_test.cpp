// What is planted in a symbol of the demo market raises the signal that it should, from the warm state on and through
// everything between the venue's protocol and the ledger; the same market without it raises none.

#include "runtime/engine_params.hpp"
#include "runtime/virtual_venue.hpp"
#include "runtime/warm_state.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace vt::runtime {
namespace {

using namespace std::chrono_literals;

/// A truth planted in one of the generator's symbols; Bitcoin is followed beside it.
struct Episode {
    std::string symbol;
    sim::Truth truth = sim::Truth::none;
    std::chrono::minutes begun{0};  ///< how far the truth's own time is when the session starts
    std::chrono::minutes length{0};
    std::vector<std::pair<Nanos, demo::Fault>> faults = {};  ///< with how far into the session, in order
};

/// Signals that were raised: "confluence long at 10 min".
struct Raised {
    std::vector<std::string> signals;
    std::optional<double> furthest_score;  ///< from 50; absent: no score was made
    std::vector<std::string> without_levels;
    std::vector<signals::SignalChange> changes;  ///< of those
    int holes_seen = 0;                          ///< in an open one, half a minute behind a fault
};

Raised raised_in(const Episode& episode) {
    demo::StreamParams market = *warm_market();
    std::erase_if(market.generated, [&](const sim::SymbolParams& one) { return one.symbol != episode.symbol; });
    market.generated.at(0) = sim::with_truth(market.generated.at(0), episode.truth);
    market.truths_after = -Nanos{episode.begun};
    config::Config config;
    config.market.symbols = {"BTCUSDT", episode.symbol};
    config.market.deep_symbols.clear();
    config.signals.score_max = 60;  // a thousand minutes, of which the level follows, are not there yet
    engine::Params params = engine_params(config);
    params.alpha.modes.fill(alpha::Mode::off);
    Raised raised;
    VirtualVenue venue(params, market, [&](const engine::Effect& effect) {
        if (const auto* scored = std::get_if<engine::Scored>(&effect)) {
            const std::optional<double>& score = scored->record->score;
            std::optional<double>& furthest = raised.furthest_score;
            if (score && (!furthest || std::abs(*score - 50) > std::abs(*furthest - 50))) furthest = score;
        }
        const auto* said = std::get_if<engine::Signalled>(&effect);
        if (said == nullptr || !said->change->signal.is_raised()) return;
        raised.changes.push_back(*said->change);
        if (said->change->change != signals::Change::raised) return;
        const signals::Signal& signal = said->change->signal;
        const auto minute =
            std::chrono::duration_cast<std::chrono::minutes>(signal.confirmed_at - market.start).count();
        raised.signals.push_back(signal.strategy + " " + std::string(signals::direction_name(signal.side)) + " at " +
                                 std::to_string(minute) + " min");
        if (!signal.levels) raised.without_levels.push_back(signal.id);
    });
    const WarmState warm = bundled_warm_state();
    venue.start(warm.state, market.start - warm.end);
    for (const auto& [after, fault] : episode.faults) {
        venue.advance_to(market.start + after);
        venue.inject(fault);
        venue.advance_to(market.start + after + 30s);
        for (const auto& symbol : venue.engine().symbols()) {
            for (const signals::Signal& signal : symbol->signals().followed())
                raised.holes_seen += signal.is_raised() && signal.path.hole_since.has_value();
        }
    }
    venue.advance_to(market.start + episode.length);
    return raised;
}

}  // namespace

/// Buyers are 30 points more likely from the second minute on, and move the price.
TEST(PlantedSignals, OneSidedFlowRaisesALongWithinEightMinutes) {
    const Episode flow{.symbol = "XRPUSDT", .truth = sim::Truth::flow, .begun = 18min, .length = 12min};
    Episode control = flow;
    control.truth = sim::Truth::none;
    const Raised with = raised_in(flow), without = raised_in(control);
    EXPECT_EQ(with.signals, std::vector<std::string>{"confluence long at 10 min"});
    EXPECT_EQ(with.without_levels, std::vector<std::string>{});
    EXPECT_EQ(without.signals, std::vector<std::string>{});
    ASSERT_TRUE(without.furthest_score.has_value()) << "and it is scored";
    EXPECT_LT(std::abs(*without.furthest_score - 50), 10);
}

/// While a signal is open the venue cannot be reached for a minute and a half, then the coin is taken off the market.
TEST(PlantedSignals, AHoleChangesNothingOfAnOpenSignalAndADelistingEndsIt) {
    using Kind = demo::Fault::Kind;
    Episode calm{.symbol = "XRPUSDT", .truth = sim::Truth::flow, .begun = 18min, .length = 17min};
    calm.faults = {{14min, {.kind = Kind::delist, .topic = "XRPUSDT"}}};
    Episode rough = calm;
    rough.faults.insert(rough.faults.begin(), {630s, {.kind = Kind::restart, .duration = 100s}});
    const Raised of_calm = raised_in(calm), of_rough = raised_in(rough);
    EXPECT_EQ(of_calm.holes_seen, 0);
    EXPECT_EQ(of_rough.holes_seen, 1);
    ASSERT_EQ(of_calm.signals, std::vector<std::string>{"confluence long at 10 min"});
    ASSERT_EQ(of_rough.signals, of_calm.signals);
    ASSERT_EQ(of_calm.changes.back().change, signals::Change::ended);
    ASSERT_EQ(of_rough.changes.back().change, signals::Change::ended);
    ASSERT_EQ(of_rough.changes.size(), of_calm.changes.size());
    const signals::Path& path = of_rough.changes.back().signal.path;
    const signals::Path& same = of_calm.changes.back().signal.path;
    EXPECT_EQ(path.first_barrier, signals::Ending::delisted);
    EXPECT_EQ(same.first_barrier, signals::Ending::delisted);
    EXPECT_FALSE(path.has_gap) << "the hole was filled from the venue's minutes";
    EXPECT_EQ(path.mfe_bps, same.mfe_bps);
    EXPECT_EQ(path.mae_bps, same.mae_bps);
    EXPECT_EQ(path.gross_bps, same.gross_bps);
}

}  // namespace vt::runtime
