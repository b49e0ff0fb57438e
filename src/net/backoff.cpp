#include "net/backoff.hpp"

#include <algorithm>

namespace vt::net {

Backoff::Backoff(const BackoffParams& params, Prng prng)
    : params_(params), prng_(prng), attempts_(params.attempts_per_window) {
    VT_ASSERT(params.first > Nanos{0});
    VT_ASSERT(params.longest >= params.first);
    VT_ASSERT(params.soon >= params.first);
}

Nanos Backoff::next(Timestamp now) {
    Nanos ceiling = params_.first;
    for (unsigned i = 0; i < failures_ && ceiling < params_.longest; ++i) ceiling *= 2;
    if (!failing_since_) failing_since_ = now;
    ceiling = std::min({ceiling, params_.longest, std::max(params_.soon, (now - *failing_since_) / 4)});
    ++failures_;
    Nanos wait{static_cast<Nanos::rep>(prng_.uniform() * static_cast<double>(ceiling.count()))};
    if (attempts_.size() == attempts_.capacity()) {  // the oldest must have left the window
        wait = std::max(wait, attempts_[0] + params_.window - now);
    }
    attempts_.push(now + wait);
    return wait;
}

}  // namespace vt::net
