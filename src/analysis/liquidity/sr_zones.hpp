#pragma once

#include "analysis/leaf.hpp"
#include "analysis/liquidity/bar_history.hpp"
#include "analysis/liquidity/liquidity_context.hpp"
#include "analysis/liquidity/zone_map.hpp"
#include "analysis/refuse_unless.hpp"

#include <optional>

namespace vt::analysis::liquidity {

/// Whether proven support below outweighs proven resistance above, within one ATR14(30m) of the last 5m close.
/// It gates itself: without a zone that beats the placebo it says nothing.
///   out:    -1..1; 0 with flag no_event when nothing is proven
///   source: docs/indicators/sr_zones.md; oracle `wilson`, `volume_profile`
class SrZones {
public:
    static constexpr double kMinBars = 200;  ///< of 30m, in the last 200 half hours

    explicit SrZones(double tick) : map_(tick) {}
    [[nodiscard]] static Component describe();

    /// All bars must be visited anew.
    void restart();
    void on_bar(BarSize size, const PriceBar& bar, const BarHistory& history);
    void evaluate(const LiquidityContext& context, const BarHistory& history, Component& component);
    [[nodiscard]] const ZoneMap& map() const { return map_; }

    template <class Archive>
    void archive(Archive& a) {
        a(map_, last_close_, last_close_time_, balance_);
        refuse_unless(a, is_balance(balance_));
    }

private:
    ZoneMap map_;
    std::optional<double> last_close_;  // of a 5m bar
    Timestamp last_close_time_{};
    double balance_ = 0;
};

}  // namespace vt::analysis::liquidity
