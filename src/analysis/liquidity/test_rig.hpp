#pragma once

// For tests and benchmarks only: a made-up instrument whose book, quotes and minutes are handed to Liquidity second
// by second, the way SymbolAnalysis does.

#include "analysis/liquidity/liquidity.hpp"
#include "base/prng.hpp"
#include "market/order_book.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace vt::analysis::liquidity::test {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

inline const Timestamp kStart = from_ms(1'699'999'200'000);  // a whole hour

/// Tick .1, lot .001; at 10 000 a tick is a tenth of a bp.
inline market::Instrument rig_instrument() {
    return {.symbol = "TESTUSDT", .tick_size = Decimal{1, 1}, .lot_size = Decimal{1, 3}};
}

/// What the book looks like in one second; ticks and lots, best first. Empty: there is no book.
struct RigBook {
    std::vector<market::Level> bids, asks;
    std::uint32_t depth = 500;
};

/// 40 levels a side around 10 000, of random size about 1 coin; `bid_factor` makes the bids heavier.
inline RigBook random_book(Prng& prng, double bid_factor = 1, std::int64_t first = 1, std::int64_t step = 1) {
    RigBook book;
    for (std::int64_t i = 0; i < 40; ++i) {
        const std::int64_t distance = first + i * step;
        const auto lots = [&](double factor) {
            return Lots{1 + static_cast<std::int64_t>(1000 * factor * prng.exponential())};
        };
        book.bids.push_back({Ticks{100'000 - distance}, lots(bid_factor)});
        book.asks.push_back({Ticks{100'000 + distance}, lots(1)});
    }
    return book;
}

class Rig {
public:
    explicit Rig(AnalysisParams params = {}) : liquidity(rig_instrument(), params) { scratch.reserve(1440); }

    /// One second: the book as it stands in it, quotes, the sample at its end, the minute, the evaluation.
    void second(const RigBook& look) {
        u += seconds{1};
        quotes_in_second(look);
        sample(look);
        evaluate();
    }
    void evaluate() {
        if (floor_to(u, minutes{1}) == u) liquidity.close_minute(minute());
        liquidity.evaluate(u, ages, threshold, scratch);
    }
    void quotes_in_second(const RigBook& look) {
        if (look.bids.empty()) return liquidity.on_quote_lost(u - seconds{1});
        for (int i = 0; i < quotes_per_second; ++i) {
            const market::Level& bid = look.bids.front();
            const market::Level& ask = look.asks.front();
            liquidity.on_quote({.time = u - seconds{1} + milliseconds{1000 * i / quotes_per_second},
                                .bid_ticks = bid.price,
                                .ask_ticks = ask.price,
                                .bid_price = units.price(bid.price),
                                .ask_price = units.price(ask.price),
                                .bid_size = units.quantity(bid.quantity),
                                .ask_size = units.quantity(ask.quantity)});
        }
    }
    void sample(const RigBook& look) {
        if (look.bids.empty()) return liquidity.sample_book(u, nullptr, nullptr);
        const auto applied =
            book.apply({.is_snapshot = true, .depth = look.depth, .bids = look.bids, .asks = look.asks});
        if (applied != market::ApplyResult::applied) return liquidity.sample_book(u, nullptr, nullptr);
        ++sequence;
        const BookFrame frame{.time = u, .book = book, .instrument = units, .source_sequence = sequence};
        const BookRange range(frame, kStart);
        liquidity.sample_book(u, &frame, &range);
    }
    [[nodiscard]] const Component& component(std::size_t index) const { return liquidity.score().components[index]; }
    [[nodiscard]] const Leaf& leaf(std::size_t index, std::size_t frame = 0) const {
        return component(index).leaves[frame];
    }

    market::Instrument units = rig_instrument();
    Liquidity liquidity;
    market::OrderBook book{4096};
    Timestamp u = kStart;
    std::uint64_t sequence = 0;
    Ages ages{.quote = milliseconds{100}, .book = milliseconds{100}};
    std::optional<double> threshold = 20'000;
    std::optional<double> sigma_1m_bps = 6;  // k = 3, the band is 9 bps
    double spread_bps = 0.2;
    int quotes_per_second = 2;
    std::vector<float> scratch;

private:
    [[nodiscard]] MinuteFeatures minute() const {
        MinuteFeatures features;
        features.start = u - minutes{1};
        features.spread_bps_mean = spread_bps;
        features.sigma_1m_bps = sigma_1m_bps;
        return features;
    }
};

}  // namespace vt::analysis::liquidity::test
