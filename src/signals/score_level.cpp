#include "signals/score_level.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace vt::signals {
namespace {

constexpr Nanos kHour = std::chrono::hours{1};
constexpr double kBinPoints = 0.5;

}  // namespace

void ScoreLevel::begin_hour(Timestamp start) {
    current_ = has_begun_ ? (current_ + 1) % kHours : 0;
    has_begun_ = true;
    Hour& hour = hours_[current_];
    for (std::size_t bin = 0; bin < kBins; ++bin) {
        counts_[bin] -= hour.counts[bin];
        minutes_ -= hour.counts[bin];
    }
    hour = {.start = start};
    // Hours in which nothing was seen take no place: what is older than a week is dropped by its own age.
    for (Hour& other : hours_) {
        if (other.start == Timestamp{} || other.start > start - static_cast<std::int64_t>(kHours) * kHour) continue;
        for (std::size_t bin = 0; bin < kBins; ++bin) {
            counts_[bin] -= other.counts[bin];
            minutes_ -= other.counts[bin];
        }
        other = {};
    }
}

void ScoreLevel::add(Timestamp minute_end, double distance) {
    const Timestamp start = floor_to(minute_end, kHour);
    if (!has_begun_ || start > hours_[current_].start) begin_hour(start);
    const auto bin = std::min(static_cast<std::size_t>(distance / kBinPoints), kBins - 1);
    ++hours_[current_].counts[bin];
    ++counts_[bin];
    ++minutes_;
}

double ScoreLevel::distance(const Params& params) const {
    const double most = params.score - 50;
    if (minutes_ < params.level_minutes_min) return most;
    // The lowest edge that no more than the share lies beyond.
    const double allowed = params.level_share * static_cast<double>(minutes_);
    double beyond = 0;
    std::size_t bin = kBins;
    while (bin > 0 && beyond + static_cast<double>(counts_[bin - 1]) <= allowed)
        beyond += static_cast<double>(counts_[--bin]);
    return std::clamp(static_cast<double>(bin) * kBinPoints, params.level_floor - 50, most);
}

}  // namespace vt::signals
