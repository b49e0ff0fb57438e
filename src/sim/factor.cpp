#include "sim/factor.hpp"

#include "base/assert.hpp"
#include "sim/laws.hpp"

#include <algorithm>
#include <cmath>

namespace vt::sim {

FactorNews::FactorNews(std::uint64_t seed, std::string_view name, const FactorParams& params)
    : params_(params),
      returns_(seed, stream_name(name, "returns")),
      regimes_(seed, stream_name(name, "regimes")),
      jumps_(seed, stream_name(name, "jumps")) {}

double FactorNews::sigma_1m(std::int64_t ns) const {
    return (is_stressed_ ? params_.stressed_bps : params_.calm_bps) * 1e-4 * intraday_factor(ns);
}

double FactorNews::draw(std::int64_t ns, double seconds) {
    const double dwell_hours = is_stressed_ ? params_.stressed_dwell_hours : params_.calm_dwell_hours;
    if (regimes_.uniform() * dwell_hours * 3600 < seconds) is_stressed_ = !is_stressed_;
    double value = student_t4(returns_) * sigma_1m(ns) * std::sqrt(seconds / 60);
    if (jumps_.uniform() * 3600 < params_.jumps_per_hour * seconds) {
        value += jumps_.normal() * params_.jump_sigmas * params_.calm_bps * 1e-4;
    }
    return value;
}

double FactorNews::next(std::int64_t ns) { return draw(ns, .1); }
double FactorNews::next_minute(std::int64_t ns) { return draw(ns, 60); }

FactorPath::FactorPath(Timestamp start, double log_price)
    : ring_(static_cast<std::size_t>((kMaxLag + std::chrono::seconds{2}) / kStep), log_price),
      first_(step_of(start)),
      step_(step_of(start)) {}

void FactorPath::push(double log_price) {
    ++step_;
    ring_[static_cast<std::size_t>(step_) % ring_.size()] = log_price;
}

double FactorPath::at(std::int64_t step) const {
    VT_ASSERT(step <= step_);
    VT_ASSERT(step_ - step < static_cast<std::int64_t>(ring_.size()));
    return ring_[static_cast<std::size_t>(step) % ring_.size()];
}

}  // namespace vt::sim
