#include "cache/warm_schedule.hpp"

#include <algorithm>

namespace vt::cache {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::seconds;

std::string_view name(MarketHours hours) {
    switch (hours) {
        case MarketHours::before: return "before";
        case MarketHours::open: return "open";
        case MarketHours::after: return "after";
        case MarketHours::closed: return "closed";
    }
    return "closed";
}

MarketHours WarmSchedule::hours_at(Timestamp now) const {
    const auto local = std::chrono::floor<seconds>(params_.zone.local(now));
    const auto midnight = std::chrono::floor<days>(local);
    const std::chrono::weekday day{std::chrono::sys_days(midnight.time_since_epoch())};
    if (day == std::chrono::Saturday || day == std::chrono::Sunday) return MarketHours::closed;
    const seconds time = local - midnight;
    if (time < params_.before_from || time >= params_.after_to) return MarketHours::closed;
    if (time < params_.open_from) return MarketHours::before;
    return time < params_.open_to ? MarketHours::open : MarketHours::after;
}

seconds WarmSchedule::every(MarketHours hours) const {
    switch (hours) {
        case MarketHours::before: return params_.before_every;
        case MarketHours::open: return params_.open_every;
        case MarketHours::after: return params_.after_every;
        case MarketHours::closed: return params_.closed_every;
    }
    return params_.closed_every;
}

Timestamp WarmSchedule::next_after(Timestamp now) const {
    const seconds pace = every(hours_at(now));
    const auto local = std::chrono::floor<seconds>(params_.zone.local(now));
    const seconds since_midnight = local - std::chrono::floor<days>(local);
    const Timestamp second = std::chrono::floor<seconds>(now);
    Timestamp next = second + (pace - since_midnight % pace);
    for (const minutes border : {params_.before_from, params_.open_from, params_.open_to, params_.after_to}) {
        if (since_midnight < border && second + (border - since_midnight) < next &&
            hours_at(second + (border - since_midnight)) != hours_at(now))
            next = second + (border - since_midnight);
    }
    return next;
}

}  // namespace vt::cache
