#pragma once

#include "cards/chart.hpp"
#include "cards/fonts.hpp"
#include "cards/painter.hpp"
#include "cards/score_card.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

/// Cards and charts for tests and benchmarks.
namespace vt::cards {

/// One painter for all tests of a program.
inline Painter& test_painter() {
    static Painter painter = *Painter::make();
    return painter;
}

inline alerts::Alert sample_alert() {
    alerts::Alert alert;
    alert.id = "3f9a0c27d1e84b56a0c1d2e3f4a5b6c7";
    alert.kind = alerts::Kind::signal;
    alert.severity = alerts::Severity::high;
    alert.symbol = "BTC/USDT";
    alert.at = from_ms(1'795'521'802'000);
    alert.title = "Long signal: score above 68";
    alert.figures = {
        {"Spread", "0.1 bps"}, {"Funding", "+0.0100%"}, {"Change 24 h", "+2.31%"}, {"Turnover 24 h", "$14.3B"}};
    alert.score = alerts::ScoreFigures{.score = 71.34,
                                       .coverage = 0.92,
                                       .confidence = 0.64,
                                       .direction = "long",
                                       .sides = {{"Order flow", 81.2, 9.36},
                                                 {"Sentiment", 54.0, 0.61},
                                                 {"Liquidity", 62.7, 2.5},
                                                 {"Bitcoin beta", {}, 0},
                                                 {"Smart money", 77.9, 6.1},
                                                 {"Machine learning", 41.2, -0.9}}};
    alert.levels = alerts::Levels{"97,412.3", "97,018.9", {"97,805.7", "98,199.1", "98,985.9"}};
    return alert;
}
inline ScoreCard sample_card() { return score_card(sample_alert(), Mode::demo, "Bybit perp", "97,412.3"); }

/// A seeded walk; seven intervals in it are without candles.
inline std::vector<market::Candle> sample_candles(int count, double price, double volatility, Nanos interval,
                                                  std::uint32_t seed = 7) {
    std::vector<market::Candle> candles;
    std::uint32_t state = seed;
    const auto uniform = [&] {
        state = state * 1'664'525U + 1'013'904'223U;
        return static_cast<double>(state >> 8) / 16'777'216.0;
    };
    const Timestamp first = floor_to(from_ms(1'795'521'802'000), interval) - interval * (count - 8);
    for (int index = 0; index < count; ++index) {
        market::Candle candle{.open_time = first + interval * index,
                              .interval = interval,
                              .open = price,
                              .high = price,
                              .low = price,
                              .close = price,
                              .is_closed = true};
        for (int step = 0; step < 20; ++step) {
            candle.close *= 1 + volatility * (uniform() + uniform() + uniform() - 1.5);
            candle.high = std::max(candle.high, candle.close);
            candle.low = std::min(candle.low, candle.close);
        }
        const double chance = uniform();
        candle.volume_base = 10 + 300 * chance * chance * chance;
        price = candle.close;
        if (index < 20 || index > 26) candles.push_back(candle);
    }
    return candles;
}

inline Chart sample_chart() {
    Chart chart{.mode = Mode::demo, .symbol = "BTC/USDT", .tick_size = 0.1, .interval = std::chrono::minutes{1}};
    chart.candles = sample_candles(90, 97'000, 0.00025, chart.interval);
    const double ratio = 97'412.3 / chart.candles.back().close;  // so that the walk ends at the alert's price
    for (market::Candle& candle : chart.candles)
        for (double* each : {&candle.open, &candle.high, &candle.low, &candle.close}) *each *= ratio;
    chart.last_price = chart.candles.back().close;
    chart.levels = *price_levels(*sample_alert().levels);
    chart.alert_at = sample_alert().at;
    return chart;
}

}  // namespace vt::cards
