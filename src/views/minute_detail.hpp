#pragma once

#include "analysis/features/minute_features.hpp"
#include "analysis/liquidity/book_measures.hpp"
#include "analysis/liquidity/liquidation_map.hpp"
#include "analysis/liquidity/zone_map.hpp"
#include "analysis/order_flow/footprint_history.hpp"
#include "analysis/smart_money/recent_event.hpp"
#include "base/time.hpp"
#include "indicators/confidence.hpp"
#include "indicators/technical_values.hpp"
#include "indicators/volume_profile.hpp"
#include "market/candle_frames.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace vt::engine {
class Symbol;
}

/// What is shown of an instrument by the minute. It is made when a minute closes and shared by all snapshots until
/// the next one does, so that ten publications a second copy nothing of it.
namespace vt::views {

/// Touches of a zone from one side, or of the placebo.
struct TouchesView {
    double touches = 0;  ///< that ended; the placebo's are halved now and then
    double bounces = 0;
    indicators::Interval bounce_rate{0, 1};  ///< 90 % Wilson interval
    std::optional<double> penetration_atr;   ///< mean depth beyond the near edge; absent: never touched
};

struct ZoneView {
    double price = 0;
    std::uint32_t kinds = 0;  ///< bit for each analysis::liquidity::ZoneKind
    Timestamp born;
    double strength = 0;
    TouchesView support, resistance;
    std::optional<double> value;         ///< proven excess over the placebo at the last price; absent: no price
    std::optional<double> distance_atr;  ///< from the last price, below it negative
};

struct ZonesView {
    std::optional<double> atr;  ///< ATR14 of 30m bars, quote currency
    TouchesView placebo;
    std::optional<double> placebo_rate;  ///< absent while it is of too few touches
    std::vector<ZoneView> zones;         ///< by price, lowest first
};

struct ProfileView {
    Timestamp closed_until;  ///< the 24 h before it
    double row_height = 0;
    indicators::ValueArea area;
    std::vector<std::pair<double, double>> rows;  ///< price, volume in base currency; lowest first
};

/// One closed minute of the footprint.
struct FootprintView {
    analysis::order_flow::FootprintHistory::Minute minute;
    std::vector<analysis::order_flow::FootprintLevel> levels;  ///< lowest first
};

/// Levels that the price reached, and how often there was a liquidation.
struct LevelTrialsView {
    analysis::liquidity::LevelTrials trials;
    indicators::Interval hit_rate{0, 1};  ///< 90 % Wilson interval
};

/// An estimate: where positions may be liquidated.
struct LiquidationLevelsView {
    struct Level {
        double price = 0, long_quote = 0, short_quote = 0;
    };
    std::vector<Level> levels;              ///< by price, lowest first
    std::optional<double> explained_share;  ///< of the open interest
    LevelTrialsView announced, placebo;
};

struct TechnicalView {
    Timestamp closed_until;
    std::uint64_t bars = 0;
    std::array<std::optional<double>, indicators::kTechnicalValueCount> values;
};

struct MinuteDetail {
    Timestamp at;                                                          ///< the end of the minute
    std::vector<std::shared_ptr<const analysis::MinuteFeatures>> minutes;  ///< oldest first
    std::vector<analysis::liquidity::Measure> measures;
    ZonesView zones;
    std::optional<ProfileView> profile;
    std::vector<FootprintView> footprints;  ///< oldest first
    LiquidationLevelsView liquidation_levels;
    std::vector<analysis::smart_money::RecentEvent> events;  ///< in the order in which they became known
    std::array<std::optional<TechnicalView>, market::kTimeframes.size()> technical;  ///< absent: no closed bar yet
};

/// in:   a symbol that closed a minute
/// cost: O(zones + profile rows + footprint levels + liquidation levels + events + indicators): some ten
/// microseconds, some ten kilobytes
[[nodiscard]] std::shared_ptr<const MinuteDetail> minute_detail_of(const engine::Symbol& symbol);

}  // namespace vt::views
