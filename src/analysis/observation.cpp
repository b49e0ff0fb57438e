#include "analysis/observation.hpp"

namespace vt::analysis {

Print print_of(const market::Trade& trade, const market::Instrument& instrument, Timestamp time,
               std::uint64_t source_sequence) {
    Print print{.time = time,
                .price_ticks = trade.price,
                .price = instrument.price(trade.price),
                .quantity = instrument.quantity(trade.quantity),
                .aggressor = trade.aggressor,
                .source_sequence = source_sequence};
    print.notional = print.price * print.quantity;
    return print;
}

Quote quote_of(const market::BestQuote& best, const market::Instrument& instrument, Timestamp time,
               std::uint64_t source_sequence) {
    return Quote{.time = time,
                 .bid_ticks = best.bid.price,
                 .ask_ticks = best.ask.price,
                 .bid_price = instrument.price(best.bid.price),
                 .ask_price = instrument.price(best.ask.price),
                 .bid_size = instrument.quantity(best.bid.quantity),
                 .ask_size = instrument.quantity(best.ask.quantity),
                 .generation = 1,
                 .source_sequence = source_sequence};
}

}  // namespace vt::analysis
