#pragma once

#include "base/time.hpp"

#include <algorithm>
#include <cstdint>

namespace vt::exchange::access {

/// Stops asking an endpoint that does not work: after five failures in a row it opens for five seconds, twice as long
/// each further time, up to half a minute; then one request may try. A success closes it.
class Breaker {
public:
    static constexpr std::uint32_t kFailures = 5;
    static constexpr Nanos kFirst = std::chrono::seconds{5};
    static constexpr Nanos kLongest = std::chrono::seconds{30};

    void succeeded() { failures_ = 0; }
    void failed(Timestamp now) {
        if (++failures_ < kFailures) return;
        const std::uint32_t doublings = std::min(failures_ - kFailures, 10U);
        open_until_ = now + std::min(kLongest, kFirst * (1U << doublings));
    }
    /// There is news that the other side is back: the next try need not wait.
    void try_now() { open_until_ = {}; }
    [[nodiscard]] bool is_tripped() const { return failures_ >= kFailures; }
    [[nodiscard]] Timestamp open_until() const { return open_until_; }

private:
    std::uint32_t failures_ = 0;
    Timestamp open_until_;
};

}  // namespace vt::exchange::access
