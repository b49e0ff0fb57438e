#pragma once

#include "analysis/leaf.hpp"
#include "analysis/liquidity/bar_history.hpp"
#include "analysis/liquidity/liquidity_context.hpp"
#include "analysis/liquidity/sweep_watch.hpp"
#include "analysis/liquidity/usual_volume.hpp"
#include "analysis/refuse_unless.hpp"
#include "base/ring.hpp"
#include "indicators/swing_pivots.hpp"
#include "indicators/volatility/average_true_range.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace vt::analysis::liquidity {

/// Stops run and refused: a 5m bar goes beyond an earlier swing high by at most half an ATR14(5m), a close comes back
/// below it within 3 bars, on more than 1.5 x the median volume; mirrored at lows. A swept high points down. The
/// event counts from that close on and halves every 12 bars. Whether a sweep turns the price is not decided: shadow.
///   out:    -1..1, tanh of the sum of events; 0 with flag no_event when there was none
///   source: docs/indicators/liquidity_sweep.md
class LiquiditySweep {
public:
    static constexpr double kMinBars = UsualVolume::kBars;
    static constexpr std::size_t kMaxLevels = 32;  ///< swing highs, and lows, that wait; beyond it the oldest goes
    static constexpr std::size_t kMaxEvents = 64;

    LiquiditySweep();
    [[nodiscard]] static Component describe();

    void restart();
    /// The next closed 5m bar. cost: O(levels + kMinBars)
    void on_bar(const PriceBar& bar);
    void evaluate(const LiquidityContext& context, Component& component);

    /// A swing that was run and refused.
    struct Event {
        Timestamp began;      ///< close of the first bar that went beyond it
        Timestamp confirmed;  ///< close of the bar that came back
        double direction = 0;
        double price = 0;  ///< of the swing, quote currency
        template <class Archive>
        void archive(Archive& a) {
            a(began, confirmed, direction, price);
        }
    };
    /// Oldest first.
    [[nodiscard]] const Ring<Event>& events() const { return events_; }

    template <class Archive>
    void archive(Archive& a) {
        a(swings_, atr_, volumes_, levels_, events_, last_close_time_);
        for (const auto& side : levels_) refuse_unless(a, side.size() <= kMaxLevels);
    }

private:
    /// A swing high (side +1) or low (side -1) that price has not gone beyond for good.
    struct Level {
        double price = 0;
        Timestamp confirmed;
        SweepWatch watch;
        template <class Archive>
        void archive(Archive& a) {
            a(price, confirmed, watch);
        }
    };
    void look(std::vector<Level>& levels, double side, const PriceBar& bar, const SweepWatch::Usual& usual);

    indicators::SwingPivots swings_;
    indicators::AverageTrueRange atr_;
    UsualVolume volumes_;
    std::array<std::vector<Level>, 2> levels_;  // highs, lows
    Ring<Event> events_;
    std::optional<Timestamp> last_close_time_;
};

}  // namespace vt::analysis::liquidity
