#pragma once

#include "analysis/liquidity/bar_history.hpp"
#include "analysis/liquidity/price_level.hpp"
#include "analysis/refuse_unless.hpp"
#include "base/time.hpp"
#include "indicators/swing_pivots.hpp"
#include "indicators/volatility/average_true_range.hpp"
#include "indicators/volume_profile.hpp"
#include "indicators/wilson.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace vt::analysis::liquidity {

/// Why a price may be remembered by the market.
enum class ZoneKind : std::uint8_t {
    swing_30m,
    swing_4h,
    point_of_control,  ///< of a finished UTC day
    value_edge,        ///< its value area's high or low
    day_extreme,
    week_extreme,
    round_number,
};
inline constexpr std::size_t kZoneKindCount = 7;
[[nodiscard]] std::string_view name(ZoneKind kind);

/// Touches that ended, and how.
struct TouchCount {
    double touches = 0;
    double bounces = 0;
    double penetration_atr = 0;  ///< sum
    template <class Archive>
    void archive(Archive& a) {
        a(touches, bounces, penetration_atr);
        refuse_unless(a, bounces >= 0 && bounces <= touches);
    }
};

/// A price that has at least one reason to matter, and what became of it since.
struct Zone {
    double price = 0;
    Timestamp born;       ///< confirmation of its first reason
    double strength = 0;  ///< weights of its reasons, halving every 100 bars of 30m, as of `strength_at`
    Timestamp strength_at;
    std::uint32_t kinds = 0;  ///< bit for each ZoneKind
    TouchCount from_above;    ///< touches as a support
    TouchCount from_below;    ///< and as a resistance
    LevelWatch watch;

    [[nodiscard]] bool has(ZoneKind kind) const { return (kinds >> static_cast<unsigned>(kind) & 1U) != 0; }
    template <class Archive>
    void archive(Archive& a) {
        a(price, born, strength, strength_at, kinds, from_above, from_below, watch);
    }
};

/// Support and resistance: prices where something happened, each watched from the instant at which it was known, and
/// beside them prices where nothing did (the placebo), watched by the same rule. Whether a zone holds is a count, not
/// a belief: it is proven when the lower Wilson bound of its bounce rate lies above the placebo's rate.
///
/// Reasons come from closed bars: swing pivots of 30m and 4h bars, the last day's point of control and value area,
/// high and low of day and week, the nearest round numbers. A new one joins the nearest zone within 1/4 ATR14(30m),
/// else it founds a zone. (Zones do not grow by chains of neighbours as in DBSCAN: a zone must stay where it was when
/// it was touched.) Every half hour one placebo is set inside the range of the last 24 h, at the golden-ratio
/// sequence's next place and not within 1/4 ATR of a zone: evenly spread, and the same in every run.
///   source: docs/indicators/sr_zones.md; Osler 2000 for the placebo
class ZoneMap {
public:
    static constexpr std::size_t kMaxZones = 200;     ///< beyond it the weakest goes
    static constexpr std::size_t kPlacebos = 96;      ///< beyond it the oldest goes
    static constexpr double kMinTouches = 5;          ///< from one side, of a zone that can be proven
    static constexpr double kMinPlaceboTouches = 50;  ///< before anything can be proven

    explicit ZoneMap(double tick) : tick_(tick) {}

    /// The next bar by BarHistory's order. cost: O(zones); at the end of a day O(rows of its profile) more
    void on_bar(BarSize size, const PriceBar& bar, const BarHistory& history);
    void clear();

    [[nodiscard]] std::span<const Zone> zones() const { return zones_; }
    /// ATR14 of 30m bars. out: absent until 15 of them were seen
    [[nodiscard]] std::optional<double> atr() const { return atr_.value(); }
    [[nodiscard]] const TouchCount& placebo() const { return placebo_; }
    /// Bounces of the placebo's touches. out: absent below kMinPlaceboTouches
    [[nodiscard]] std::optional<double> placebo_rate() const;
    /// The zone's strength at an instant that is not before its last reason's.
    [[nodiscard]] static double strength_at(const Zone& zone, Timestamp at);
    /// The rate of bounces is in here with 90 %.
    [[nodiscard]] static indicators::Interval bounce_rate(const TouchCount& count);
    /// What a zone is worth at a price: its proven excess over the placebo, fading with distance. Below or at the
    /// price it is judged by its touches as a support, above it by those as a resistance.
    ///   out: 0 for an unproven zone and for one farther than 1 ATR
    [[nodiscard]] double value_of(const Zone& zone, double price) const;
    /// clamp(2 (sum of supports - sum of resistances), -1, 1): supports are the zones at or below the price.
    [[nodiscard]] double balance_at(double price) const;

    template <class Archive>
    void archive(Archive& a) {
        a(atr_, swings_30m_, swings_4h_, last_close_5m_, last_close_30m_, last_close_4h_, zones_, placebos_, placebo_,
          placebo_steps_, next_placebo_);
        if constexpr (Archive::kIsReader) {
            if (zones_.size() > kMaxZones || placebos_.size() > kPlacebos || next_placebo_ >= kPlacebos) {
                a.fail();
                clear();
            }
        }
    }

private:
    struct Placebo {
        double price = 0;
        LevelWatch watch;
        template <class Archive>
        void archive(Archive& a) {
            a(price, watch);
        }
    };
    void watch_levels(const PriceBar& bar);
    void add_reason(ZoneKind kind, double price, Timestamp at);
    void add_swings(indicators::SwingPivots& swings, ZoneKind kind, const PriceBar& bar);
    void add_day(const PriceBar& last, const BarHistory& history);
    void add_week(const PriceBar& last, const BarHistory& history);
    void set_placebo(const PriceBar& bar, const BarHistory& history);
    [[nodiscard]] Zone* nearest(double price, double within);

    double tick_;
    indicators::AverageTrueRange atr_;
    indicators::SwingPivots swings_30m_;
    indicators::SwingPivots swings_4h_;
    std::optional<Timestamp> last_close_5m_, last_close_30m_, last_close_4h_;
    std::vector<Zone> zones_;  // by age
    std::vector<Placebo> placebos_;
    TouchCount placebo_;
    std::uint32_t placebo_steps_ = 0;
    std::uint32_t next_placebo_ = 0;  // the oldest, once there are kPlacebos
};

}  // namespace vt::analysis::liquidity
