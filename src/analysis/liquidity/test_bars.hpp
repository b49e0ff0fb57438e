#pragma once

#include "base/prng.hpp"
#include "base/time.hpp"
#include "market/candle_series.hpp"
#include "market/event.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

namespace vt::analysis::liquidity::test {

inline const Timestamp kMonday = from_ms(1'700'438'400'000);  // 2023-11-20 00:00 UTC

/// The closed 5m candles of a price path: `path(step)` gives the price after each of `steps_per_bar` steps.
template <class Path>
std::vector<market::Candle> candles_5m(Timestamp start, std::size_t count, Path&& path, int steps_per_bar = 10) {
    std::vector<market::Candle> candles;
    double price = path();
    for (std::size_t i = 0; i < count; ++i) {
        market::Candle candle{.open_time = start + std::chrono::minutes{5} * static_cast<std::int64_t>(i),
                              .interval = std::chrono::minutes{5},
                              .open = price,
                              .high = price,
                              .low = price,
                              .volume_base = 1,
                              .is_closed = true};
        for (int step = 0; step < steps_per_bar; ++step) {
            price = path();
            candle.high = std::max(candle.high, price);
            candle.low = std::min(candle.low, price);
        }
        candle.close = price;
        candle.turnover_quote = price * candle.volume_base;
        candles.push_back(candle);
    }
    return candles;
}

/// A random walk with steps of `sd`, in quote currency.
inline std::vector<market::Candle> random_walk(std::uint64_t seed, std::size_t count, double start = 10'000,
                                               double sd = 2) {
    Prng prng(seed);
    double price = start;
    return candles_5m(kMonday, count, [&] { return price += sd * prng.normal(); });
}

/// The whole candles of `interval` that finer ones make.
inline std::vector<market::Candle> coarser(const std::vector<market::Candle>& fine, Nanos interval) {
    std::vector<market::Candle> coarse;
    for (const market::Candle& candle : fine) {
        const Timestamp open = floor_to(candle.open_time, interval);
        if (coarse.empty() || coarse.back().open_time != open) {
            coarse.push_back(candle);
            coarse.back().open_time = open;
            coarse.back().interval = interval;
        } else {
            market::extend(coarse.back(), candle);
        }
        coarse.back().is_closed = candle.open_time + candle.interval == open + interval;
    }
    if (!coarse.empty() && !coarse.back().is_closed) coarse.pop_back();
    return coarse;
}

/// All three sizes in the order in which a live feed would give them.
inline std::vector<market::Candle> in_live_order(const std::vector<market::Candle>& fine) {
    std::vector<market::Candle> all = fine;
    for (const Nanos interval : {Nanos{std::chrono::minutes{30}}, Nanos{std::chrono::hours{4}}}) {
        const auto coarse = coarser(fine, interval);
        all.insert(all.end(), coarse.begin(), coarse.end());
    }
    std::stable_sort(all.begin(), all.end(), [](const market::Candle& a, const market::Candle& b) {
        return a.open_time + a.interval < b.open_time + b.interval;
    });
    return all;
}

}  // namespace vt::analysis::liquidity::test
