#pragma once

#include "analysis/book_range.hpp"
#include "analysis/flag.hpp"
#include "analysis/liquidity/bar_history.hpp"
#include "analysis/liquidity/resilience.hpp"
#include "analysis/observation.hpp"
#include "base/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace vt::analysis::liquidity {

/// A number that is shown and used for costs, and never pushes a score. `name` and `unit` point to literals.
struct Measure {
    std::string_view name;
    std::string_view unit;
    std::optional<double> value;
    std::uint64_t n = 0;  ///< samples behind it
    double coverage = 0;  ///< 0..1; 0 without a value
    std::optional<Nanos> age;
    Flags flags;
};

/// The sizes of the impact curve, quote currency.
inline constexpr std::array<double, 4> kImpactQuotes{1e3, 1e4, 1e5, 1e6};
/// Slopes are measured over this much of the book.
inline constexpr double kSlopeBps = 25;

/// The shape of the book at one instant. Absent: not known far enough, or not enough there.
struct BookShape {
    std::optional<double> spread_bps;
    std::optional<double> microprice_bps;        ///< (bid qa + ask qb)/(qa + qb) against the mid
    std::optional<double> rank_imbalance;        ///< -1..1, level i counting e^(-i/2)
    std::optional<double> slope_bid, slope_ask;  ///< base currency a bps
    std::optional<double> elasticity;            ///< mean of both sides
    std::array<std::optional<double>, kImpactQuotes.size()> impact_buy_bps, impact_sell_bps;

    template <class Archive>
    void archive(Archive& a) {
        a(spread_bps, microprice_bps, rank_imbalance, slope_bid, slope_ask, elasticity, impact_buy_bps,
          impact_sell_bps);
    }
};
/// cost: O(levels that 1 M quote takes, and those within 25 bps)
[[nodiscard]] BookShape shape_of(const BookFrame& frame, const BookRange& range);

/// What trading cost over the last day, from closed 5m bars alone.
struct BarCosts {
    Timestamp at;
    std::uint64_t bars = 0;
    std::optional<double> amihud_bps_per_musd;  ///< mean move for a million of quote currency
    std::optional<double> roll_spread_bps;      ///< 0 where the closes do not bounce

    template <class Archive>
    void archive(Archive& a) {
        a(at, bars, amihud_bps_per_musd, roll_spread_bps);
    }
};
/// Of the 24 h up to `last`. A hole in the bars ends a run of closes: only the last whole run counts for the spread.
[[nodiscard]] BarCosts costs_of(const BarHistory& bars, Timestamp last);

/// The shape of the book at the end of each minute, its resilience, and the costs of the day, as rows to show.
class BookMeasures {
public:
    BookMeasures();
    /// The sample at u; null while the book is invalid. `depth`: what Resilience follows.
    ///   cost: O(60), and at the end of a minute that of shape_of()
    void sample(Timestamp u, const BookFrame* frame, const BookRange* range, const std::optional<double>& depth);
    void set_bar_costs(const BarCosts& costs) { bar_costs_ = costs; }
    void forget_bars() { bar_costs_.reset(); }
    void skip();
    /// Writes values, ages and coverages as of u.
    void evaluate(Timestamp u, Flags book_flags);
    [[nodiscard]] const std::vector<Measure>& rows() const { return rows_; }
    /// The shape of the book at u, the end of a minute. out: absent where it was not seen then
    [[nodiscard]] std::optional<BookShape> shape_at(Timestamp u) const {
        return shape_at_ == u ? shape_ : std::nullopt;
    }

    template <class Archive>
    void archive(Archive& a) {
        a(shape_, shape_at_, bar_costs_, resilience_, shock_at_);
    }

private:
    /// Where the values of a group of rows come from.
    struct Source {
        std::optional<Nanos> age;
        std::optional<double> freshness;  // absent: gone or stale
        std::uint64_t n = 0;
        Flag reason = Flag::not_covered;  // for a value that is absent though the source is there
        Flags flags;
    };
    void write(std::size_t row, const std::optional<double>& value, const Source& source);

    std::optional<BookShape> shape_;
    Timestamp shape_at_{};
    std::optional<BarCosts> bar_costs_;
    Resilience resilience_;
    std::optional<Timestamp> shock_at_;  // when the last recovery ended
    std::vector<Measure> rows_;
};

}  // namespace vt::analysis::liquidity
