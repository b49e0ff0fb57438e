#pragma once

#include "analysis/leaf.hpp"
#include "analysis/liquidity/bar_history.hpp"
#include "analysis/liquidity/liquidity_context.hpp"
#include "indicators/volume_profile.hpp"

#include <cstdint>
#include <optional>

namespace vt::analysis::liquidity {

/// Where price stands in the value area of the last 24 hours: -1 at its low or below, 0 in its middle, +1 at its high
/// or above. Whether price goes on from there or comes back is not decided: shadow.
///   out:    -1..1; the profile is made of 5m bars, each spread evenly over its range, in rows of max(tick,
///           ATR14(30m)/50)
///   source: docs/indicators/profile_location.md; oracle `volume_profile` two-row rule
class ProfileLocation {
public:
    static constexpr double kMinBars = 144;  ///< of 288

    explicit ProfileLocation(double tick) : tick_(tick) {}
    [[nodiscard]] static Component describe();

    void restart();
    /// After the last of the bars that were due; looks at the last 24 h of them.
    ///   cost: O(rows that 288 bars cover), a few thousand
    void update(const PriceBar& last, const BarHistory& history, const std::optional<double>& atr_30m);
    void evaluate(const LiquidityContext& context, Component& component);
    /// After a load: the rows of the profile, which are not saved, from bars that are.
    void restore_rows(const BarHistory& history, const std::optional<double>& atr_30m);
    /// Of the last 24 h. out: absent until ATR14(30m) and a bar with volume are there
    [[nodiscard]] const std::optional<indicators::ValueArea>& value_area() const { return area_; }
    /// What the value area is of. out: absent with it
    [[nodiscard]] const std::optional<indicators::VolumeProfile>& profile() const { return profile_; }
    /// The close of the last bar in it.
    [[nodiscard]] std::optional<Timestamp> closed_until() const { return last_close_time_; }

    template <class Archive>
    void archive(Archive& a) {
        bool has_area = area_.has_value();
        a(has_area);
        if constexpr (Archive::kIsReader) area_.reset();
        if (has_area) {
            indicators::ValueArea area = area_.value_or(indicators::ValueArea{});
            a(area.point_of_control, area.high, area.low, area.volume, area.total);
            area_ = area;
        }
        a(bars_, last_close_, last_close_time_);
    }

private:
    /// out: how many bars are in the profile
    std::uint32_t fill_rows(const BarHistory& history, const std::optional<double>& atr_30m);

    double tick_;
    std::optional<indicators::VolumeProfile> profile_;
    std::optional<indicators::ValueArea> area_;
    std::uint32_t bars_ = 0;
    double last_close_ = 0;
    std::optional<Timestamp> last_close_time_;
};

}  // namespace vt::analysis::liquidity
