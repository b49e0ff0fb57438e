#pragma once

#include "base/prng.hpp"
#include "base/time.hpp"

#include <optional>

namespace vt::net {

struct BackoffParams {
    Nanos first = std::chrono::milliseconds{250};
    Nanos longest = std::chrono::seconds{30};
    /// While an outage is young the ceiling is `soon`, later at most a quarter of what it lasted: whoever comes back
    /// after three seconds is noticed within one, and doubling alone would by then wait up to four.
    Nanos soon = std::chrono::seconds{1};
};

/// How long to wait before the next attempt to connect: uniform in [0, ceiling] ("full jitter"), where after the n-th
/// failure in a row, `age` after the first of them, ceiling = min(longest, first * 2^n, max(soon, age / 4)).
/// Pure: the caller says what time it is and owns the seed.
class Backoff {
public:
    Backoff(const BackoffParams& params, Prng prng);

    /// The wait before the next attempt; counts that attempt, which starts at `now` plus the wait.
    [[nodiscard]] Nanos next(Timestamp now);
    /// The connection works: the next failure starts again at `first`.
    void succeeded() {
        failures_ = 0;
        failing_since_.reset();
    }
    [[nodiscard]] unsigned failures() const { return failures_; }

private:
    BackoffParams params_;
    Prng prng_;
    unsigned failures_ = 0;
    std::optional<Timestamp> failing_since_;
};

}  // namespace vt::net
