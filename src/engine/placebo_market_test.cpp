// Placebos on the simulated market: what chance brings is neither a win nor a loss before costs, and the costs after
// them. This takes minutes and runs by hand (CONTRIBUTING.md); docs/track_record.md has the figures. The same on a
// market without any memory is a test of every day (signals/placebo_test.cpp).

#include "signals/symbol_signals.hpp"
#include "signals/test_signal.hpp"
#include "sim/market.hpp"
#include "statistics/effective_size.hpp"
#include "statistics/normal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace vt::engine {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Timestamp kSessionStart = from_ms(1'700'006'400'000);  // 2023-11-15 00:00 UTC
constexpr Nanos kExpiry = hours{2};

sim::Market market_of(std::size_t symbols) {
    sim::Params params;
    params.market.start = params.market.truths_start = kSessionStart;
    params.market.depths = {50};
    std::vector<sim::SymbolParams> all;
    for (std::size_t i = 0; i < symbols; ++i) {
        const std::string base = "P" + std::to_string(i);
        all.push_back({.symbol = base + "USDT",
                       .base = base,
                       .tick_size = {.mantissa = 1, .scale = 4},
                       .lot_size = {.mantissa = 1, .scale = 1},
                       .price = .8,
                       .activity = .6,
                       .size_scale = .1});
    }
    return {7, params, all};
}

/// A signal whose only trace is its placebo.
signals::Signal raised_before(std::size_t symbol, int number) {
    signals::Signal signal = signals::test_signal(number % 2 == 0 ? market::Side::buy : market::Side::sell);
    signal.id = "signal " + std::to_string(symbol) + " " + std::to_string(number);
    signal.confirmed_at = signal.entered_at = kSessionStart;
    signal.expires_at = kSessionStart + kExpiry;
    signal.path.ended_at = kSessionStart;
    signal.path.horizons.fill(signals::HorizonOutcome{});
    return signal;
}

/// The mean true range of the last 14 bars of 30 minutes.
double range_of(sim::SymbolMarket& market, Timestamp now) {
    const auto bars = market.tape().candles(minutes{30}, floor_to(now, minutes{30}) - minutes{30} * 15, now, 15);
    double sum = 0;
    for (std::size_t i = 1; i < bars.size(); ++i)
        sum += std::max(bars[i].high, bars[i - 1].close) - std::min(bars[i].low, bars[i - 1].close);
    return sum / static_cast<double>(bars.size() - 1);
}

struct PlaceboRecord {
    std::vector<double> gross_bps, net_r;
    std::vector<statistics::Life> lives;
    int targets = 0, stops = 0;
};

