#pragma once

#include "analysis/liquidity/bar_history.hpp"

#include <algorithm>
#include <cstdint>

namespace vt::analysis::liquidity {

enum class SweepOutcome : std::uint8_t {
    untouched,
    beyond,    ///< price is beyond it, undecided
    swept,     ///< price came back, on much volume: the stops were run
    returned,  ///< price came back, on ordinary volume
    broken,    ///< price went too far, or stayed too long
};

/// Whether price only reaches through a level at which stops may rest: beyond it by at most half an ATR, with a close
/// back inside within three bars, one of which traded more than 1.5 times the usual volume.
///   source: docs/indicators/liquidity_sweep.md
class SweepWatch {
public:
    static constexpr double kMaxBeyond = 0.5;  ///< ATR
    static constexpr std::uint32_t kMaxBars = 3;
    static constexpr double kVolumeFactor = 1.5;

    /// What is usual before the bar. in: both positive
    struct Usual {
        double atr = 0;
        double volume = 0;
    };
    /// The next closed bar. in: `side` +1 for a high, -1 for a low. cost: O(1)
    [[nodiscard]] SweepOutcome update(double level, double side, const PriceBar& bar, const Usual& usual) {
        const double beyond = side > 0 ? bar.high - level : level - bar.low;
        if (bars_beyond_ == 0 && !(beyond > 0)) return SweepOutcome::untouched;
        if (beyond > kMaxBeyond * usual.atr) return SweepOutcome::broken;
        ++bars_beyond_;
        volume_ = std::max(volume_, bar.volume);
        if (side * (bar.close - level) < 0) {
            return volume_ > kVolumeFactor * usual.volume ? SweepOutcome::swept : SweepOutcome::returned;
        }
        return bars_beyond_ >= kMaxBars ? SweepOutcome::broken : SweepOutcome::beyond;
    }

    /// From the close of the first bar beyond the level to that of the last. in: one was
    [[nodiscard]] Nanos time_beyond(Nanos interval) const {
        return interval * (static_cast<std::int64_t>(bars_beyond_) - 1);
    }

    template <class Archive>
    void archive(Archive& a) {
        a(bars_beyond_, volume_);
    }

private:
    std::uint32_t bars_beyond_ = 0;  // 0: never
    double volume_ = 0;              // the largest of those bars
};

}  // namespace vt::analysis::liquidity
