#pragma once

#include "analysis/leaf.hpp"
#include "analysis/order_flow/flow_context.hpp"
#include "analysis/order_flow/order_flow.hpp"
#include "analysis/smart_money/accumulation.hpp"
#include "analysis/smart_money/bar_patterns.hpp"
#include "analysis/smart_money/depth_changes.hpp"
#include "analysis/smart_money/iceberg.hpp"
#include "analysis/smart_money/large_trade_imbalance.hpp"
#include "analysis/smart_money/spoof_watch.hpp"
#include "analysis/smart_money/whale_cluster.hpp"
#include "base/time.hpp"

#include <array>
#include <optional>

namespace vt::analysis::smart_money {

/// The dimension "smart money": what those do who move much. Seven components, the three patterns of bars in the
/// shadow; beside them how much of the book is there for show, which has no direction.
class SmartMoney {
public:
    /// What is shown is larger than what is taken: at the size of a large trade alone, makers who move their quotes
    /// on a calm market look like spoofs all day.
    static constexpr double kShownPerTraded = 2;

    SmartMoney();

    /// The book right after an update, which may belong to a second that is not evaluated yet.
    ///   in: `levels` its first ten ranks, `large_trade` in quote currency
    void on_book(const BookFrame& frame, const TopLevels& levels, std::optional<double> large_trade);
    void on_book_lost(Timestamp time) { changes_.on_lost(time); }
    /// One print of a second that is about to be evaluated, in the order of arrival.
    void on_print(const Print& print);
    /// All prints with time < u were handed over: what the book did until then is taken in.
    void advance(Timestamp u);
    /// Closed bars in BarHistory's order; `history` holds them.
    void on_bar(liquidity::BarSize size, const liquidity::PriceBar& bar, const liquidity::BarHistory& history);
    /// All bars must be visited anew.
    void restart_bars();
    /// in: `flow` after its own evaluation at the same second
    void evaluate(const order_flow::FlowContext& context, const order_flow::OrderFlow& flow);
    void skip_to();
    /// The contract changed: what is counted in its prices is dropped.
    void clear_prices();

    [[nodiscard]] const DimensionScore& score() const { return score_; }
    /// 0..1 at u: how much of the book is there for show.
    [[nodiscard]] double spoof_like(Timestamp u) const { return spoofs_.spoof_like(u); }

    // What is shown. Each has the time at which it happened and the one from which it could be known.
    [[nodiscard]] const BarPatterns& patterns(liquidity::BarSize size) const {
        return patterns_[static_cast<std::size_t>(size)];
    }
    [[nodiscard]] const Ring<IcebergEvent>& icebergs() const { return iceberg_.events(); }
    [[nodiscard]] const Ring<WhaleClusterEvent>& whale_clusters() const { return whale_cluster_.events(); }
    [[nodiscard]] const Ring<VanishedOrder>& vanished_orders() const { return spoofs_.events(); }

    template <class Archive>
    void archive(Archive& a) {
        a(large_trade_imbalance_, accumulation_, iceberg_, whale_cluster_, changes_, spoofs_, large_shown_);
        for (BarPatterns& size : patterns_) a(size);
        if constexpr (Archive::kIsReader) {
            // Moved by less, old bars would not fall in with new ones: they are all visited anew.
            if (a.shift() % liquidity::interval_of(liquidity::BarSize::h4) != Nanos{0}) restart_bars();
        }
    }

private:
    void take(const LevelChange& change);

    LargeTradeImbalance large_trade_imbalance_;
    Accumulation accumulation_;
    Iceberg iceberg_;
    WhaleCluster whale_cluster_;
    std::array<BarPatterns, liquidity::kBarSizes.size()> patterns_{BarPatterns{liquidity::BarSize::m5},
                                                                   BarPatterns{liquidity::BarSize::m30},
                                                                   BarPatterns{liquidity::BarSize::h4}};
    DepthChanges changes_;
    SpoofWatch spoofs_;
    std::optional<double> large_shown_;  // what makes a resting order a large one, quote currency
    DimensionScore score_;
};

}  // namespace vt::analysis::smart_money
