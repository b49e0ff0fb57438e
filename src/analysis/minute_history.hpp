#pragma once

#include "analysis/book_flow.hpp"
#include "analysis/ordered_samples.hpp"
#include "analysis/quote_flow.hpp"
#include "analysis/trade_flow.hpp"
#include "base/ring.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace vt::analysis {

/// A closed minute, as the windows of 30 minutes and more need it. A missing minute is all zero: not alive, not
/// valid.
struct MinuteRecord {
    TradeSums trades;
    QuoteSums quotes;
    std::optional<double> ret_mid_bps;
    std::uint32_t book_seconds = 0;  ///< in which the book was valid; set by push()

    /// Its flow may be compared with its return: that is known, and prints arrived in half of its seconds at least.
    [[nodiscard]] bool has_flow_and_return() const { return ret_mid_bps && trades.alive_seconds >= 30; }

    template <class Archive>
    void archive(Archive& a) {
        a(trades, quotes, ret_mid_bps, book_seconds);
    }
};

/// The closed minutes of the last four hours, and their sums; the mid returns of the last day.
class MinuteHistory {
public:
    static constexpr std::size_t kMinutes = 240;
    static constexpr std::size_t kBookMinutes = 30;
    static constexpr std::size_t kReturns = 1440;
    static constexpr std::size_t kMinReturns = 60;

    /// cost: O(240), once a minute
    void push(const MinuteRecord& minute, const BookSums& book);

    [[nodiscard]] std::size_t size() const { return minutes_.size(); }
    /// index 0 is the oldest.
    [[nodiscard]] const MinuteRecord& operator[](std::size_t index) const { return minutes_[index]; }
    [[nodiscard]] const TradeSums& trades_30m() const { return trades_30m_; }
    [[nodiscard]] const TradeSums& trades_4h() const { return trades_4h_; }
    [[nodiscard]] const QuoteSums& quotes_30m() const { return quotes_30m_; }
    [[nodiscard]] const BookSums& books_30m() const { return books_30m_; }
    /// Seconds of the last four hours in which the book was valid.
    [[nodiscard]] std::uint32_t book_seconds_4h() const { return book_seconds_4h_; }
    /// 1.4826 x the median absolute mid return of a minute, over the last 1440 known ones. out: absent under 60
    [[nodiscard]] const std::optional<double>& sigma_1m_bps() const { return sigma_1m_bps_; }

    template <class Archive>
    void archive(Archive& a) {
        a(minutes_, books_, returns_);
        if constexpr (Archive::kIsReader) {
            order_moves();
            add_up();
        }
    }

private:
    void push_return(double ret_bps);
    void order_moves();
    void add_up();

    Ring<MinuteRecord> minutes_{kMinutes};
    Ring<BookSums> books_{kBookMinutes};
    Ring<double> returns_{kReturns};
    OrderedSamples<double> moves_{kReturns};  // their magnitudes; not archived
    TradeSums trades_30m_, trades_4h_;
    QuoteSums quotes_30m_;
    BookSums books_30m_;
    std::uint32_t book_seconds_4h_ = 0;
    std::optional<double> sigma_1m_bps_;
};

}  // namespace vt::analysis
