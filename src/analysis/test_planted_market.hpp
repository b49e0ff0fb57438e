#pragma once

// For tests only: the simulated market of Bitcoin and one symbol with a planted truth, and its clock.

#include "base/time.hpp"
#include "sim/market.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace vt::analysis::test {

/// A symbol of middling size with ticks of a basis point and a quarter, like the one that the tests of the truths
/// themselves use.
inline sim::SymbolParams simulated_symbol() {
    return {.symbol = "TRUEUSDT",
            .base = "TRUE",
            .tick_size = {.mantissa = 1, .scale = 4},
            .lot_size = {.mantissa = 1, .scale = 1},
            .price = .8,
            .activity = .6,
            .size_scale = .1};
}
/// The like with ticks of a tenth of a basis point.
inline sim::SymbolParams finely_priced_symbol() {
    return {.symbol = "TRUEUSDT",
            .base = "TRUE",
            .tick_size = {.mantissa = 1, .scale = 5},
            .lot_size = {.mantissa = 10, .scale = 0},
            .price = .95,
            .activity = .35,
            .size_scale = .15};
}

struct PlantedMarketParams {
    sim::Truth truth = sim::Truth::none;
    Nanos warm{};  ///< from the start of the market to that of the truths
    std::uint64_t seed = 4;
    sim::SymbolParams symbol = simulated_symbol();
    std::vector<std::uint32_t> depths;  ///< of the books that are published; none is faster
};

/// The factor and one symbol. Truths count from `warm` after the start.
class PlantedMarket {
public:
    static constexpr Timestamp kFrom = from_ms(1'700'006'400'000);  // 2023-11-15 00:00 UTC

    explicit PlantedMarket(const PlantedMarketParams& params)
        : truths_start(kFrom + params.warm),
          simulated(params.seed, market_params(params), {sim::with_truth(params.symbol, params.truth)}) {}

    /// So many minutes after the truths' start.
    [[nodiscard]] Timestamp at_minute(double minute) const {
        return truths_start + Nanos{static_cast<std::int64_t>(minute * 6e10)};
    }
    [[nodiscard]] double minute_of(Timestamp at) const { return to_seconds(at - truths_start) / 60; }
    [[nodiscard]] const market::Instrument& instrument() const { return simulated.instruments().back(); }
    [[nodiscard]] sim::SymbolMarket& symbol() { return simulated[simulated.size() - 1]; }
    /// Closed candles of the factor (0) or the symbol (1) that lie in [from, until).
    [[nodiscard]] std::vector<market::Candle> candles(std::size_t of, Nanos interval, Timestamp from,
                                                      Timestamp until) {
        const auto count = static_cast<std::size_t>((until - from) / interval);
        auto made = simulated[of].tape().candles(interval, from, until, count);
        for (market::Candle& candle : made) candle.is_closed = true;
        return made;
    }
    /// Middle of the best prices of the factor (0) or the symbol (1), in ticks.
    [[nodiscard]] double mid(std::size_t of) const {
        const sim::Book& book = simulated[of].book();
        return static_cast<double>(
            (book.best(market::Side::buy)->price + book.best(market::Side::sell)->price).value());
    }

    Timestamp truths_start;
    sim::Market simulated;

private:
    static sim::Params market_params(const PlantedMarketParams& params) {
        sim::Params made;
        made.market.start = kFrom;
        made.market.truths_start = kFrom + params.warm;
        made.market.depths = params.depths;
        return made;
    }
};

}  // namespace vt::analysis::test
