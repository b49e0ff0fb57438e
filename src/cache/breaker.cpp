#include "cache/breaker.hpp"

#include <algorithm>

namespace vt::cache {

Breaker::Breaker(const BreakerParams& params, Prng prng) : params_(params), prng_(prng) {}

bool Breaker::allows(Timestamp now) {
    if (state_ == State::closed) return true;
    if (is_probe_out_ || now < probe_at_) return false;
    state_ = State::probing;
    is_probe_out_ = true;
    return true;
}

void Breaker::succeeded() {
    if (state_ == State::open) return;  // a call from before it opened
    if (state_ == State::closed) {
        failures_ = 0;
        return;
    }
    is_probe_out_ = false;
    if (++successes_ < params_.successes_to_close) return;
    state_ = State::closed;
    failures_ = 0;
    waits_ = 0;
}

void Breaker::failed(Timestamp now) {
    if (state_ == State::open) return;
    if (state_ == State::probing) {
        open(now);
        return;
    }
    if (++failures_ >= params_.failures_to_open) open(now);
}

void Breaker::open(Timestamp now) {
    if (state_ == State::closed) ++openings_;
    state_ = State::open;
    is_probe_out_ = false;
    successes_ = 0;
    const Nanos ceiling = std::min(params_.longest_wait, params_.first_wait * (1U << std::min(waits_, 20U)));
    ++waits_;
    probe_at_ =
        now + Nanos{ceiling.count() / 2 +
                    static_cast<Nanos::rep>(prng_.below(static_cast<std::uint64_t>(ceiling.count() / 2) + 1))};
}

std::string_view name(Breaker::State state) {
    switch (state) {
        case Breaker::State::closed: return "closed";
        case Breaker::State::open: return "open";
        case Breaker::State::probing: return "probing";
    }
    return "closed";
}

}  // namespace vt::cache
