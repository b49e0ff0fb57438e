#include "analysis/observation.hpp"

namespace vt::analysis {
namespace {

/// In base currency, of inverse contracts too.
double size_of(const market::Level& level, const market::Instrument& instrument) {
    return instrument.base_quantity(instrument.quantity(level.quantity), instrument.price(level.price));
}

}  // namespace

Print print_of(const market::Trade& trade, const market::Instrument& instrument, Timestamp time,
               std::uint64_t source_sequence) {
    Print print{
        .time = time,
        .price_ticks = trade.price,
        .price = instrument.price(trade.price),
        .quantity = instrument.base_quantity(instrument.quantity(trade.quantity), instrument.price(trade.price)),
        .aggressor = trade.aggressor,
        .source_sequence = source_sequence};
    print.notional = instrument.notional(instrument.quantity(trade.quantity), print.price);
    print.rank = trade.id.is_number() ? trade.id.low : 0;
    return print;
}

Quote quote_of(const market::BestQuote& best, const market::Instrument& instrument, Timestamp time,
               std::uint64_t source_sequence) {
    return Quote{.time = time,
                 .bid_ticks = best.bid.price,
                 .ask_ticks = best.ask.price,
                 .bid_price = instrument.price(best.bid.price),
                 .ask_price = instrument.price(best.ask.price),
                 .bid_size = size_of(best.bid, instrument),
                 .ask_size = size_of(best.ask, instrument),
                 .generation = 1,
                 .source_sequence = source_sequence};
}

}  // namespace vt::analysis
