#pragma once

#include "analysis/grid.hpp"
#include "analysis/observation.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <optional>

namespace vt::analysis {

/// The best quotes of one second. Integrals are over the time for which there was a quote.
struct QuoteBin {
    double ofi = 0;             ///< base currency, over pairs whose later record is in this second
    double size_time = 0;       ///< base currency x s, of the mean size (qb + qa)/2
    double imbalance_time = 0;  ///< s, of (qb - qa)/(qb + qa)
    double spread_time = 0;     ///< bps x s
    Nanos valid{};
    std::uint32_t n = 0;
    bool has_new_generation = false;
    double mid_high = 0, mid_low = 0;  ///< of the records of this second; meaningful where n > 0
    // The state at the end of the second: after the last record with an earlier time.
    std::optional<double> mid_end;
    double spread_bps_end = 0;  ///< meaningful where there is a mid
    Timestamp last_time{};      ///< likewise: of that record

    template <class Archive>
    void archive(Archive& a) {
        a(ofi, size_time, imbalance_time, spread_time, valid, n, has_new_generation, mid_high, mid_low, mid_end,
          spread_bps_end, last_time);
    }
};

/// Sums over several seconds.
struct QuoteSums {
    double ofi = 0, size_time = 0, imbalance_time = 0, spread_time = 0;
    Nanos valid{};
    std::uint64_t n = 0;
    bool has_new_generation = false;

    void add(const QuoteBin& second);
    void add(const QuoteSums& later);
    /// Time-weighted means. out: absent where there never was a quote
    [[nodiscard]] std::optional<double> mean_size() const;
    [[nodiscard]] std::optional<double> mean_imbalance() const;
    [[nodiscard]] std::optional<double> mean_spread_bps() const;

    template <class Archive>
    void archive(Archive& a) {
        a(ofi, size_time, imbalance_time, spread_time, valid, n, has_new_generation);
    }
};

/// The stream of best quotes into seconds: order flow imbalance, time-weighted means, and the mid at each second.
class QuoteFlow {
public:
    void on_quote(const Quote& quote);
    /// There is no best quote from `time` on: the next one starts a new pair.
    void on_lost(Timestamp time);
    /// Takes what is due up to `time`.
    void advance(Timestamp time);
    void skip_to(Timestamp u);
    /// What comes next is of other prices: no mid so far is compared with it. Flow and spreads remain.
    void forget_mids();

    [[nodiscard]] QuoteSums sums(Timestamp u, std::size_t count) const;
    /// in: advance(u) was called
    [[nodiscard]] const QuoteBin& second_ending(Timestamp u) const { return bins_.ending_at(u); }
    template <class Visit>
    void visit(Timestamp u, std::size_t count, Visit&& visit) const {
        bins_.visit(u, count, visit);
    }
    [[nodiscard]] std::uint64_t last_sequence() const { return last_sequence_; }

    template <class Archive>
    void archive(Archive& a) {
        a(bins_, clock_, accrued_, quote_, generation_, last_sequence_);
    }

private:
    void accrue(Timestamp to);

    SecondBins<QuoteBin> bins_;
    StreamClock clock_;
    Timestamp accrued_{};  // up to here the quote's time is counted
    std::optional<Quote> quote_;
    std::optional<std::uint32_t> generation_;
    std::uint64_t last_sequence_ = 0;
};

}  // namespace vt::analysis
