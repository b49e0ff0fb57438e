#include "net/backoff.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace vt::net {

Backoff::Backoff(const BackoffParams& params, Prng prng) : params_(params), prng_(prng) {
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
    return Nanos{static_cast<Nanos::rep>(prng_.uniform() * static_cast<double>(ceiling.count()))};
}

}  // namespace vt::net
