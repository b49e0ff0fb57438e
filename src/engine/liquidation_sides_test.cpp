// Each venue words a liquidation in its own way: the same cascade of longs, as either writes it, says the same.

#include "engine/symbol.hpp"
#include "exchange/binance/codec.hpp"
#include "exchange/bybit/codec.hpp"
#include "market/instrument_directory.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>

namespace vt::engine {
namespace {

using market::Venue;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Timestamp kStart = from_ms(1'700'000'000'000);

struct Venues {
    market::InstrumentDirectory directory;
    exchange::bybit::Codec bybit;
    exchange::binance::Codec binance;

    const market::Instrument& list(Venue venue) {
        market::Instrument one;
        one.venue = venue;
        one.symbol = "BTCUSDT";
        one.base = "BTC";
        one.quote = one.settle = "USDT";
        one.tick_size = {1, 1};
        one.lot_size = {1, 3};
        return directory[directory.list(one)];
    }
    /// The side as Bybit's allLiquidation or Binance's forceOrder writes it.
    market::Event read(const market::Instrument& instrument, bool is_long, Timestamp at) {
        const std::string time = std::to_string(to_ms(at));
        if (instrument.venue == Venue::bybit) {
            const std::string frame = R"({"topic":"allLiquidation.BTCUSDT","type":"snapshot","ts":)" + time +
                                      R"(,"data":[{"T":)" + time + R"(,"s":"BTCUSDT","S":")" +
                                      (is_long ? "Buy" : "Sell") + R"(","v":"0.500","p":"60000.0"}]})";
            exchange::Output out;
            (void)bybit.decode(frame, directory, {.received = at, .source_sequence = 1}, out);
            EXPECT_EQ(out.events.size(), 1U);
            return out.events.at(0);
        }
        const std::string frame =
            R"({"e":"forceOrder","E":)" + time + R"(,"o":{"s":"BTCUSDT","S":")" + (is_long ? "SELL" : "BUY") +
            R"(","o":"LIMIT","f":"IOC","q":"0.500","p":"60000.0","ap":"60000.0","X":"FILLED","l":"0.500","z":"0.500","T":)" +
            time + "}}";
        const auto message = binance.decode(frame, market::Category::linear, directory);
        EXPECT_TRUE(message) << message.error().what;
        return {instrument.id, at, at, 1, message->liquidation};
    }
};

/// Two hours of a live stream without liquidations, then 40 longs and 2 shorts.
analysis::Leaf after_a_cascade(Venue venue) {
    Venues venues;
    const market::Instrument& instrument = venues.list(venue);
    Symbol symbol(instrument, confluence::Params{});
    Timestamp u = kStart;
    const auto evaluate = [&] {
        u += seconds{1};
        return symbol.analysis().evaluate(
            u, symbol.state().book(),
            {.trades_connection_age = milliseconds{10}, .liquidations_connection_age = milliseconds{10}});
    };
    while (u < kStart + hours{2}) (void)evaluate();
    for (int i = 0; i < 42; ++i) (void)symbol.apply(venues.read(instrument, i % 20 != 19, u + milliseconds{10 * i}));
    const analysis::Evaluation evaluation = evaluate();
    for (const analysis::Component& component : evaluation[analysis::Dimension::sentiment].components) {
        if (component.name == "liquidation_imbalance") return component.leaves.front();
    }
    ADD_FAILURE() << "no such component";
    return {};
}

TEST(LiquidationSides, BothVenuesWordingOfTheSameCascadeSaysThatLongsFell) {
    for (const Venue venue : {Venue::bybit, Venue::binance}) {
        const analysis::Leaf leaf = after_a_cascade(venue);
        ASSERT_TRUE(leaf.value) << market::name(venue);
        EXPECT_LT(*leaf.value, -.8) << market::name(venue);
        EXPECT_NEAR(*leaf.value, (2.0 - 40) / 42, 1e-3) << market::name(venue);
        EXPECT_EQ(leaf.events, 42U);
        EXPECT_EQ(leaf.flags.has(analysis::Flag::censored), venue == Venue::binance);
    }
}

}  // namespace
}  // namespace vt::engine