/// Of so many symbols and hours; each symbol has 256 placebos a day, drawn by the core.
PlaceboRecord placebo_record(std::size_t symbols, int length_hours) {
    constexpr int kDesks = 4;
    sim::Market market = market_of(symbols);
    const signals::Params params;
    std::vector<std::vector<signals::SymbolSignals>> desks(market.size());
    for (std::size_t i = 0; i < market.size(); ++i) {
        for (int desk = 0; desk < kDesks; ++desk) {
            desks[i].emplace_back(params);
            for (int n = 0; n < static_cast<int>(signals::SymbolSignals::kPlannedMax); ++n)
                desks[i].back().resume(raised_before(i, desk * 1000 + n));
        }
    }
    PlaceboRecord record;
    const Timestamp until = kSessionStart + hours{length_hours};
    while (market.now() < until) {
        const Timestamp second = market.now() + seconds{1};
        market.advance(second, [&](const market::Event& event) {
            const auto* trade = std::get_if<market::Trade>(&event.body);
            if (trade == nullptr) return;
            const std::size_t i = event.instrument.value();
            for (auto& desk : desks[i])
                desk.on_trade(event.exchange_time, market.instruments()[i].price(trade->price));
        });
        for (std::size_t i = 0; i < market.size(); ++i) {
            for (auto& desk : desks[i]) {
                desk.on_second({.at = second, .are_trades_live = true}, std::nullopt, std::nullopt);
                if (floor_to(second, minutes{1}) == second && desk.has_placebo_due(second)) {
                    const auto& instrument = market.instruments()[i];
                    const auto bid = market[i].book().best(market::Side::buy);
                    const auto ask = market[i].book().best(market::Side::sell);
                    const double mid = (instrument.price(bid->price) + instrument.price(ask->price)) / 2;
                    const double half = 1e4 * (instrument.price(ask->price) / mid - 1);
                    confluence::ScoreRecord score;
                    score.at = second;
                    const signals::EntryFacts entry{.mid = mid,
                                                    .quote_at = second,
                                                    .atr = range_of(market[i], second),
                                                    .slippage_bps = {half, half},
                                                    .tick = instrument.tick()};
                    const std::array<bool, 2> may_enter{true, true};
                    desk.enter_placebos({.record = score,
                                         .may_enter = may_enter,
                                         .sides = signals::levels_of_sides(entry, params),
                                         .entry = entry},
                                        instrument);
                }
                for (const signals::SignalChange& change : desk.take_changes()) {
                    if (change.change != signals::Change::ended) continue;
                    const signals::Signal& ended = change.signal;
                    if (ended.entered_at > until - kExpiry) continue;  // only quick ends would be in
                    record.gross_bps.push_back(ended.path.gross_bps);
                    record.net_r.push_back(ended.net_r().value());
                    record.lives.push_back({to_ns(ended.entered_at), to_ns(*ended.path.ended_at) + 1,
                                            static_cast<std::uint32_t>(i)});
                    record.targets += *ended.path.first_barrier == signals::Ending::target;
                    record.stops += *ended.path.first_barrier == signals::Ending::stop;
                }
            }
        }
    }
    return record;
}

struct MeanTest {
    double mean = 0, error = 0, effective = 0;
};

MeanTest mean_of(const std::vector<double>& values, const std::vector<statistics::Life>& lives) {
    std::vector<double> weights(values.size());
    statistics::uniqueness(lives, .3, weights);
    MeanTest found{.effective = statistics::effective_size(weights)};
    double squares = 0;
    for (std::size_t i = 0; i < values.size(); ++i) found.mean += weights[i] * values[i] / found.effective;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double off = values[i] - found.mean;
        squares += weights[i] * off * off / found.effective;
    }
    found.error = std::sqrt(squares / (found.effective - 1));
    return found;
}

void judge_placebos(const PlaceboRecord& record, std::size_t least) {
    ASSERT_GE(record.gross_bps.size(), least);
    const MeanTest gross = mean_of(record.gross_bps, record.lives), net = mean_of(record.net_r, record.lives);
    const double p_gross = 2 * statistics::normal_cdf(-std::abs(gross.mean / gross.error));
    const double p_profit = statistics::normal_cdf(-net.mean / net.error);
    std::printf("%zu placebos, %.0f effective: gross %+.2f bps (error %.2f, p of 0 %.2f), net %+.3f R (error %.3f, "
                "p of a profit %.3f); target %.3f, stop %.3f\n",
                record.gross_bps.size(), gross.effective, gross.mean, gross.error, p_gross, net.mean, net.error,
                p_profit, static_cast<double>(record.targets) / static_cast<double>(record.gross_bps.size()),
                static_cast<double>(record.stops) / static_cast<double>(record.gross_bps.size()));
    EXPECT_GT(p_gross, .01) << "before costs chance brings nothing";
    EXPECT_GT(p_profit, .05) << "after them it makes no money";
}

TEST(PlaceboMarket, DISABLED_PlacebosShowNoEdge) { judge_placebos(placebo_record(3, 5), 60); }
TEST(PlaceboMarket, DISABLED_PlacebosShowNoEdgeInADay) { judge_placebos(placebo_record(12, 26), 2000); }

}  // namespace
}  // namespace vt::engine
