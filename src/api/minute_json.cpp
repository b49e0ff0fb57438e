#include "api/json.hpp"

#include <algorithm>
#include <chrono>

namespace vt::api {
namespace {

using views::MinuteDetail;
using views::Snapshot;

/// The minute as the time of the document: it changes when the minute does, not ten times a second. Null before the
/// first closed minute.
const MinuteDetail* begin_document(JsonWriter& out, const Snapshot& snapshot, std::size_t row) {
    const market::Instrument& instrument = snapshot.rows[row].instrument;
    const MinuteDetail* minute = snapshot.details[row]->minute.get();
    out.begin_object().field("id", instrument.path_id()).field("symbol", instrument.unified_symbol());
    out.field("timestamp", minute != nullptr ? std::optional(to_ms(minute->at)) : std::nullopt);
    return minute;
}

void write_measures(JsonWriter& out, const MinuteDetail* minute) {
    out.key("measures").begin_array();
    if (minute != nullptr) {
        for (const analysis::liquidity::Measure& measure : minute->measures) {
            out.begin_object().field("name", measure.name).field("unit", measure.unit);
            out.field("value", measure.value).field("n", measure.n).field("coverage", measure.coverage);
            out.field("age_ms",
                      measure.age ? std::optional(std::chrono::floor<std::chrono::milliseconds>(*measure.age).count())
                                  : std::nullopt);
            out.key("flags").begin_array();
            measure.flags.for_each([&](analysis::Flag flag) { out.value(analysis::name(flag)); });
            out.end_array().end_object();
        }
    }
    out.end_array();
}

void write_touches(JsonWriter& out, std::string_view name, const views::TouchesView& view) {
    out.key(name).begin_object().field("touches", view.touches).field("bounces", view.bounces);
    const bool is_touched = view.touches > 0;
    out.field("bounce_rate", is_touched ? std::optional(view.bounces / view.touches) : std::nullopt);
    out.field("bounce_rate_lower", view.bounce_rate.lower).field("bounce_rate_upper", view.bounce_rate.upper);
    out.field("penetration_atr", view.penetration_atr).end_object();
}

void write_zone(JsonWriter& out, const views::ZoneView& zone, Timestamp at) {
    out.begin_object().field("price", zone.price).key("kinds").begin_array();
    for (std::size_t kind = 0; kind < analysis::liquidity::kZoneKindCount; ++kind) {
        if ((zone.kinds >> kind & 1U) != 0) out.value(name(static_cast<analysis::liquidity::ZoneKind>(kind)));
    }
    out.end_array().field("born_at", to_ms(zone.born));
    out.field("age_hours", to_seconds(at - zone.born) / 3600).field("strength", zone.strength);
    out.field("distance_atr", zone.distance_atr).field("value", zone.value);
    write_touches(out, "support", zone.support);
    write_touches(out, "resistance", zone.resistance);
    out.end_object();
}

void write_trials(JsonWriter& out, std::string_view name, const views::LevelTrialsView& view) {
    const auto per_reached = [&](double sum) {
        return view.trials.reached > 0 ? std::optional(sum / view.trials.reached) : std::nullopt;
    };
    out.key(name).begin_object().field("reached", view.trials.reached).field("hits", view.trials.hits);
    out.field("hit_rate", per_reached(view.trials.hits));
    out.field("hit_rate_lower", view.hit_rate.lower).field("hit_rate_upper", view.hit_rate.upper);
    out.field("mean_liquidated_quote", per_reached(view.trials.liquidated_quote)).end_object();
}

/// What is assumed stands beside what it gives, and how often that was right.
void write_level_estimate(JsonWriter& out, const views::LiquidationLevelsView& view) {
    using Map = analysis::liquidity::LiquidationMap;
    out.begin_object().key("flags").begin_array().value(name(analysis::Flag::heuristic)).end_array();
    out.key("assumed_leverages").begin_array();
    for (const double leverage : Map::kLeverages) out.value(leverage);
    out.end_array().key("assumed_shares").begin_array();
    for (const double share : Map::kShares) out.value(share);
    out.end_array().field("assumed_maintenance_margin", Map::kMaintenanceMargin);
    out.field("assumed_half_life_hours", to_seconds(Map::kHalfLife) / 3600);
    out.field("explained_share", view.explained_share);
    write_trials(out, "announced", view.announced);
    write_trials(out, "placebo", view.placebo);
    out.key("levels").begin_array();
    for (const auto& level : view.levels)
        out.begin_array().value(level.price).value(level.long_quote).value(level.short_quote).end_array();
    out.end_array().end_object();
}

void write_footprint_minute(JsonWriter& out, const views::FootprintView& view, double tick) {
    const auto height = static_cast<double>(view.minute.bucket_ticks) * tick;
    out.begin_object().field("t", to_ms(view.minute.end - std::chrono::minutes{1})).field("bucket_height", height);
    out.field("buy_stacks", view.minute.stacks.buy).field("sell_stacks", view.minute.stacks.sell);
    out.key("levels").begin_array();
    for (const auto& level : view.levels) {
        out.begin_array().value(static_cast<double>(level.bucket) * height);
        out.value(level.bought).value(level.sold).end_array();
    }
    out.end_array().end_object();
}

std::optional<std::int64_t> ms_of(const std::optional<Timestamp>& at) {
    return at ? std::optional(to_ms(*at)) : std::nullopt;
}

std::optional<std::string_view> direction_of(double direction) {
    if (direction == 0) return std::nullopt;
    return direction > 0 ? "up" : "down";
}

void write_event(JsonWriter& out, const analysis::smart_money::RecentEvent& event) {
    out.begin_object().field("kind", analysis::smart_money::name(event.kind));
    out.field("state", analysis::smart_money::name(event.state)).field("direction", direction_of(event.direction));
    out.field("heuristic", event.is_heuristic());
    out.field("bars", event.bars ? std::optional(analysis::name(*event.bars)) : std::nullopt);
    out.key("resting_side");
    if (event.resting_side)
        out.value(*event.resting_side == market::Side::buy ? "buy" : "sell");
    else
        out.null();
    out.field("event_at", to_ms(event.t_event)).field("confirmed_at", to_ms(event.t_confirm));
    out.field("last_at", ms_of(event.t_last)).field("touched_at", ms_of(event.t_touched));
    out.field("ended_at", ms_of(event.t_ended)).field("low", event.low).field("high", event.high);
    out.field("strength", event.strength).field("notional_quote", event.notional_quote);
    out.field("displacement_atr", event.displacement_atr).field("volume_ratio", event.volume_ratio);
    out.field("count", event.count).end_object();
}

}  // namespace

void write_features(JsonWriter& out, const Snapshot& snapshot, std::size_t row, std::size_t limit) {
    const MinuteDetail* minute = begin_document(out, snapshot, row);
    out.key("minutes").begin_array();
    if (minute != nullptr) {
        const std::size_t shown = std::min(limit, minute->minutes.size());
        for (std::size_t i = minute->minutes.size() - shown; i < minute->minutes.size(); ++i)
            analysis::write_row(out, *minute->minutes[i], snapshot.rows[row].instrument);
    }
    out.end_array();
    write_measures(out, minute);
    out.end_object();
}

void write_zones(JsonWriter& out, const Snapshot& snapshot, std::size_t row) {
    const MinuteDetail* minute = begin_document(out, snapshot, row);
    const views::ZonesView none;
    const views::ZonesView& zones = minute != nullptr ? minute->zones : none;
    out.field("atr", zones.atr).field("placebo_rate", zones.placebo_rate);
    write_touches(out, "placebo", zones.placebo);
    out.key("zones").begin_array();
    for (const views::ZoneView& zone : zones.zones) write_zone(out, zone, minute->at);
    out.end_array().end_object();
}

void write_profile(JsonWriter& out, const Snapshot& snapshot, std::size_t row) {
    const MinuteDetail* minute = begin_document(out, snapshot, row);
    const views::ProfileView* profile = minute != nullptr && minute->profile ? &minute->profile.value() : nullptr;
    const auto known = [&](auto of) { return profile != nullptr ? std::optional(of(*profile)) : std::nullopt; };
    using views::ProfileView;
    out.field("closed_until", known([](const ProfileView& view) { return to_ms(view.closed_until); }));
    out.field("row_height", known([](const ProfileView& view) { return view.row_height; }));
    out.field("value_area_rule", "two rows");
    out.field("point_of_control", known([](const ProfileView& view) { return view.area.point_of_control; }));
    out.field("value_area_high", known([](const ProfileView& view) { return view.area.high; }));
    out.field("value_area_low", known([](const ProfileView& view) { return view.area.low; }));
    out.field("value_area_volume", known([](const ProfileView& view) { return view.area.volume; }));
    out.field("total_volume", known([](const ProfileView& view) { return view.area.total; }));
    out.key("rows").begin_array();
    if (profile != nullptr) {
        for (const auto& [price, volume] : profile->rows) out.begin_array().value(price).value(volume).end_array();
    }
    out.end_array().end_object();
}

void write_liquidations(JsonWriter& out, const Snapshot& snapshot, std::size_t row, std::size_t limit) {
    const MinuteDetail* minute = begin_document(out, snapshot, row);
    const auto& all = *snapshot.details[row]->liquidations;
    out.key("liquidations").begin_array();
    for (std::size_t i = all.size() - std::min(limit, all.size()); i < all.size(); ++i) {
        const market::Liquidation& one = all[i].liquidation;
        out.begin_array().value(to_ms(all[i].at)).value(one.price).value(one.quantity);
        out.value(one.side == market::LiquidatedSide::long_position ? "long" : "short").end_array();
    }
    out.end_array().key("levels_estimate");
    write_level_estimate(out, minute != nullptr ? minute->liquidation_levels : views::LiquidationLevelsView{});
    out.end_object();
}

void write_footprint(JsonWriter& out, const Snapshot& snapshot, std::size_t row, std::size_t limit) {
    const MinuteDetail* minute = begin_document(out, snapshot, row);
    const double tick = snapshot.rows[row].instrument.tick();
    out.key("minutes").begin_array();
    if (minute != nullptr) {
        const auto& all = minute->footprints;
        for (std::size_t i = all.size() - std::min(limit, all.size()); i < all.size(); ++i)
            write_footprint_minute(out, all[i], tick);
    }
    out.end_array().end_object();
}

void write_events(JsonWriter& out, const Snapshot& snapshot, std::size_t row) {
    const MinuteDetail* minute = begin_document(out, snapshot, row);
    out.key("events").begin_array();
    if (minute != nullptr) {
        for (const analysis::smart_money::RecentEvent& event : minute->events) write_event(out, event);
    }
    out.end_array().end_object();
}

void write_indicators(JsonWriter& out, const Snapshot& snapshot, std::size_t row, market::Timeframe frame) {
    const MinuteDetail* minute = begin_document(out, snapshot, row);
    const views::TechnicalView* view = nullptr;
    if (minute != nullptr) {
        if (const auto& of_frame = minute->technical[static_cast<std::size_t>(frame)]) view = &*of_frame;
    }
    out.field("timeframe", market::name(frame));
    out.field("closed_until", view != nullptr ? std::optional(to_ms(view->closed_until)) : std::nullopt);
    out.field("bars", view != nullptr ? view->bars : 0).key("values").begin_array();
    for (const indicators::TechnicalField& field : indicators::technical_fields()) {
        out.begin_object().field("name", field.name).field("unit", indicators::name(field.unit));
        out.field("value", view != nullptr ? view->values[static_cast<std::size_t>(field.value)] : std::nullopt);
        out.field("warm_up_bars", static_cast<std::uint64_t>(field.warm_up_bars)).end_object();
    }
    out.end_array().end_object();
}

}  // namespace vt::api
