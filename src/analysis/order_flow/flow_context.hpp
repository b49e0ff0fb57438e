#pragma once

#include "analysis/book_flow.hpp"
#include "analysis/evaluation.hpp"
#include "analysis/flag.hpp"
#include "analysis/frame.hpp"
#include "analysis/leaf_scoring.hpp"
#include "analysis/minute_history.hpp"
#include "analysis/quote_flow.hpp"
#include "analysis/trade_flow.hpp"
#include "base/assert.hpp"
#include "base/time.hpp"

namespace vt::analysis::order_flow {

/// All that the components read at a grid second: each stream as it was at u, summed once for all of them.
struct FlowContext {
    GridSecond second;
    const TradeFlow& trades;
    const QuoteFlow& quotes;
    const BookFlow& books;
    const MinuteHistory& history;
    Ages ages;
    Flags quote_flags;
    Flags book_flags;
    TradeSums trades_1m, trades_5m;
    QuoteSums quotes_1m, quotes_5m;
    BookSums books_1m, books_5m;

    [[nodiscard]] Timestamp u() const { return second.u; }
    [[nodiscard]] bool closes_minute() const { return floor_to(second.u, kMinute) == second.u; }
    [[nodiscard]] const TradeSums& trades_over(Frame frame) const {
        switch (frame) {
            case Frame::m1: return trades_1m;
            case Frame::m5: return trades_5m;
            case Frame::m30: return history.trades_30m();
            case Frame::h4: return history.trades_4h();
            case Frame::h1: break;
        }
        base::assertion_failed("no component reads prints over this frame", __FILE__, __LINE__);
    }
    [[nodiscard]] const QuoteSums& quotes_over(Frame frame) const {
        switch (frame) {
            case Frame::m1: return quotes_1m;
            case Frame::m5: return quotes_5m;
            case Frame::m30: return history.quotes_30m();
            case Frame::h1:
            case Frame::h4: break;
        }
        base::assertion_failed("no component reads quotes over this frame", __FILE__, __LINE__);
    }
    [[nodiscard]] const BookSums& books_over(Frame frame) const {
        switch (frame) {
            case Frame::m1: return books_1m;
            case Frame::m5: return books_5m;
            case Frame::m30: return history.books_30m();
            case Frame::h1:
            case Frame::h4: break;
        }
        base::assertion_failed("no component reads the book over this frame", __FILE__, __LINE__);
    }
};

/// The share of a window that is missing, held to 0..1.
[[nodiscard]] inline double missing_share(Nanos seen, Nanos window) {
    const double share = 1 - to_seconds(seen) / to_seconds(window);
    return share > 0 ? share : 0;
}
[[nodiscard]] inline double missing_share(const TradeSums& sums, Frame frame) {
    return missing_share(kSecond * static_cast<std::int64_t>(sums.alive_seconds), duration(frame));
}
[[nodiscard]] inline double missing_share(const BookSums& sums, Frame frame) {
    return missing_share(kSecond * static_cast<std::int64_t>(sums.valid_seconds), duration(frame));
}

/// The share of the window in which the book was not valid, for every frame that has a window of its own.
[[nodiscard]] inline double missing_book_share(const FlowContext& context, Frame frame) {
    const std::uint32_t seconds =
        frame == Frame::h4 ? context.history.book_seconds_4h() : context.books_over(frame).valid_seconds;
    return missing_share(kSecond * static_cast<std::int64_t>(seconds), duration(frame));
}

}  // namespace vt::analysis::order_flow
