#pragma once

#include "market/instrument.hpp"
#include "sim/symbol.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace vt::demo {

/// A market of a venue: a list of instruments with names, steps and prices of its own.
enum class Segment : std::uint8_t { bybit_linear, bybit_spot, bybit_inverse, binance_futures, binance_spot };
inline constexpr std::size_t kSegmentCount = 5;

/// All but Bybit's linear one, from which they are made.
[[nodiscard]] std::vector<Segment> all_other_segments();
[[nodiscard]] market::Venue venue_of(Segment segment);
[[nodiscard]] market::Category category_of(Segment segment);

/// How a segment's instruments differ from the Bybit linear contracts from which they are made.
struct SegmentTerms {
    Nanos lag{0};             ///< so much later does everything happen there
    double size = 1;          ///< of its orders and trades
    double basis_sd_bps = 0;  ///< of its price; spot is at the index price beside that
    double basis_half_life_min = 10;
};
[[nodiscard]] SegmentTerms terms_of(Segment segment);

/// How the symbol is listed in a segment.
///   out: nothing where it is not: contracts of a thousand coins have no spot market, and few are inverse
[[nodiscard]] std::optional<market::Instrument> listed_in(Segment segment, const sim::SymbolParams& symbol,
                                                          market::InstrumentId id, Nanos funding_interval);

}  // namespace vt::demo
