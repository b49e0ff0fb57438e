#pragma once

// For tests only: Bitcoin and one symbol of the simulated market, with a planted truth, handed to the dimension as
// the engine does.

#include "analysis/bitcoin_beta/bitcoin_beta.hpp"
#include "sim/market.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace vt::analysis::bitcoin_beta::test {

/// A coin of middling size with ticks of a tenth of a basis point.
inline sim::SymbolParams simulated_symbol() {
    return {.symbol = "TRUEUSDT",
            .base = "TRUE",
            .tick_size = {.mantissa = 1, .scale = 5},
            .lot_size = {.mantissa = 10, .scale = 0},
            .price = .95,
            .activity = .35,
            .size_scale = .15};
}

/// The factor and one symbol. Truths count from `warm` after the start.
class Simulation {
public:
    Simulation(sim::Truth truth, Nanos warm, std::uint64_t seed, bool has_history = false)
        : truths_start(kFrom + warm),
          market_(seed, params(truths_start), {sim::with_truth(simulated_symbol(), truth)}),
          dimension(market_.instruments().back(), {}) {
        if (has_history) hand_over_history();
    }

    /// Runs to so many minutes after the truths' start.
    void to(double minute) {
        const Timestamp end = truths_start + Nanos{static_cast<std::int64_t>(minute * 6e10)};
        while (market_.now() + kSecond <= end) {
            market_.advance(market_.now() + kSecond, {});
            const Timestamp u = market_.now();
            inputs.mid = mid(0);
            inputs.mid_age = Nanos{0};
            dimension.evaluate(u, mid(1), {.quote = Nanos{0}}, inputs, scratch_);
            if (on_second) on_second(u);
        }
    }
    [[nodiscard]] double minute_of(Timestamp at) const { return to_seconds(at - truths_start) / 60; }
    [[nodiscard]] const BetaEstimates& estimates(Frame frame) const {
        return dimension.estimates()[beta_index(frame)].value();
    }
    [[nodiscard]] const Leaf& leaf(std::size_t component, std::size_t leaf = 0) const {
        return dimension.score().components[component].leaves[leaf];
    }
    [[nodiscard]] double mid(std::size_t symbol) const {
        const sim::Book& book = market_[symbol].book();
        return static_cast<double>(
            (book.best(market::Side::buy)->price + book.best(market::Side::sell)->price).value());
    }

    std::function<void(Timestamp)> on_second;
    Timestamp truths_start;
    BitcoinInputs inputs;  ///< of each second; the mid is filled in

private:
    static constexpr Timestamp kFrom = from_ms(1'700'006'400'000);  // 2023-11-15 00:00 UTC

    static sim::Params params(Timestamp truths_start) {
        sim::Params params;
        params.market.start = kFrom;
        params.market.truths_start = truths_start;
        params.market.depths = {};
        return params;
    }
    void hand_over_history() {
        constexpr std::size_t kBars = 700;
        for (const BetaFrame& frame : kBetaFrames) {
            const Nanos interval = duration(frame.frame);
            const Timestamp from = kFrom - interval * static_cast<std::int64_t>(kBars);
            const auto bitcoin = market_[0].tape().candles(interval, from, kFrom, kBars);
            const auto own = market_[1].tape().candles(interval, from, kFrom, kBars);
            for (std::size_t i = 0; i < own.size() && i < bitcoin.size(); ++i) {
                market::Candle pair[] = {own[i], bitcoin[i]};
                for (market::Candle& candle : pair) candle.is_closed = true;
                dimension.on_candles(pair[0], pair[1], scratch_);
            }
        }
    }

    sim::Market market_;
    std::vector<float> scratch_;

public:
    BitcoinBeta dimension;
};

}  // namespace vt::analysis::bitcoin_beta::test
