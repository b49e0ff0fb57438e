#include "analysis/normaliser.hpp"

#include "base/assert.hpp"

#include <cmath>

namespace vt::analysis {

Normaliser::Normaliser(NormaliserPlan plan, MapKind kind) : plan_(plan), kind_(kind), ordered_(plan.n_kept) {
    VT_ASSERT(plan.n_kept > 0);
    VT_ASSERT(kind != MapKind::lb);
    samples_.reserve(plan.n_kept);
}

float Normaliser::ordered(float sample) const { return kind_ == MapKind::z0 ? std::abs(sample) : sample; }

bool Normaliser::order_samples() {
    ordered_.clear();
    for (const float sample : samples_) {
        if (std::isnan(sample)) return false;
        ordered_.append(ordered(sample));
    }
    ordered_.sort();
    return true;
}

void Normaliser::advance(Timestamp u, std::vector<float>&) {
    if (!waiting_ || waiting_end_ > u - plan_.period) return;
    const float now = *waiting_;
    waiting_.reset();
    if (samples_.size() < plan_.n_kept) {
        samples_.push_back(now);
        ordered_.add(ordered(now));
    } else {
        ordered_.replace(ordered(samples_[next_]), ordered(now));
        samples_[next_] = now;
        next_ = static_cast<std::uint32_t>((next_ + 1) % plan_.n_kept);
    }
    if (kind_ != MapKind::pr) spread_ = measure_spread(kind_, ordered_, samples_);
}

void Normaliser::offer(Timestamp u, std::optional<double> value) {
    if (u.time_since_epoch() % plan_.period != Nanos{0} || !value) return;
    // advance(u) has taken a waiting sample in; one of a later instant can only come from a damaged state and is
    // replaced.
    VT_ASSERT(!std::isnan(*value));
    waiting_ = static_cast<float>(*value);
    waiting_end_ = u;
}

void Normaliser::clear() {
    samples_.clear();
    ordered_.clear();
    next_ = 0;
    waiting_.reset();
    spread_ = {};
}

Nanos Normaliser::ready_in(Timestamp u) const {
    if (samples_.size() >= plan_.n_min) return Nanos{0};
    const auto missing = static_cast<std::int64_t>(plan_.n_min - samples_.size());
    // The next sample to count is taken in at the next aligned instant, if one waits; else one period later.
    const Nanos to_boundary = floor_to(u, plan_.period) + plan_.period - u;
    return to_boundary + plan_.period * (missing - (waiting_ ? 1 : 0));
}

}  // namespace vt::analysis
