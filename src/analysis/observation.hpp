#pragma once

#include "base/strong.hpp"
#include "base/time.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"
#include "market/order_book.hpp"

#include <cstdint>

namespace vt::analysis {

/// One print, converted once: prices and notionals in quote currency, quantities in base.
struct Print {
    Timestamp time;
    Ticks price_ticks;
    double price = 0;
    double quantity = 0;
    double notional = 0;
    market::Side aggressor = market::Side::buy;
    std::uint64_t source_sequence = 0;
    /// The venue's order among prints of one instant; 0: that of their arrival. It is not saved: what was saved comes
    /// before anything that arrives later.
    std::uint64_t rank = 0;
    [[nodiscard]] double sign() const { return market::sign(aggressor); }

    template <class Archive>
    void archive(Archive& a) {
        a(time, price_ticks, price, quantity, notional, aggressor, source_sequence);
    }
};
[[nodiscard]] Print print_of(const market::Trade& trade, const market::Instrument& instrument, Timestamp time,
                             std::uint64_t source_sequence);

/// Best bid and ask with their sizes in base currency. Both sides are there: a one-sided book is no quote.
struct Quote {
    Timestamp time;
    Ticks bid_ticks;
    Ticks ask_ticks;
    double bid_price = 0;
    double ask_price = 0;
    double bid_size = 0;
    double ask_size = 0;
    std::uint32_t generation = 0;  ///< records of two generations never form a pair
    std::uint64_t source_sequence = 0;

    [[nodiscard]] double mid() const { return (bid_price + ask_price) / 2; }
    [[nodiscard]] double mean_size() const { return (bid_size + ask_size) / 2; }
    [[nodiscard]] double imbalance() const { return (bid_size - ask_size) / (bid_size + ask_size); }
    [[nodiscard]] double spread_bps() const { return 1e4 * (ask_price - bid_price) / mid(); }

    template <class Archive>
    void archive(Archive& a) {
        a(time, bid_ticks, ask_ticks, bid_price, ask_price, bid_size, ask_size, generation, source_sequence);
    }
};
[[nodiscard]] Quote quote_of(const market::BestQuote& best, const market::Instrument& instrument, Timestamp time,
                             std::uint64_t source_sequence);

/// A book right after an update, or as it stands at a sample. The book is valid and has both sides.
struct BookFrame {
    Timestamp time;
    const market::OrderBook& book;
    const market::Instrument& instrument;
    std::uint64_t source_sequence = 0;
};

}  // namespace vt::analysis
