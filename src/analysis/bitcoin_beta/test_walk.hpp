#pragma once

// For tests only: Bitcoin and one instrument as random walks, a mid a second, handed to the dimension.

#include "analysis/archive.hpp"
#include "analysis/bitcoin_beta/bitcoin_beta.hpp"
#include "base/math.hpp"
#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace vt::analysis::bitcoin_beta::test {

inline constexpr Timestamp kStart = from_ms(1'700'006'400'000);  // 2023-11-15 00:00 UTC

inline market::Instrument made_up_alt(std::uint32_t id = 1) {
    market::Instrument of;
    of.id = market::InstrumentId{id};
    of.symbol = "XYZUSDT";
    of.base = "XYZ";
    of.quote = of.settle = "USDT";
    of.tick_size = of.lot_size = {1, 2};
    return of;
}

struct WalkParams {
    double beta = 1.5;
    int lag_s = 0;
    double btc_bps = 0.65;             ///< a second
    double idio_bps = 0.8;             ///< a second
    double reversion_half_life_s = 0;  ///< of the own part; 0: it walks
    std::uint64_t seed = 1;
};

enum ComponentIndex : std::size_t { btc_pull, lead_lag_gap, residual_return, alpha_drift };

/// Seconds one after the other, from kStart on.
class Walk {
public:
    explicit Walk(const WalkParams& params)
        : params_(params), prng_(params.seed, "walk"), dimension(made_up_alt(), {}) {
        inputs.score = 60;
        inputs.coverage = 1;
    }
    void second() {
        u += std::chrono::seconds{1};
        draw();
        inputs.mid = has_bitcoin ? std::optional(60'000 * math::exp(bitcoin)) : std::nullopt;
        inputs.mid_age = has_bitcoin ? std::optional(Nanos{0}) : std::nullopt;
        const auto mid = has_own ? std::optional(20 * math::exp(own)) : std::nullopt;
        const Ages ages{.quote = has_own ? std::optional(Nanos{0}) : std::nullopt};
        dimension.evaluate(u, mid, ages, inputs, scratch);
    }
    /// The prices move, and nobody looks.
    void pass() {
        u += std::chrono::seconds{1};
        draw();
    }
    void run(int seconds) {
        for (int i = 0; i < seconds; ++i) second();
    }
    [[nodiscard]] const Component& component(std::size_t index) const { return dimension.score().components[index]; }
    [[nodiscard]] std::string saved() {
        std::string bytes;
        StateWriter writer(bytes);
        writer(dimension);
        return bytes;
    }

    Timestamp u = kStart;
    BitcoinInputs inputs;
    bool has_bitcoin = true;
    bool has_own = true;
    double bitcoin = 0, own = 0;  ///< log prices
    std::vector<float> scratch;

private:
    void draw() {
        const double step = prng_.normal() * params_.btc_bps * 1e-4;
        bitcoin += step;
        steps_.push_front(step);
        if (steps_.size() > static_cast<std::size_t>(params_.lag_s) + 1) steps_.pop_back();
        const double answer = steps_.size() > static_cast<std::size_t>(params_.lag_s) ? steps_.back() : 0;
        const double shock = prng_.normal() * params_.idio_bps * 1e-4;
        const double pull = params_.reversion_half_life_s > 0 ? math::exp2(-1 / params_.reversion_half_life_s) : 1;
        const double before = idio_;
        idio_ = pull * idio_ + shock;
        own += params_.beta * answer + idio_ - before;
    }
    WalkParams params_;
    Prng prng_;
    std::deque<double> steps_;
    double idio_ = 0;

public:
    BitcoinBeta dimension;
};

inline market::Candle candle(Timestamp open_time, Nanos interval, double log_return) {
    return {.open_time = open_time,
            .interval = interval,
            .open = 100,
            .high = 110,
            .low = 90,
            .close = 100 * math::exp(log_return),
            .is_closed = true};
}
/// Pairs of candles that end at kStart, with the given beta.
inline void hand_over_candles(Walk& walk, Nanos interval, int count, double beta, double noise = 1e-3) {
    Prng prng(17, "candles");
    for (int i = count; i > 0; --i) {
        const double x = prng.normal() * 2e-3;
        const double y = beta * x + prng.normal() * noise;
        const Timestamp open = kStart - interval * i;
        walk.dimension.on_candles(candle(open, interval, y), candle(open, interval, x), walk.scratch);
    }
}

}  // namespace vt::analysis::bitcoin_beta::test
