#include "views/minute_detail.hpp"

#include "analysis/grid.hpp"
#include "analysis/liquidity/liquidity.hpp"
#include "analysis/order_flow/order_flow.hpp"
#include "base/assert.hpp"
#include "engine/symbol.hpp"

#include <algorithm>

namespace vt::views {
namespace {

using analysis::liquidity::TouchCount;
using analysis::liquidity::Zone;
using analysis::liquidity::ZoneMap;

TouchesView touches_of(const TouchCount& count) {
    TouchesView view{.touches = count.touches, .bounces = count.bounces, .bounce_rate = ZoneMap::bounce_rate(count)};
    if (count.touches > 0) view.penetration_atr = count.penetration_atr / count.touches;
    return view;
}

ZonesView zones_of(const ZoneMap& map, const std::optional<double>& price, Timestamp at) {
    ZonesView view{
        .atr = map.atr(), .placebo = touches_of(map.placebo()), .placebo_rate = map.placebo_rate(), .zones = {}};
    for (const Zone& zone : map.zones()) {
        ZoneView& row = view.zones.emplace_back();
        row.price = zone.price;
        row.kinds = zone.kinds;
        row.born = zone.born;
        row.strength = ZoneMap::strength_at(zone, at);
        row.support = touches_of(zone.from_above);
        row.resistance = touches_of(zone.from_below);
        if (!price) continue;
        row.value = map.value_of(zone, *price);
        if (view.atr && *view.atr > 0) row.distance_atr = (zone.price - *price) / *view.atr;
    }
    std::stable_sort(view.zones.begin(), view.zones.end(),
                     [](const ZoneView& a, const ZoneView& b) { return a.price < b.price; });
    return view;
}

std::optional<ProfileView> profile_of(const analysis::liquidity::ProfileLocation& location) {
    if (!location.profile() || !location.value_area() || !location.closed_until()) return std::nullopt;
    ProfileView view{.closed_until = *location.closed_until(),
                     .row_height = location.profile()->row_height(),
                     .area = *location.value_area(),
                     .rows = {}};
    view.rows.reserve(location.profile()->row_count());
    location.profile()->visit_rows([&](double price, double volume) { view.rows.emplace_back(price, volume); });
    return view;
}

std::vector<FootprintView> footprints_of(const analysis::order_flow::FootprintHistory& history) {
    std::vector<FootprintView> views;
    views.reserve(history.minutes().size());
    history.visit([&](const auto& minute, auto levels) {
        views.push_back({.minute = minute, .levels = {levels.begin(), levels.end()}});
    });
    return views;
}

LiquidationLevelsView liquidation_levels_of(const analysis::liquidity::LiquidationMap& map) {
    const auto trials_of = [&](const analysis::liquidity::LevelTrials& trials) {
        return LevelTrialsView{.trials = trials, .hit_rate = map.hit_rate(trials)};
    };
    LiquidationLevelsView view{.levels = {},
                               .explained_share = map.explained_share(),
                               .announced = trials_of(map.announced()),
                               .placebo = trials_of(map.placebo())};
    view.levels.reserve(map.levels().size());
    for (const auto& level : map.levels())
        view.levels.push_back({map.price_of(level), level.long_quote, level.short_quote});
    return view;
}

std::optional<TechnicalView> technical_of(const engine::TechnicalFrames::Run& run) {
    if (run.bars == 0) return std::nullopt;
    TechnicalView view{.closed_until = run.until, .bars = run.bars, .values = {}};
    std::copy(run.set.values().begin(), run.set.values().end(), view.values.begin());
    return view;
}

}  // namespace

std::shared_ptr<const MinuteDetail> minute_detail_of(const engine::Symbol& symbol) {
    VT_ASSERT(!symbol.minutes().empty());
    auto made = std::make_shared<MinuteDetail>();
    made->at = symbol.minutes().back()->start + analysis::kMinute;
    for (std::size_t i = 0; i < symbol.minutes().size(); ++i) made->minutes.push_back(symbol.minutes()[i]);
    const analysis::liquidity::Liquidity& liquidity = symbol.analysis().liquidity();
    made->measures = liquidity.measures();
    made->zones = zones_of(liquidity.zones(), symbol.state().last_price(), made->at);
    made->profile = profile_of(liquidity.profile());
    made->footprints = footprints_of(symbol.analysis().order_flow().footprints());
    made->liquidation_levels = liquidation_levels_of(liquidity.liquidation_map());
    made->events = symbol.analysis().recent_events();
    for (const market::Timeframe frame : market::kTimeframes)
        made->technical[static_cast<std::size_t>(frame)] = technical_of(symbol.technical()[frame]);
    return made;
}

}  // namespace vt::views
