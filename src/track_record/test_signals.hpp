#pragma once

#include "base/prng.hpp"
#include "track_record/judged.hpp"

#include <cmath>
#include <string>
#include <vector>

namespace vt::track_record::test {

inline constexpr Timestamp kFirst = from_ms(1'700'000'000'000);
inline constexpr Nanos kHold = std::chrono::hours{2};

/// A market of signals with a known chance for each strength.
struct Market {
    int symbols = 1;
    Nanos step = std::chrono::hours{4};  ///< between signals of a symbol; of all symbols at the same time
    double agreement = 0;                ///< correlation of two symbols' outcomes
    double (*chance)(double strength) = [](double) { return 0.23; };
    const char* strategy = "confluence";
    Segment segment = Segment::live;
};

/// What a signal that meets its target, its stop, or neither gets, in R.
inline double result_of(Barrier barrier) {
    return barrier == Barrier::target ? 1.4 : barrier == Barrier::stop ? -1.1 : 0.0;
}

/// `steps` times a signal for each symbol: strength 70..95, sides by turns. Outcomes agree over symbols by a draw
/// that each takes with chance sqrt(agreement) instead of its own.
inline std::vector<Judged> signals_of(const Market& market, int steps, Prng& prng) {
    std::vector<Judged> all;
    const double follows = std::sqrt(market.agreement);
    for (int i = 0; i < steps; ++i) {
        const double common = prng.uniform();
        for (int s = 0; s < market.symbols; ++s) {
            Judged one;
            one.strategy = market.strategy;
            one.segment = market.segment;
            one.symbol = "S" + std::to_string(100 + s);
            one.confirmed_at = kFirst + i * market.step;
            one.ended_at = one.confirmed_at + kHold;
            one.side = (i + s) % 2 == 0 ? 1 : -1;
            const double strength = 70 + 25 * prng.uniform();
            one.score = one.side > 0 ? strength : 100 - strength;
            const double chance = market.chance(strength);
            const double own = prng.uniform();
            const double draw = prng.uniform() < follows ? common : own;
            const double rest = (draw - chance) / (1 - chance);
            one.barrier = draw < chance ? Barrier::target : rest < 0.53 ? Barrier::stop : Barrier::expired;
            one.net_r = result_of(one.barrier) + 0.2 * prng.normal();
            one.probability = chance;
            for (auto& outcome : one.horizons) {
                const double gross = (one.barrier == Barrier::target ? 40 : -15) + 10 * prng.normal();
                outcome.gross = Bps{gross};
                outcome.net = Bps{gross - 15};
            }
            all.push_back(std::move(one));
        }
    }
    return all;
}

}  // namespace vt::track_record::test
