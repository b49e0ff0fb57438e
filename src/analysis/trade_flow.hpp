#pragma once

#include "analysis/grid.hpp"
#include "analysis/hourly_histogram.hpp"
#include "analysis/observation.hpp"
#include "base/ring.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace vt::analysis {

/// The prints of one second, or the sum of several.
struct TradeSums {
    double buy_notional = 0, sell_notional = 0;  ///< quote currency, by the side of the taker
    double buy_quantity = 0, sell_quantity = 0;  ///< base currency
    std::uint32_t n_buy = 0, n_sell = 0;
    std::uint32_t parents_buy = 0, parents_sell = 0;  ///< parents that began
    double open = 0, high = 0, low = 0, close = 0;    ///< meaningful where there was a print
    std::uint32_t alive_seconds = 0;                  ///< seconds whose prints are all here
    double large_buy = 0,
           large_sell = 0;             ///< notional of parents at or above the threshold, from where they reach it
    std::uint32_t judged_seconds = 0;  ///< alive seconds in which there was a threshold

    [[nodiscard]] std::uint32_t n() const { return n_buy + n_sell; }
    [[nodiscard]] std::uint32_t parents() const { return parents_buy + parents_sell; }
    [[nodiscard]] double notional() const { return buy_notional + sell_notional; }
    [[nodiscard]] double net_notional() const { return buy_notional - sell_notional; }
    [[nodiscard]] double quantity() const { return buy_quantity + sell_quantity; }
    [[nodiscard]] double large_notional() const { return large_buy + large_sell; }
    void add(const Print& print);
    void add(const TradeSums& later);

    template <class Archive>
    void archive(Archive& a) {
        a(buy_notional, sell_notional, buy_quantity, sell_quantity, n_buy, n_sell, parents_buy, parents_sell, open,
          high, low, close, alive_seconds, large_buy, large_sell, judged_seconds);
    }
};

/// A parent among the largest thousandth of the trailing day's. It is one from the print that makes it so large, and
/// may grow after that.
struct Whale {
    Timestamp time;
    double price = 0;            ///< quote currency, of its last print
    double signed_notional = 0;  ///< quote currency; negative: seller

    template <class Archive>
    void archive(Archive& a) {
        a(time, price, signed_notional);
    }
};

/// What the parents of a closed minute were, judged by the threshold of the minutes before.
struct ParentMinute {
    std::optional<double> notional_max;
    std::optional<double> threshold;       ///< quote currency; absent under 500 parents in the trailing day
    double large_buy = 0, large_sell = 0;  ///< notional of parents at or above the threshold
};

/// Prints into seconds, minutes and parents. A parent is a run of prints of one side, each at most 50 ms after the
/// one before, the price never moving back against its direction; it is cut at the minute.
class TradeFlow {
public:
    static constexpr Nanos kParentGap = std::chrono::milliseconds{50};
    static constexpr std::uint64_t kMinParents = 500;
    static constexpr std::uint64_t kMinParentsOfWhales = 2000;
    static constexpr std::size_t kMaxWhales = 64;
    static constexpr std::size_t kHours = 24;
    /// Parents that are judged one by one at the end of the minute; what comes beyond is counted, but never large.
    static constexpr std::size_t kMaxParentsPerMinute = 16'384;

    TradeFlow();

    /// One print of a second that is about to be evaluated, in the order of arrival.
    void add(const Print& print);
    /// Opens the bin that ends at u and says whether its prints are all here.
    void close_second(Timestamp u, bool is_alive);
    /// Cuts the running parent and judges the minute that ends at u; its parents then enter the histogram.
    [[nodiscard]] ParentMinute close_minute(Timestamp u);
    /// Nothing before u counts in seconds any more.
    void skip_to(Timestamp u);

    /// The `count` seconds that end at u.
    [[nodiscard]] TradeSums sums(Timestamp u, std::size_t count) const;
    [[nodiscard]] const TradeSums& second_ending(Timestamp u) const { return bins_.ending_at(u); }
    /// max(q99, 20 q50) of the parents of closed minutes of the trailing day (current hour and 23 before).
    [[nodiscard]] std::optional<double> large_threshold() const { return threshold_; }
    /// q99.9 of the same parents. out: absent under 2000
    [[nodiscard]] std::optional<double> whale_threshold() const { return whale_threshold_; }
    /// Parents of closed minutes in the trailing day.
    [[nodiscard]] std::uint64_t parents_of_day() const { return histogram_.n(); }
    /// The newest 64, oldest first.
    [[nodiscard]] const Ring<Whale>& whales() const { return whales_; }
    [[nodiscard]] std::uint64_t last_sequence() const { return last_sequence_; }

    template <class Archive>
    void archive(Archive& a) {
        a(bins_, histogram_, staged_, has_parent_, parent_side_, parent_time_, parent_price_, parent_notional_,
          threshold_, whale_threshold_, whales_, is_parent_whale_, last_sequence_);
    }

private:
    [[nodiscard]] bool continues_parent(const Print& print) const;
    void finish_parent();
    void note_size(const Print& print, double before, TradeSums* bin);

    SecondBins<TradeSums> bins_;
    HourlyHistogram histogram_;
    std::vector<double> staged_;  // finished parents of the open minute; negative: seller
    bool has_parent_ = false;
    market::Side parent_side_ = market::Side::buy;
    Timestamp parent_time_{};
    double parent_price_ = 0;
    double parent_notional_ = 0;
    std::optional<double> threshold_;
    std::optional<double> whale_threshold_;
    Ring<Whale> whales_{kMaxWhales};
    bool is_parent_whale_ = false;  // the running parent is the newest whale
    std::uint64_t last_sequence_ = 0;
};

}  // namespace vt::analysis
