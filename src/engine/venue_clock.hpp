#pragma once

#include "base/time.hpp"

#include <chrono>
#include <optional>

namespace vt::engine {

/// The core's only sense of time, one for each venue: the watermark is the newest venue time seen on any stream, or
/// the journalled tick moved by the measured clock offset; a whole second u is due once the watermark is `delay` past
/// it, so that streams which arrive out of step have spoken about it.
///
/// Between two ticks no more time passes than kMaxTickStep: a machine's clock that is set forward or back moves
/// nothing, and ticks count on from where they were until the clock agrees with the venue's again. After a machine
/// slept it is the venue that says how late it is.
class VenueClock {
public:
    /// An exchange time further ahead of the receive time than this is a venue's mistake and does not move the
    /// watermark.
    static constexpr Nanos kMaxAhead = std::chrono::minutes{5};
    /// After a longer silence (a suspended machine, a hole in a recording) the seconds between are not evaluated one
    /// by one.
    static constexpr Nanos kMaxCatchUp = std::chrono::hours{1};

    /// Ticks come each kTickEvery; what lies between two of them beyond this is the clock, not time.
    static constexpr Nanos kMaxTickStep = std::chrono::seconds{10};

    explicit VenueClock(Nanos delay) : delay_(delay) {}

    /// The venue said something that happened at `time`.
    void observe(Timestamp time, Timestamp received) {
        if (time - received <= kMaxAhead) advance(time);
    }
    void tick(Timestamp at, std::optional<Nanos> clock_offset) {
        const Nanos passed = last_tick_ ? at - *last_tick_ : Nanos{0};
        last_tick_ = at;
        if (passed < Nanos{0} || passed > kMaxTickStep) set_by_ += passed;
        const Timestamp told = at + clock_offset.value_or(Nanos{0});
        const bool agrees = watermark_ && told >= *watermark_ - kMaxTickStep && told <= *watermark_ + kMaxTickStep;
        if (agrees) set_by_ = Nanos{0};
        advance(told - set_by_);
    }

    struct Due {
        Timestamp second;
        bool is_after_skip = false;  ///< the seconds before it were passed over
    };
    /// The next whole second that is due, each once, ascending; absent when none is.
    [[nodiscard]] std::optional<Due> next_due() {
        if (!watermark_ || *next_ + delay_ > *watermark_) return std::nullopt;
        Due due;
        if (*watermark_ - *next_ > kMaxCatchUp) {
            next_ = floor_to(*watermark_ - delay_, std::chrono::minutes{1});
            due.is_after_skip = true;
        }
        due.second = *next_;
        *next_ += std::chrono::seconds{1};
        return due;
    }
    [[nodiscard]] std::optional<Timestamp> watermark() const { return watermark_; }

private:
    void advance(Timestamp time) {
        if (!watermark_) {
            watermark_ = time;
            next_ = floor_to(time, std::chrono::seconds{1}) + std::chrono::seconds{1};
        } else if (time > *watermark_) {
            watermark_ = time;
        }
    }

    Nanos delay_;
    std::optional<Timestamp> last_tick_;
    Nanos set_by_{0};  ///< so far the machine's clock was set since it last agreed with the venue's
    std::optional<Timestamp> watermark_;
    std::optional<Timestamp> next_;
};

}  // namespace vt::engine
