#pragma once

#include "analysis/book_flow.hpp"
#include "analysis/features/band_sampler.hpp"
#include "analysis/features/minute_features.hpp"
#include "analysis/quote_flow.hpp"
#include "analysis/ticker_state.hpp"
#include "analysis/trade_flow.hpp"

#include <cstdint>
#include <optional>

namespace vt::analysis {

/// What a closing minute is made of: each stream as it was at u, the minute's end.
struct MinuteSources {
    Timestamp u;
    const TradeFlow& trades;
    const QuoteFlow& quotes;
    const BookFlow& books;
    const TickerState& ticker;
    TradeSums trade_sums;
    QuoteSums quote_sums;
    BookSums book_sums;
    BandMinute bands;
    ParentMinute parents;
    std::optional<double> liquidated_long, liquidated_short;  ///< notional; absent without the stream
    std::uint64_t n_late = 0;
    bool is_complete = true;
};

/// The minute's row, all but btc_ret_bps_1m and sigma_1m_bps, which look beyond it.
///   cost: O(60), does not allocate
[[nodiscard]] MinuteFeatures build_minute(const MinuteSources& sources);

}  // namespace vt::analysis
