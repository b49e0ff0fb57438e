#pragma once

// For tests only: one symbol of the simulated market, with a planted truth, handed to a SymbolAnalysis as the engine
// does.

#include "analysis/symbol_analysis.hpp"
#include "analysis/test_planted_market.hpp"
#include "market/order_book.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <variant>

namespace vt::analysis::test {

/// The market of a factor and one symbol; only the symbol is analysed.
class Simulation : public PlantedMarket {
public:
    Simulation(sim::Truth truth, Nanos warm, std::uint64_t seed = 4,
               const sim::SymbolParams& symbol_params = simulated_symbol())
        : PlantedMarket({.truth = truth, .warm = warm, .seed = seed, .symbol = symbol_params, .depths = {50}}),
          analysis(instrument(), {.book_flags = {}}) {
        hand_over_history();
    }

    /// Runs to so many minutes after the truths' start.
    void to(double minute) {
        simulated.advance(at_minute(minute), [this](const market::Event& event) {
            if (event.instrument == instrument().id) take(event);
        });
    }

    std::function<void(const Evaluation&)> on_evaluation;

private:
    static constexpr std::array<Nanos, 3> kBars{std::chrono::minutes{5}, std::chrono::minutes{30},
                                                std::chrono::hours{4}};
    void hand_over_history() {
        for (const Nanos interval : kBars) {
            for (const auto& candle : candles(1, interval, kFrom - interval * 300, kFrom)) analysis.on_candle(candle);
        }
    }
    void close_bars(Timestamp u) {
        for (const Nanos interval : kBars) {
            if (floor_to(u, interval) != u) continue;
            for (const auto& candle : candles(1, interval, u - interval, u)) analysis.on_candle(candle);
        }
    }
    void reach(Timestamp watermark) {
        constexpr Nanos kSecond = std::chrono::seconds{1};
        if (!next_) next_ = floor_to(watermark, kSecond) + kSecond;
        for (; *next_ + kSecond <= watermark; *next_ += kSecond) {
            close_bars(*next_);
            const Evaluation evaluation = analysis.evaluate(*next_, book_, {.trades_connection_age = Nanos{0}});
            if (on_evaluation) on_evaluation(evaluation);
        }
    }
    void take(const market::Event& event) {
        reach(event.exchange_time);
        if (const auto* trade = std::get_if<market::Trade>(&event.body)) {
            analysis.on_print(print_of(*trade, instrument(), event.exchange_time, event.source_sequence));
        } else if (const auto* update = std::get_if<market::BookUpdate>(&event.body)) {
            if (update->depth != 50) return;
            analysis.before_book(event.exchange_time, book_);
            const auto result = book_.apply(*update);
            if (result == market::ApplyResult::applied) {
                analysis.on_book({.time = event.exchange_time,
                                  .book = book_,
                                  .instrument = instrument(),
                                  .source_sequence = event.source_sequence});
            } else if (result != market::ApplyResult::ignored) {
                analysis.on_book_invalid(event.exchange_time);
            }
        } else if (const auto* ticker = std::get_if<market::Ticker>(&event.body)) {
            analysis.on_ticker(*ticker, event.exchange_time, event.source_sequence);
        }
    }

public:
    SymbolAnalysis analysis;

private:
    market::OrderBook book_{8192};
    std::optional<Timestamp> next_;
};

}  // namespace vt::analysis::test
