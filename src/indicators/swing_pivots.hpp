#pragma once

#include "base/ring.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <optional>

namespace vt::indicators {

/// A turning point of price. It is known only `t_confirm`; before that instant nothing may use it.
struct Pivot {
    double price = 0;
    Timestamp t_event;    ///< close of the bar that holds the extreme
    Timestamp t_confirm;  ///< close of the bar that proved it
    bool operator==(const Pivot&) const = default;
};

/// What one bar proved: a high, a low, both or nothing.
struct ConfirmedPivots {
    std::optional<Pivot> high;
    std::optional<Pivot> low;
};

/// Fractal turning points: the high of a bar that is above the highs of the `reach` bars before it and not below
/// those of the `reach` bars after it (of equal highs the first counts); lows mirrored.
///   in:     closed bars without a hole, oldest first
///   out:    at each bar what it confirms, `reach` bars after the event
///   cost:   O(reach) a bar, does not allocate
///   source: the fractals of B. Williams 1995, with reach 5
class SwingPivots {
public:
    static constexpr std::size_t kReach = 5;

    explicit SwingPivots(std::size_t reach = kReach);

    [[nodiscard]] ConfirmedPivots update(double high, double low, Timestamp close_time);
    /// A bar is missing: no pivot spans the hole.
    void clear() { bars_.clear(); }

    template <class Archive>
    void archive(Archive& a) {
        a(bars_);
    }

private:
    struct Bar {
        double high = 0;
        double low = 0;
        Timestamp close_time;
        template <class Archive>
        void archive(Archive& a) {
            a(high, low, close_time);
        }
    };
    std::size_t reach_;
    Ring<Bar> bars_;
};

}  // namespace vt::indicators
