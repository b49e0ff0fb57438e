#include "engine/signal_watch.hpp"

#include "engine/test_listed.hpp"
#include "signals/signal_codec.hpp"
#include "signals/test_signal.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

namespace vt::engine {
namespace {

using namespace std::chrono_literals;
using market::Side;

std::unique_ptr<Symbol> symbol(std::uint32_t id, const std::string& base) {
    return std::make_unique<Symbol>(listed_perpetual(id, base), confluence::Params{});
}

/// Returns that follow sin(phase i), minute by minute.
void move(Symbol& of, double phase, std::size_t count, std::size_t first = 0) {
    for (std::size_t i = 0; i < count; ++i) {
        analysis::MinuteFeatures minute;
        minute.start = signals::kEntered + static_cast<std::int64_t>(i + first) * Nanos{1min};
        minute.ret_mid_bps_1m = std::sin(phase * static_cast<double>(i + first));
        of.keep_minute(std::make_shared<const analysis::MinuteFeatures>(minute));
    }
}

TEST(SignalWatch, MarketsThatMoveAlikeAreCorrelated) {
    const auto one = symbol(0, "AAA"), same = symbol(1, "BBB"), other = symbol(2, "CCC"), late = symbol(3, "DDD");
    move(*one, 1.7, 60);
    move(*same, 1.7, 60);
    move(*other, .9, 60);
    move(*late, 1.7, 29, 31);
    EXPECT_NEAR(minute_correlation(*one, *same).value(), 1, 1e-12);
    EXPECT_LT(std::abs(minute_correlation(*one, *other).value()), .3);
    EXPECT_FALSE(minute_correlation(*one, *late)) << "29 common minutes are too few to say";
    const auto still = symbol(4, "EEE");
    EXPECT_FALSE(minute_correlation(*one, *still));
}

TEST(SignalWatch, ASignalOfAnEarlierRunWaitsForItsInstrument) {
    SignalWatch watch{signals::Params{}};
    std::vector<std::unique_ptr<Symbol>> all;
    watch.resume("bybit-linear-AAAUSDT", signals::test_signal(), all);
    all.push_back(symbol(5, "AAA"));
    watch.on_listed(*all[0]);
    ASSERT_EQ(all[0]->signals().followed().size(), 1U);
    EXPECT_EQ(all[0]->signals().followed()[0].instrument, market::InstrumentId{5}) << "numbers are of one run only";
    watch.on_listed(*all[0]);
    EXPECT_EQ(all[0]->signals().followed().size(), 1U) << "once";
    watch.resume("bybit-linear-AAAUSDT", signals::test_signal(Side::sell), all);
    EXPECT_EQ(all[0]->signals().followed().size(), 2U) << "listed already";
}

/// A trade that reaches the stop is told with the next second.
TEST(SignalWatch, WhatATradeChangedIsSaidWithTheSecond) {
    SignalWatch watch{signals::Params{}};
    std::vector<std::unique_ptr<Symbol>> all;
    all.push_back(symbol(0, "AAA"));
    all[0]->stream_states.fill(exchange::StreamState::live);
    signals::Signal signal = signals::test_signal();
    watch.resume("bybit-linear-AAAUSDT", signal, all);
    std::vector<Effect> effects;
    // Everything since the earlier run is a hole; nobody fills it, and after ten minutes the next trade decides.
    const Timestamp second = floor_to(signals::kEntered, 1min) + 1min + 1s;
    watch.on_second(*all[0], second, second, all, effects);
    watch.on_second(*all[0], second + signals::kHoleWait, second + signals::kHoleWait, all, effects);
    EXPECT_TRUE(effects.empty());
    const market::Event trade{.instrument = market::InstrumentId{0},
                              .exchange_time = second + signals::kHoleWait + 500ms,
                              .receive_time = second + signals::kHoleWait + 600ms,
                              .body = market::Trade{.id = {0, 1}, .price = Ticks{9890}, .quantity = Lots{1}}};
    (void)all[0]->apply(trade);
    watch.on_second(*all[0], second + signals::kHoleWait + 1s, second + signals::kHoleWait + 1s, all, effects);
    ASSERT_EQ(effects.size(), 1U);
    const auto& change = *std::get<Signalled>(effects[0]).change;
    EXPECT_EQ(change.change, signals::Change::ended);
    EXPECT_EQ(change.signal.path.first_barrier, signals::Ending::stop);
    EXPECT_TRUE(change.signal.path.has_gap);
    EXPECT_EQ(change.at, trade.exchange_time) << "when it happened, not when it was said";
}

TEST(SignalWatch, EachStrategySaysWhyItFindsNothing) {
    alpha::Params strategies;
    strategies.mode(alpha::Strategy::beta_shift) = alpha::Mode::off;
    SignalWatch watch{signals::Params{}, strategies};
    std::vector<std::unique_ptr<Symbol>> all;
    all.push_back(symbol(0, "BTC"));
    all.push_back(symbol(1, "AAA"));
    std::vector<Effect> effects;
    const Timestamp minute = floor_to(signals::kEntered, 1min) + 1min;
    watch.on_second(*all[1], minute + 1s, minute + 1s, all, effects);
    EXPECT_EQ(all[1]->strategies, nullptr) << "no minute was closed";
    for (const auto& each : all) {
        watch.on_second(*each, minute + 1min, minute + 1min, all, effects);
        ASSERT_NE(each->strategies, nullptr);
        ASSERT_EQ(each->strategies->size(), alpha::kStrategyCount - 1) << "one is off";
        for (const alpha::Judgement& judged : *each->strategies) {
            EXPECT_NE(judged.verdict.strategy, alpha::Strategy::beta_shift);
            EXPECT_FALSE(judged.verdict.finding);
            const signals::Gate* held = signals::holding_gate(judged.gates);
            ASSERT_NE(held, nullptr);
            EXPECT_FALSE(held->unit.empty());
            EXPECT_EQ(held->name == "applies", each->instrument().is_bitcoin()) << held->name;
        }
    }
    EXPECT_TRUE(effects.empty());
}

track_record::StrategyEdge known_edge() {
    return {.strategy = std::string(signals::kConfluence),
            .effective = 400,
            .bins = {{.from = 60, .effective = 250, .probability = .2, .low_net_r = -.3},
                     {.from = 66, .effective = 150, .probability = .4, .low_net_r = .05}},
            .symbols = {{.symbol = "bybit-linear-AAAUSDT", .shift = .5}}};
}

TEST(SignalWatch, WhatBecameOfEarlierSignalsIsKnownToEveryMarket) {
    SignalWatch watch{signals::Params{}};
    std::vector<std::unique_ptr<Symbol>> all;
    all.push_back(symbol(0, "AAA"));
    EXPECT_FALSE(edge_at(*all[0], signals::kConfluence, 67, Side::buy).edge) << "nothing was said yet";
    watch.know({known_edge()}, all);
    all.push_back(symbol(1, "BBB"));
    watch.on_listed(*all[1]);
    for (const auto& one : all) {
        const auto edge = edge_at(*one, signals::kConfluence, 67, Side::buy).edge.value();
        EXPECT_EQ(edge.effective, 150);
        EXPECT_EQ(edge.low_net_r, .05);
        EXPECT_EQ(edge_at(*one, signals::kConfluence, 33, Side::sell).edge.value().effective, 150) << "mirrored";
        EXPECT_FALSE(edge_at(*one, signals::kConfluence, 33, Side::buy).edge) << "of such strength nothing is known";
        EXPECT_FALSE(edge_at(*one, "lead_lag", 67, Side::buy).edge) << "each strategy has its own";
    }
    EXPECT_GT(edge_at(*all[0], signals::kConfluence, 67, Side::buy).edge->probability.value(), .4) << "its own rate";
    EXPECT_EQ(edge_at(*all[1], signals::kConfluence, 67, Side::buy).edge->probability, .4);
    watch.know({}, all);
    EXPECT_FALSE(edge_at(*all[0], signals::kConfluence, 67, Side::buy).edge) << "what was known before is gone";
}

TEST(SignalWatch, AnAlarmHoldsBackEveryStrengthOfItsStrategy) {
    SignalWatch watch{signals::Params{}};
    std::vector<std::unique_ptr<Symbol>> all;
    all.push_back(symbol(0, "AAA"));
    auto edge = known_edge();
    edge.decay = {.level = 6, .alarm = 10, .recovery = 5, .is_decayed = false};
    watch.know({edge}, all);
    EXPECT_FALSE(edge_at(*all[0], signals::kConfluence, 67, Side::buy).decay);
    edge.decay.is_decayed = true;
    watch.know({edge}, all);
    for (const double score : {55., 67.}) {
        const auto decay = edge_at(*all[0], signals::kConfluence, score, Side::buy).decay;
        ASSERT_TRUE(decay) << score;
        EXPECT_EQ(decay->level, 6);
        EXPECT_EQ(decay->recovery, 5);
    }
    EXPECT_FALSE(edge_at(*all[0], "lead_lag", 67, Side::buy).decay);
}

}  // namespace
}  // namespace vt::engine
