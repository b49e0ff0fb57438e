#include "demo/segment.hpp"

#include "sim/market.hpp"

#include <algorithm>
#include <array>

namespace vt::demo {
namespace {

constexpr std::array<std::string_view, 7> kInverseBases{"BTC", "ETH", "SOL", "XRP", "DOT", "ADA", "LTC"};

}  // namespace

std::vector<Segment> all_other_segments() {
    return {Segment::bybit_spot, Segment::bybit_inverse, Segment::binance_futures, Segment::binance_spot};
}

market::Venue venue_of(Segment segment) {
    return segment == Segment::binance_futures || segment == Segment::binance_spot ? market::Venue::binance
                                                                                   : market::Venue::bybit;
}

market::Category category_of(Segment segment) {
    switch (segment) {
        case Segment::bybit_linear:
        case Segment::binance_futures: return market::Category::linear;
        case Segment::bybit_inverse: return market::Category::inverse;
        case Segment::bybit_spot:
        case Segment::binance_spot: break;
    }
    return market::Category::spot;
}

SegmentTerms terms_of(Segment segment) {
    using std::chrono::milliseconds;
    switch (segment) {
        case Segment::bybit_linear: break;
        case Segment::bybit_spot: return {.lag = milliseconds{160}, .size = .25, .basis_sd_bps = .5};
        case Segment::bybit_inverse: return {.lag = milliseconds{40}, .size = .1, .basis_sd_bps = 1.5};
        case Segment::binance_futures: return {.lag = milliseconds{60}, .size = 2, .basis_sd_bps = 1};
        case Segment::binance_spot: return {.lag = milliseconds{120}, .size = .6, .basis_sd_bps = .5};
    }
    return {};
}

std::optional<market::Instrument> listed_in(Segment segment, const sim::SymbolParams& symbol, market::InstrumentId id,
                                            Nanos funding_interval) {
    market::Instrument listed = sim::instrument_of(symbol, id, funding_interval);
    listed.venue = venue_of(segment);
    listed.category = category_of(segment);
    if (listed.category == market::Category::spot) {
        if (symbol.base.starts_with("1000")) return std::nullopt;
        listed.settle.clear();
        listed.funding_interval.reset();
        listed.lot_size.scale = static_cast<std::int8_t>(listed.lot_size.scale + 2);
    } else if (listed.category == market::Category::inverse) {
        if (std::find(kInverseBases.begin(), kInverseBases.end(), symbol.base) == kInverseBases.end())
            return std::nullopt;
        listed.symbol = symbol.base + "USD";
        listed.quote = "USD";
        listed.settle = symbol.base;
        listed.lot_size = Decimal{.mantissa = 1, .scale = 0};  // contracts of one dollar
    }
    return listed;
}

}  // namespace vt::demo
