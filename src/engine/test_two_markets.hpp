#pragma once

// For tests only: the simulated market through everything between the venue's protocol and its signals.

#include "engine/beta_cross_section.hpp"
#include "engine/occurrence_watch.hpp"
#include "engine/signal_watch.hpp"
#include "engine/symbol.hpp"
#include "sim/market.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace vt::engine::test {

inline constexpr Timestamp kStart = from_ms(1'700'006'400'000);  // 2023-11-15 00:00 UTC

/// Bitcoin and one symbol with a planted truth, evaluated each second as Engine does.
class TwoMarkets {
public:
    TwoMarkets(std::uint64_t seed, sim::Truth truth, const signals::Params& signal_params = {},
               const alpha::Params& strategies = {.modes = {}})
        : market_(seed, market_params(), {symbol_with(truth)}), watch_(signal_params, strategies) {
        for (market::Instrument instrument : market_.instruments()) {
            instrument.launched_at = kStart - std::chrono::hours{24 * 400};
            symbols_.push_back(std::make_unique<Symbol>(instrument, confluence::Params{}, signal_params));
            symbols_.back()->stream_states.fill(exchange::StreamState::live);
        }
        for (std::size_t i = 0; i < symbols_.size(); ++i) hand_over_history(i);
    }
    void second() {
        const Timestamp u = market_.now() + analysis::kSecond;
        market_.advance(u, [&](const market::Event& event) { apply(event); });
        bitcoin_ = {};
        cross_section_.prepare(market::Venue::bybit, symbols_);
        for (const auto& symbol : symbols_) evaluate(*symbol, u);
        cross_section_.refresh(market::Venue::bybit, u, symbols_);
        watch_.measure(market::Venue::bybit, u, symbols_);
    }
    [[nodiscard]] Timestamp now() const { return market_.now(); }
    /// The symbol's newest score, with all components.
    [[nodiscard]] const confluence::ScoreRecord& score() const { return *symbols_[1]->score; }
    [[nodiscard]] const Symbol& symbol() const { return *symbols_[1]; }
    /// What became known of signals since the last call.
    [[nodiscard]] std::vector<Effect> take_effects() { return std::exchange(effects_, {}); }

private:
    static sim::Params market_params() {
        sim::Params params;
        params.market.start = params.market.truths_start = kStart;
        params.market.depths = {50};
        return params;
    }
    static sim::SymbolParams symbol_with(sim::Truth truth) {
        const std::string base = truth == sim::Truth::no_edge ? "NULL" : "TRUE";  // its draws go by its name
        return sim::with_truth({.symbol = base + "USDT",
                                .base = base,
                                .tick_size = {.mantissa = 1, .scale = 4},
                                .lot_size = {.mantissa = 1, .scale = 1},
                                .price = .8,
                                .activity = .6,
                                .size_scale = .1},
                               truth);
    }
    void apply(const market::Event& event) { (void)symbols_[event.instrument.value()]->apply(event); }
    void tell(std::size_t index, Timestamp at, market::EventBody body) {
        apply({.instrument = symbols_[index]->instrument().id,
               .exchange_time = at,
               .receive_time = kStart,
               .body = std::move(body)});
    }
    void hand_over_history(std::size_t index) {
        for (const market::Timeframe frame : market::kTimeframes) {
            const Nanos interval = market::interval_of(frame);
            for (market::Candle candle :
                 market_[index].tape().candles(interval, kStart - interval * 600, kStart, 600)) {
                candle.is_closed = true;
                tell(index, candle.open_time, candle);
            }
        }
        sim::Derivatives& contract = market_[index].derivatives();
        for (const sim::Sample& one :
             contract.open_interest(std::chrono::minutes{5}, kStart - std::chrono::hours{20}, kStart, 240))
            tell(index, one.at, market::OpenInterestSample{one.value});
        for (const sim::Sample& one : contract.long_shares(market::RatioOf::accounts, std::chrono::hours{1},
                                                           kStart - std::chrono::hours{500}, kStart, 500))
            tell(index, one.at, market::LongShortRatio{one.value, 1 - one.value});
        for (const sim::Sample& one : contract.settlements(kStart - std::chrono::hours{24 * 30}, kStart, 90))
            tell(index, one.at, market::FundingSettlement{one.value});
    }
    void evaluate(Symbol& symbol, Timestamp u) {
        symbol.close_bars(u, true);
        analysis::EvaluationInputs inputs;
        inputs.trades_connection_age = inputs.liquidations_connection_age = Nanos{0};
        inputs.clock_offset = Nanos{0};
        inputs.bitcoin = bitcoin_;
        cross_section_.tell(symbol.instrument(), inputs.bitcoin);
        symbol.trades_connection_age = symbol.clock_offset = Nanos{0};
        symbol.alpha_p = inputs.bitcoin.alpha_p;
        const analysis::Evaluation found = symbol.analysis().evaluate(u, symbol.state().book(), inputs);
        const confluence::Opinions opinions{.at = u,
                                            .dimensions = found.dimensions,
                                            .memberships = found.memberships,
                                            .quality = found.quality,
                                            .market = found.market,
                                            .first_sequences = found.first_sequences};
        symbol.score = symbol.confluence().evaluate(opinions);
        const std::size_t before = effects_.size();
        watch_.on_second(symbol, u, u, symbols_, effects_);
        occurrences_.on_second(symbol, u, effects_, before);
        if (symbol.instrument().is_bitcoin()) {
            bitcoin_ = {.mid = found.mid,
                        .mid_age = found.mid_age,
                        .score = symbol.score->score,
                        .coverage = symbol.score->coverage};
        } else if (floor_to(u, analysis::kMinute) == u) {
            symbol.pair_bars_with(*symbols_.front());
        }
    }

    sim::Market market_;
    std::vector<std::unique_ptr<Symbol>> symbols_;
    analysis::BitcoinInputs bitcoin_;
    BetaCrossSection cross_section_;
    SignalWatch watch_;
    OccurrenceWatch occurrences_;
    std::vector<Effect> effects_;
};

}  // namespace vt::engine::test
