#include "analysis/venue_check.hpp"

#include <algorithm>
#include <cmath>

namespace vt::analysis {

std::optional<double> VenueCheck::limit_bps() const {
    if (past_.n() < kPlan.n_min) return std::nullopt;
    return std::max(kMinLimitBps, kMadFactor * kMadOfNormal * past_.spread().spread);
}

void VenueCheck::observe(const std::optional<double>& difference_bps) {
    difference_bps_ = difference_bps;
    const auto limit = limit_bps();
    const bool is_apart = difference_bps && limit && std::abs(*difference_bps) > *limit;
    apart_ = is_apart ? std::min(apart_ + 1, kSeconds) : 0;
}

void VenueCheck::close_minute(Timestamp u, std::vector<float>& scratch) {
    past_.advance(u, scratch);
    past_.offer(u, difference_bps_);
}

std::optional<bool> VenueCheck::differs() const {
    if (!difference_bps_ || !limit_bps()) return std::nullopt;
    return apart_ >= kSeconds;
}

}  // namespace vt::analysis
