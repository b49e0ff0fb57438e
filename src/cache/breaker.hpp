#pragma once

#include "base/prng.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <string_view>

namespace vt::cache {

struct BreakerParams {
    /// In a row, however long that takes: calls that each run into a long deadline, or a program that is asked once a
    /// minute, tell as much of the server as a burst does.
    unsigned failures_to_open = 3;
    /// Before the first probe; doubled after each that fails.
    Nanos first_wait = std::chrono::milliseconds{500};
    /// So that a server that is back is used within five seconds though a probe or two miss a short deadline.
    Nanos longest_wait = std::chrono::seconds{1};
    unsigned successes_to_close = 3;  ///< in a row, one call at a time: one that flaps stays out
};

/// Keeps calls away from a server that fails: closed (all calls pass), open (none), probing (one at a time, after a
/// wait of half to the whole of its ceiling, so that processes do not come back together). Pure: the caller says what
/// time it is and how each call that was allowed has ended.
class Breaker {
public:
    enum class State : std::uint8_t { closed, open, probing };

    Breaker(const BreakerParams& params, Prng prng);

    /// Whether a call may go now. One that was allowed must be reported by succeeded() or failed().
    [[nodiscard]] bool allows(Timestamp now);
    void succeeded();
    void failed(Timestamp now);
    [[nodiscard]] State state() const { return state_; }
    /// How often it opened.
    [[nodiscard]] std::uint64_t openings() const { return openings_; }

private:
    void open(Timestamp now);

    BreakerParams params_;
    Prng prng_;
    State state_ = State::closed;
    bool is_probe_out_ = false;
    unsigned failures_ = 0;
    unsigned successes_ = 0;
    unsigned waits_ = 0;  ///< how often in a row it had to wait
    Timestamp probe_at_ = {};
    std::uint64_t openings_ = 0;
};

[[nodiscard]] std::string_view name(Breaker::State state);

}  // namespace vt::cache
