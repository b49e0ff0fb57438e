#pragma once

#include "analysis/liquidity/bar_history.hpp"
#include "analysis/refuse_unless.hpp"

#include <cstdint>
#include <optional>

namespace vt::analysis::liquidity {

/// How a touch of a level ended.
struct TouchOutcome {
    bool is_bounce = false;
    bool is_from_above = false;  ///< the level was tried as a support
    double penetration_atr = 0;  ///< how far beyond the near edge the price went, in average true ranges
};

/// Watches one price level for touches. The level is a band of +-1/8 ATR. A touch begins when a bar reaches the near
/// edge after price was at least 1/4 ATR away from it; it is a bounce when a bar closes 1/2 ATR off the near edge,
/// back where it came from, and a break when one closes 1/2 ATR beyond the far edge. A touch that is neither within
/// 36 bars (3 h) is dropped. Only closes decide, because the order of high and low inside a bar is not known. A level
/// that means nothing is bounced off by the same rule too, so a rate says something only beside the placebo's.
class LevelWatch {
public:
    static constexpr double kHalfWidth = 0.125;  ///< all in ATR
    static constexpr double kArmDistance = 0.25;
    static constexpr double kDecideDistance = 0.5;
    static constexpr std::uint32_t kMaxBars = 36;

    /// The next closed 5m bar. out: how a touch ended, when one did with this bar. cost: O(1)
    [[nodiscard]] std::optional<TouchOutcome> update(double level, const PriceBar& bar, double atr);
    /// Bars are missing: nobody knows how a touch went on.
    void reset() { *this = LevelWatch{}; }

    template <class Archive>
    void archive(Archive& a) {
        a(phase_, side_, bars_, atr_, deepest_);
        refuse_unless(a, phase_ <= Phase::touched);
    }

private:
    enum class Phase : std::uint8_t { near, armed, touched };
    void rest(double level, double close, double atr);

    Phase phase_ = Phase::near;
    double side_ = 1;         // +1: price is above the level, which is a support; -1: below
    std::uint32_t bars_ = 0;  // of the touch
    double atr_ = 0;          // when the touch began: its edges stay
    double deepest_ = 0;      // beyond the near edge, quote currency
};

}  // namespace vt::analysis::liquidity
