#pragma once

#include "analysis/liquidity/bar_history.hpp"
#include "analysis/liquidity/sweep_watch.hpp"
#include "base/time.hpp"
#include "indicators/swing_pivots.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace vt::analysis::smart_money {

enum class PoolEnd : std::uint8_t { open, swept, returned, broken };

/// Equal highs (side +1) or equal lows (-1): at least two confirmed pivots within .1 ATR, beyond which stops are
/// likely to rest.
struct LiquidityPool {
    double side = 1;
    double low = 0;  ///< of its pivots' prices, quote currency
    double high = 0;
    std::uint32_t pivots = 0;
    Timestamp t_event;    ///< close of the bar of its newest pivot
    Timestamp t_confirm;  ///< close of the bar that confirmed its second pivot: since then it is known
    PoolEnd end = PoolEnd::open;
    std::optional<Timestamp> t_ended;
    liquidity::SweepWatch watch;

    /// Its outer edge.
    [[nodiscard]] double level() const { return side > 0 ? high : low; }
    template <class Archive>
    void archive(Archive& a) {
        a(side, low, high, pivots, t_event, t_confirm, end, t_ended, watch);
        if constexpr (Archive::kIsReader) {
            if (end > PoolEnd::broken) a.fail();
        }
    }
};

/// The pools of one size of bars. What is near is measured by the ATR of the moment, never by a range that later bars
/// may widen.
///   cost: O(pivots + pools) a bar
class LiquidityPools {
public:
    static constexpr double kNear = 0.1;           ///< ATR
    static constexpr std::size_t kMaxPivots = 24;  ///< untouched, of each side; beyond it the oldest goes
    static constexpr std::size_t kMaxPools = 24;   ///< beyond it the oldest that is over goes, else the oldest

    LiquidityPools();
    /// The next closed bar, before what it confirmed is added. in: `usual` absent until ATR and volume are known
    void on_bar(const liquidity::PriceBar& bar, const std::optional<liquidity::SweepWatch::Usual>& usual);
    void add(const indicators::ConfirmedPivots& confirmed, double atr);
    /// Bars are missing: they may have run any of them.
    void clear();

    [[nodiscard]] std::span<const LiquidityPool> pools() const { return pools_; }

    template <class Archive>
    void archive(Archive& a) {
        a(pivots_, pools_);
        if constexpr (Archive::kIsReader) {
            if (pools_.size() > kMaxPools || pivots_[0].size() > kMaxPivots || pivots_[1].size() > kMaxPivots) {
                a.fail();
                clear();
            }
        }
    }

private:
    struct Single {
        double price = 0;
        template <class Archive>
        void archive(Archive& a) {
            a(price);
        }
    };
    void add(double side, const indicators::Pivot& pivot, double atr);
    [[nodiscard]] std::vector<Single>& pivots(double side) { return pivots_[side > 0 ? 0 : 1]; }

    std::array<std::vector<Single>, 2> pivots_;  // highs, lows that no pool holds and no bar went beyond
    std::vector<LiquidityPool> pools_;           // by age
};

}  // namespace vt::analysis::smart_money
