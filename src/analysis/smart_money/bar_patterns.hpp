#pragma once

#include "analysis/liquidity/bar_history.hpp"
#include "analysis/liquidity/usual_volume.hpp"
#include "analysis/smart_money/liquidity_pools.hpp"
#include "analysis/smart_money/market_structure.hpp"
#include "analysis/smart_money/pattern.hpp"
#include "base/ring.hpp"
#include "base/time.hpp"
#include "indicators/decayed_sum.hpp"
#include "indicators/swing_pivots.hpp"
#include "indicators/volatility/average_true_range.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace vt::analysis::smart_money {

/// The three groups of patterns that are shown as components.
enum class PatternGroup : std::uint8_t { structure_break, fair_value_gap, order_block };
inline constexpr std::size_t kPatternGroupCount = 3;

/// The patterns of one size of bars: breaks of structure, fair value gaps, order blocks, and pools of equal highs and
/// lows. All follow from closed bars alone, and each is known from the close that proved it: nothing is written into
/// the past, nothing is taken back.
///   source: docs/indicators/structure_break.md, fair_value_gap.md, order_block.md
class BarPatterns {
public:
    static constexpr double kMinBars = 60;
    static constexpr double kMinBreakRange = 1.2;  ///< ATR14 before the bar
    static constexpr double kMinGap = 0.25;        ///< likewise
    static constexpr double kMinGapBody = 1.0;     ///< likewise
    static constexpr double kHalfLifeBars = 12;
    static constexpr std::size_t kMaxPatterns = 42;      ///< of a group: 126 over the three sizes
    static constexpr std::int64_t kMaxBarsToBlock = 60;  ///< how far before the break an order block may lie

    explicit BarPatterns(liquidity::BarSize size);

    /// The next closed bar by BarHistory's order; others of this size up to it are read from `history`.
    ///   cost: O(open patterns + pools), at a break O(60 bars)
    void on_bar(const liquidity::PriceBar& bar, const liquidity::BarHistory& history);
    /// All bars must be visited anew.
    void clear();

    [[nodiscard]] liquidity::BarSize size() const { return size_; }
    /// Oldest first.
    [[nodiscard]] const Ring<Pattern>& patterns(PatternGroup group) const {
        return patterns_[static_cast<std::size_t>(group)];
    }
    [[nodiscard]] std::span<const LiquidityPool> pools() const { return pools_.pools(); }
    [[nodiscard]] const Ring<Swing>& swings() const { return structure_.swings(); }
    /// tanh of the sum of the group's directions, each halving every 12 bars.
    [[nodiscard]] double strength(PatternGroup group, Timestamp u) const;
    /// Bars seen, held to kMinBars.
    [[nodiscard]] double bars() const { return bars_; }
    [[nodiscard]] std::optional<Timestamp> last_close_time() const { return last_close_time_; }
    /// ATR14. out: absent until 15 bars were seen
    [[nodiscard]] std::optional<double> atr() const { return atr_.value(); }

    template <class Archive>
    void archive(Archive& a) {
        a(atr_, atr_before_, swings_, structure_, pools_, volumes_, last_two_[0], last_two_[1], known_, bars_,
          last_close_time_);
        for (Ring<Pattern>& group : patterns_) a(group);
        for (Balance& balance : balances_) a(balance.up, balance.down);
        if constexpr (Archive::kIsReader) {
            if (known_ > 2) {
                a.fail();
                clear();
            }
        }
    }

private:
    /// Of a bar that is still needed. (PriceBar refuses to be read where there was none.)
    struct SeenBar {
        double open = 0, high = 0, low = 0, close = 0;
        Timestamp close_time;
        template <class Archive>
        void archive(Archive& a) {
            a(open, high, low, close, close_time);
        }
    };
    /// The events of each direction, halving with age.
    struct Balance {
        explicit Balance(Nanos half_life) : up(half_life), down(half_life) {}
        indicators::DecayedSum up;
        indicators::DecayedSum down;
    };
    void add(PatternGroup group, const Pattern& pattern);
    void lose_bars(Timestamp time);
    void follow_gaps(const liquidity::PriceBar& bar);
    void follow_blocks(const liquidity::PriceBar& bar);
    void find_gap(const liquidity::PriceBar& bar);
    void find_break(const liquidity::PriceBar& bar, const liquidity::BarHistory& history);
    void find_block(const Pattern& broken, Timestamp swing, const liquidity::BarHistory& history);
    [[nodiscard]] bool left_gap(double direction, Timestamp after) const;

    liquidity::BarSize size_;
    indicators::AverageTrueRange atr_;
    std::optional<double> atr_before_;  // as of two bars ago: before the newest of last_two_
    indicators::SwingPivots swings_;
    MarketStructure structure_;
    LiquidityPools pools_;
    liquidity::UsualVolume volumes_;
    std::array<SeenBar, 2> last_two_{};  // the one before the last, the last
    std::uint32_t known_ = 0;            // of them, without a hole
    double bars_ = 0;
    std::optional<Timestamp> last_close_time_;
    std::array<Ring<Pattern>, kPatternGroupCount> patterns_{Ring<Pattern>{kMaxPatterns}, Ring<Pattern>{kMaxPatterns},
                                                            Ring<Pattern>{kMaxPatterns}};
    std::array<Balance, kPatternGroupCount> balances_;
};

}  // namespace vt::analysis::smart_money
