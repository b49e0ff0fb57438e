#include "analysis/liquidity/zone_map.hpp"

#include "base/math.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>

namespace vt::analysis::liquidity {
namespace {

constexpr Nanos kWeek = kDay * 7;
constexpr Nanos kThursdayToMonday = kDay * 4;  // 1970-01-01 was a Thursday
constexpr double kJoinDistance = 0.25;         // ATR
constexpr double kNearDistance = 1;            // ATR
constexpr double kRowsPerAtr = 50;
constexpr double kRoundStepAtr = 8;  // round numbers lie at least so many ATR apart
constexpr Nanos kStrengthHalfLife = std::chrono::minutes{30} * 100;
constexpr double kMinStrength = 0.02;
constexpr double kFoldedTouches = 4000;  // the placebo forgets half when it has so many
constexpr double kMaxMissingBars = 0.5;

/// How much a reason counts (p): for what is forgotten first and what is shown, not for the score.
double weight_of(ZoneKind kind) {
    switch (kind) {
        case ZoneKind::swing_30m: return 1;
        case ZoneKind::swing_4h: return 2;
        case ZoneKind::point_of_control: return 1.5;
        case ZoneKind::value_edge: return 1;
        case ZoneKind::day_extreme: return 1;
        case ZoneKind::week_extreme: return 2;
        case ZoneKind::round_number: return 0.5;
    }
    return 0;
}

/// The smallest of 1, 2, 5 x 10^n that is at least `least`.
double round_step(double least) {
    double step = math::pow(10, std::floor(math::log(least) / math::log(10.0)) - 1);
    for (int i = 0; step < least; ++i) step *= i % 3 == 1 ? 2.5 : 2;
    return step;
}

bool follows(std::optional<Timestamp>& last_close, const PriceBar& bar, BarSize size) {
    const bool is_next = last_close && bar.close_time - *last_close == interval_of(size);
    last_close = bar.close_time;
    return is_next;
}

struct Extremes {
    double high = 0;
    double low = std::numeric_limits<double>::max();
    std::int64_t bars = 0;
    void add(const PriceBar& bar) {
        high = std::max(high, bar.high);
        low = std::min(low, bar.low);
        ++bars;
    }
};

}  // namespace

std::string_view name(ZoneKind kind) {
    constexpr std::array<std::string_view, kZoneKindCount> kNames{
        "swing_30m", "swing_4h", "point_of_control", "value_edge", "day_extreme", "week_extreme", "round_number"};
    return kNames[static_cast<std::size_t>(kind)];
}

double ZoneMap::strength_at(const Zone& zone, Timestamp at) {
    return zone.strength * math::exp2(-to_seconds(at - zone.strength_at) / to_seconds(kStrengthHalfLife));
}

void ZoneMap::on_bar(BarSize size, const PriceBar& bar, const BarHistory& history) {
    switch (size) {
        case BarSize::m5:
            if (!follows(last_close_5m_, bar, size)) {
                for (Zone& zone : zones_) zone.watch.reset();
                for (Placebo& placebo : placebos_) placebo.watch.reset();
            }
            watch_levels(bar);
            if (floor_to(bar.close_time, kDay) == bar.close_time) add_day(bar, history);
            return;
        case BarSize::m30:
            if (!follows(last_close_30m_, bar, size)) {
                swings_30m_.clear();
                atr_.skip_gap();
            }
            atr_.update(bar.high, bar.low, bar.close);
            add_swings(swings_30m_, ZoneKind::swing_30m, bar);
            set_placebo(bar, history);
            return;
        case BarSize::h4:
            if (!follows(last_close_4h_, bar, size)) swings_4h_.clear();
            add_swings(swings_4h_, ZoneKind::swing_4h, bar);
            if (floor_to(bar.close_time - kThursdayToMonday, kWeek) == bar.close_time - kThursdayToMonday) {
                add_week(bar, history);
            }
            return;
    }
}

void ZoneMap::watch_levels(const PriceBar& bar) {
    const auto atr = atr_.value();
    if (!atr || !(*atr > 0)) return;
    const auto count = [](TouchCount& into, const TouchOutcome& outcome) {
        into.touches += 1;
        into.bounces += outcome.is_bounce ? 1 : 0;
        into.penetration_atr += outcome.penetration_atr;
    };
    for (Zone& zone : zones_) {
        if (const auto outcome = zone.watch.update(zone.price, bar, *atr)) {
            count(outcome->is_from_above ? zone.from_above : zone.from_below, *outcome);
        }
    }
    for (Placebo& placebo : placebos_) {
        if (const auto outcome = placebo.watch.update(placebo.price, bar, *atr)) count(placebo_, *outcome);
    }
    if (placebo_.touches >= kFoldedTouches) {
        placebo_ = {placebo_.touches / 2, placebo_.bounces / 2, placebo_.penetration_atr / 2};
    }
}

Zone* ZoneMap::nearest(double price, double within) {
    Zone* found = nullptr;
    for (Zone& zone : zones_) {
        const double distance = std::abs(zone.price - price);
        if (distance > within || (found != nullptr && std::abs(found->price - price) <= distance)) continue;
        found = &zone;
    }
    return found;
}

void ZoneMap::add_reason(ZoneKind kind, double price, Timestamp at) {
    const auto atr = atr_.value();
    if (!atr || !(*atr > 0) || !(price > 0)) return;
    const std::uint32_t bit = std::uint32_t{1} << static_cast<unsigned>(kind);
    if (Zone* const zone = nearest(price, kJoinDistance * *atr)) {
        zone->strength = strength_at(*zone, at) + weight_of(kind);
        zone->strength_at = at;
        zone->kinds |= bit;
        return;
    }
    std::erase_if(zones_, [&](const Zone& zone) { return strength_at(zone, at) < kMinStrength; });
    if (zones_.size() == kMaxZones) {
        const auto is_weaker = [&](const Zone& a, const Zone& b) { return strength_at(a, at) < strength_at(b, at); };
        zones_.erase(std::min_element(zones_.begin(), zones_.end(), is_weaker));
    }
    zones_.push_back({.price = price, .born = at, .strength = weight_of(kind), .strength_at = at, .kinds = bit});
}

void ZoneMap::add_swings(indicators::SwingPivots& swings, ZoneKind kind, const PriceBar& bar) {
    const auto confirmed = swings.update(bar.high, bar.low, bar.close_time);
    if (confirmed.high) add_reason(kind, confirmed.high->price, confirmed.high->t_confirm);
    if (confirmed.low) add_reason(kind, confirmed.low->price, confirmed.low->t_confirm);
}

void ZoneMap::add_day(const PriceBar& last, const BarHistory& history) {
    const auto atr = atr_.value();
    if (!atr || !(*atr > 0)) return;
    Extremes day;
    indicators::VolumeProfile profile(std::max(tick_, *atr / kRowsPerAtr));
    history.visit_span(BarSize::m5, last.close_time, kDay, [&](const PriceBar& bar) {
        day.add(bar);
        (void)profile.add_range(bar.low, bar.high, bar.volume);
    });
    const std::int64_t whole = kDay / interval_of(BarSize::m5);
    if (static_cast<double>(day.bars) < (1 - kMaxMissingBars) * static_cast<double>(whole)) return;
    if (const auto area = profile.value_area()) {
        add_reason(ZoneKind::point_of_control, area->point_of_control, last.close_time);
        add_reason(ZoneKind::value_edge, area->high, last.close_time);
        add_reason(ZoneKind::value_edge, area->low, last.close_time);
    }
    add_reason(ZoneKind::day_extreme, day.high, last.close_time);
    add_reason(ZoneKind::day_extreme, day.low, last.close_time);
    const double step = round_step(kRoundStepAtr * *atr);
    const double below = std::floor(last.close / step) * step;
    add_reason(ZoneKind::round_number, below, last.close_time);
    add_reason(ZoneKind::round_number, below + step, last.close_time);
}

void ZoneMap::add_week(const PriceBar& last, const BarHistory& history) {
    Extremes week;
    history.visit_span(BarSize::h4, last.close_time, kWeek, [&](const PriceBar& bar) { week.add(bar); });
    const std::int64_t whole = kWeek / interval_of(BarSize::h4);
    if (static_cast<double>(week.bars) < (1 - kMaxMissingBars) * static_cast<double>(whole)) return;
    add_reason(ZoneKind::week_extreme, week.high, last.close_time);
    add_reason(ZoneKind::week_extreme, week.low, last.close_time);
}

void ZoneMap::set_placebo(const PriceBar& bar, const BarHistory& history) {
    const auto atr = atr_.value();
    if (!atr || !(*atr > 0)) return;
    Extremes day;
    history.visit_span(BarSize::m30, bar.close_time, kDay, [&](const PriceBar& each) { day.add(each); });
    ++placebo_steps_;
    const double turns = math::kGoldenFraction * static_cast<double>(placebo_steps_);
    const Placebo placebo{.price = day.low + (turns - std::floor(turns)) * (day.high - day.low)};
    if (nearest(placebo.price, kJoinDistance * *atr) != nullptr) return;
    if (placebos_.size() < kPlacebos) {
        placebos_.push_back(placebo);
    } else {
        placebos_[next_placebo_] = placebo;
        next_placebo_ = static_cast<std::uint32_t>((next_placebo_ + 1) % kPlacebos);
    }
}

std::optional<double> ZoneMap::placebo_rate() const {
    if (placebo_.touches < kMinPlaceboTouches) return std::nullopt;
    return placebo_.bounces / placebo_.touches;
}

indicators::Interval ZoneMap::bounce_rate(const TouchCount& count) {
    return indicators::wilson_interval(count.bounces, count.touches, indicators::kNormal90);
}

double ZoneMap::value_of(const Zone& zone, double price) const {
    const auto atr = atr_.value();
    const auto placebo = placebo_rate();
    const TouchCount& count = zone.price <= price ? zone.from_above : zone.from_below;
    if (!atr || !placebo || count.touches < kMinTouches) return 0;
    const double distance = std::abs(zone.price - price) / *atr;
    if (!(distance <= kNearDistance)) return 0;
    return std::max(0.0, bounce_rate(count).lower - *placebo) * math::exp(-distance);
}

double ZoneMap::balance_at(double price) const {
    double supports = 0;
    double resistances = 0;
    for (const Zone& zone : zones_) (zone.price <= price ? supports : resistances) += value_of(zone, price);
    return std::clamp(2 * (supports - resistances), -1.0, 1.0);
}

void ZoneMap::clear() { *this = ZoneMap(tick_); }

}  // namespace vt::analysis::liquidity
