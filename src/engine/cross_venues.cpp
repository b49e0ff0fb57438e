#include "engine/cross_venues.hpp"

#include "base/math.hpp"

#include <algorithm>
#include <cmath>

namespace vt::engine {
namespace {

std::uint32_t seconds_of(Timestamp second) {
    return static_cast<std::uint32_t>(std::chrono::floor<std::chrono::seconds>(second).time_since_epoch().count());
}

Timestamp instant_of(std::uint32_t second) { return Timestamp{std::chrono::seconds{second}}; }

}  // namespace

void CrossVenues::refresh(std::span<const market::Instrument> instruments) {
    if (is_current_) return;
    is_current_ = true;
    map_ = market::CrossVenueMap(instruments);
    paths_.resize(instruments.size());
    const std::vector<VenueLead> known = std::move(leads_);
    leads_.clear();
    for (const market::Instrument& one : instruments) {
        const auto counterparts = map_.counterparts(one.id);
        if (!counterparts.empty() && !paths_[one.id.value()]) paths_[one.id.value()].emplace();
        for (const market::InstrumentId other : counterparts) {
            if (instruments[other.value()].venue < one.venue) continue;  // the pair is the other's
            const auto same = std::find_if(known.begin(), known.end(), [&](const VenueLead& lead) {
                return lead.first == one.id && lead.second == other;
            });
            leads_.push_back(same != known.end() ? *same : VenueLead{.first = one.id, .second = other});
        }
    }
}

std::span<const VenueLead> CrossVenues::leads_of(market::InstrumentId first) const {
    const auto is_before = [](const VenueLead& lead, market::InstrumentId id) {
        return lead.first.value() < id.value();
    };
    const auto begin = std::lower_bound(leads_.begin(), leads_.end(), first, is_before);
    const auto end = std::find_if(begin, leads_.end(), [&](const VenueLead& lead) { return lead.first != first; });
    return {begin, end};
}

void CrossVenues::record(market::InstrumentId instrument, Timestamp second, const std::optional<double>& mid) {
    if (instrument.value() >= paths_.size() || !paths_[instrument.value()]) return;
    Path& path = *paths_[instrument.value()];
    if (mid) {
        if (!path.first_mid) path.first_mid = mid;
        if (!path.points.empty() && path.points.back().second >= seconds_of(second)) path.points.clear();
        path.points.push({seconds_of(second), static_cast<float>(math::log(*mid / *path.first_mid))});
    }
    const auto period = static_cast<std::size_t>(kEvery / kStep);
    for (std::size_t i = seconds_of(second) % period; i < leads_.size(); i += period) {
        if (leads_[i].second == instrument) judge(leads_[i], second);
    }
}

void CrossVenues::take_common(const Path& first, const Path& second, Timestamp until) {
    first_.clear();
    second_.clear();
    const std::uint32_t from = seconds_of(until - kWindow);
    std::size_t i = 0;
    for (std::size_t j = 0; j < second.points.size(); ++j) {
        const Point& y = second.points[j];
        if (y.second <= from) continue;
        while (i < first.points.size() && first.points[i].second < y.second) ++i;
        if (i == first.points.size()) return;
        const Point& x = first.points[i];
        if (x.second != y.second) continue;
        first_.push_back({instant_of(x.second), static_cast<double>(x.log_change)});
        second_.push_back({instant_of(y.second), static_cast<double>(y.log_change)});
    }
}

// Whoever leads by less than a second still shows: what moved late in a second moves the other's mid in the next.
// Under independence the correlations at +1 s and -1 s each have a variance of 1/n.
void CrossVenues::judge(VenueLead& lead, Timestamp second) {
    take_common(*paths_[lead.first.value()], *paths_[lead.second.value()], second);
    lead.at = second;
    lead.coverage = static_cast<double>(first_.size()) / static_cast<double>(kWindow / kStep);
    lead.agreement.reset();
    lead.leader.reset();
    if (first_.size() < kMinSeconds) return;
    lead.agreement = indicators::lead_lag(first_, second_, kStep, kSteps);
    if (!lead.agreement) return;
    const auto follows = indicators::hayashi_yoshida(first_, second_, kStep).correlation();
    const auto precedes = indicators::hayashi_yoshida(first_, second_, -kStep).correlation();
    const double deviation = std::sqrt(2 / static_cast<double>(first_.size()));
    double excess = (*follows - *precedes) / deviation;
    if (lead.agreement->lag != Nanos{0}) {
        const double sign = lead.agreement->lag > Nanos{0} ? 1 : -1;
        excess = sign * std::abs(lead.agreement->correlation) / deviation;
    }
    if (std::abs(excess) >= kMinDeviations) lead.leader = excess > 0 ? lead.first : lead.second;
}

}  // namespace vt::engine
