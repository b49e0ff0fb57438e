#pragma once

#include "analysis/features/minute_features.hpp"
#include "analysis/leaf.hpp"
#include "analysis/liquidity/bar_history.hpp"
#include "analysis/liquidity/book_imbalance.hpp"
#include "analysis/liquidity/book_measures.hpp"
#include "analysis/liquidity/book_scale.hpp"
#include "analysis/liquidity/impact_asymmetry.hpp"
#include "analysis/liquidity/liquidation_map.hpp"
#include "analysis/liquidity/liquidity_sweep.hpp"
#include "analysis/liquidity/profile_location.hpp"
#include "analysis/liquidity/queue_imbalance.hpp"
#include "analysis/liquidity/sr_zones.hpp"
#include "analysis/refuse_unless.hpp"
#include "analysis/symbol_analysis.hpp"
#include "base/time.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace vt::analysis::liquidity {

/// The dimension "liquidity": what rests in the book, what it costs to move the price, and at which prices it turned
/// before. Six components, two of them in the shadow.
class Liquidity {
public:
    Liquidity(const market::Instrument& instrument, const AnalysisParams& params);

    /// A best quote, in order of time; may belong to a second that is not evaluated yet.
    void on_quote(const Quote& quote) { queue_imbalance_.on_quote(quote); }
    /// There is no best quote from here on.
    void on_quote_lost(Timestamp time) { queue_imbalance_.on_quote_lost(time); }
    /// The book at u, each whole second once; null while it is invalid. May run ahead of evaluate().
    ///   cost: O(levels within 3k, and those that Q* takes); does not allocate
    void sample_book(Timestamp u, const BookFrame* frame, const BookRange* range);
    /// Closed candles; those of 5m, 30m and 4h are used, in any order.
    void on_candle(const market::Candle& candle) { bars_.put(candle); }
    /// Right before the evaluate() of its end, after the sample of its end.
    void close_minute(const MinuteFeatures& minute);
    /// 0..1: how much of the book is there for show. Cuts the coverage of the three components that read it.
    void set_spoof_like(double spoof);
    /// Takes the bars that are due at u, then hands each on: restart() where all must be visited anew, visit(size,
    /// bar, history). evaluate() takes what is due by itself.
    template <class Restart, class Visit>
    void take_bars(Timestamp u, Restart&& restart, Visit&& visit) {
        std::optional<PriceBar> newest;
        bars_.advance(
            u,
            [&] {
                restart_bars();
                restart();
            },
            [&](BarSize size, const PriceBar& bar) {
                take_bar(size, bar);
                visit(size, bar, std::as_const(bars_));
                if (size == BarSize::m5) newest = bar;
            });
        if (newest) use_newest(*newest);
    }
    /// in: `large_threshold` in quote currency, absent with fewer than 500 parent trades
    void evaluate(Timestamp u, const Ages& ages, std::optional<double> large_threshold, std::vector<float>& scratch);

    [[nodiscard]] const DimensionScore& score() const { return score_; }
    /// Both sides' resting money within 3k, mean over the last closed minute's samples.
    [[nodiscard]] std::optional<double> depth_quote() const { return depth_quote_; }
    /// The distance k within which resting orders matter, bps.
    [[nodiscard]] double scale_bps() const { return scale_.scale_bps(); }
    /// What is shown and used for costs, as of the last evaluate(): spread, impact curve, slopes, resilience.
    [[nodiscard]] const std::vector<Measure>& measures() const { return measures_.rows(); }
    /// The shape of the book at the end of the minute u. out: absent where it was not seen then
    [[nodiscard]] std::optional<BookShape> book_shape_at(Timestamp u) const { return measures_.shape_at(u); }
    [[nodiscard]] const ZoneMap& zones() const { return sr_zones_.map(); }
    /// Where positions may be liquidated: an estimate that is shown and never scored.
    [[nodiscard]] const LiquidationMap& liquidation_map() const { return liquidation_map_; }
    /// Swings that were run and refused.
    [[nodiscard]] const LiquiditySweep& sweeps() const { return liquidity_sweep_; }
    /// Volume by price of the last 24 hours.
    [[nodiscard]] const ProfileLocation& profile() const { return profile_location_; }

    /// The contract changed: what is counted in its prices is dropped.
    void clear_prices(const market::Instrument& instrument);
    /// Nothing was seen until u: rolling windows start anew.
    void skip_to(Timestamp u);

    template <class Archive>
    void archive(Archive& a) {
        a(scale_, book_imbalance_, queue_imbalance_, impact_asymmetry_, bars_, sr_zones_, profile_location_,
          liquidity_sweep_, measures_, liquidation_map_, depth_quote_, spoof_, is_contract_new_);
        refuse_unless(a, is_share(spoof_));
        if constexpr (Archive::kIsReader) {
            // Moved by less, old bars would not fall in with new ones.
            if (a.shift() % interval_of(BarSize::h4) != Nanos{0}) forget_bars();
            profile_location_.restore_rows(bars_, sr_zones_.map().atr());
        }
    }

private:
    void take_bar(BarSize size, const PriceBar& bar);
    void use_newest(const PriceBar& bar);
    void restart_bars();
    void forget_bars();

    Flags quote_flags_;
    Flags book_flags_;
    BookScale scale_;
    BookImbalance book_imbalance_;
    QueueImbalance queue_imbalance_;
    ImpactAsymmetry impact_asymmetry_;
    BarHistory bars_;
    SrZones sr_zones_;
    ProfileLocation profile_location_;
    LiquiditySweep liquidity_sweep_;
    BookMeasures measures_;
    LiquidationMap liquidation_map_;
    std::optional<double> depth_quote_;
    double spoof_ = 0;
    bool is_contract_new_ = false;  // bars of before its change are still missing
    DimensionScore score_;
};

}  // namespace vt::analysis::liquidity
