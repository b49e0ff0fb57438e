#include "engine/effect.hpp"

#include "base/digest.hpp"

#include <gtest/gtest.h>

#include <set>

namespace vt::engine {
namespace {

market::InstrumentDirectory one_instrument() {
    market::InstrumentDirectory directory;
    (void)directory.list({.symbol = "BTCUSDT",
                          .base = "BTC",
                          .quote = "USDT",
                          .settle = "USDT",
                          .tick_size = {1, 1},
                          .lot_size = {1, 3}});
    return directory;
}

std::string line(const Effect& effect) {
    JsonWriter out;
    write_effect(out, effect, one_instrument());
    return out.take();
}

confluence::ScoreRecord record(double contribution) {
    confluence::ScoreRecord made;
    made.at = from_ms(60'000);
    made.parts[0].contribution = contribution;
    made.sum = 50 + contribution;
    return made;
}

}  // namespace

TEST(Effect, EveryKindHasItsOwnLine) {
    const std::vector<Effect> effects = {
        exchange::Connect{.path = "/v5"},
        exchange::Disconnect{.reason = "silent"},
        exchange::SendText{.text = "{}"},
        exchange::HttpGet{.target = "/v5/market/time"},
        exchange::Listed{one_instrument()[market::InstrumentId{}]},
        exchange::StreamChanged{.reason = "speaks"},
        exchange::Rejected{.source = "a", .what = "b"},
        InputsLost{3},
        Scored{.record = std::make_shared<const confluence::ScoreRecord>(record(1))},
        MinuteClosed{.features = std::make_shared<const analysis::MinuteFeatures>()},
        Signalled{.change = std::make_shared<const signals::SignalChange>()},
        Traded{.step = std::make_shared<const TradingStep>()},
        TradingAnswered{.number = 7, .mode = risk::Mode::halted},
        Noticed{std::make_shared<const alerts::Occurrence>()},
    };
    std::set<std::size_t> kinds;
    std::set<std::string> lines;
    for (const Effect& effect : effects) {
        kinds.insert(effect.index());
        lines.insert(line(effect));
    }
    EXPECT_EQ(kinds.size(), std::variant_size_v<Effect>) << "an effect kind has no test";
    EXPECT_EQ(lines.size(), effects.size());
}

TEST(Effect, OneChangedDigitChangesTheLineAndTheDigest) {
    const auto digest = [](const Effect& effect) {
        Digest of;
        of.update(line(effect));
        return of.hex();
    };
    const auto scored = [](double contribution) {
        return Scored{.record = std::make_shared<const confluence::ScoreRecord>(record(contribution))};
    };
    EXPECT_EQ(digest(scored(1.5)), digest(scored(1.5)));
    EXPECT_NE(digest(scored(1.5)), digest(scored(1.5000000000000002))) << "the last bit of a double";
    EXPECT_NE(digest(exchange::HttpGet{.not_before = from_ns(1)}),
              digest(exchange::HttpGet{.not_before = from_ns(2)}));
    EXPECT_NE(digest(InputsLost{1}), digest(InputsLost{2}));
}

}  // namespace vt::engine
