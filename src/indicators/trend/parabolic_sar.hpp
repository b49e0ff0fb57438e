#pragma once

#include "indicators/bar.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// 0 < step <= maximum. The defaults are Wilder's.
struct SarAcceleration {
    double step = 0.02;
    double maximum = 0.2;
};

/// Wilder's parabolic stop and reverse: sar <- sar + a (extreme - sar), never inside of the last two bars; the
/// acceleration a grows by `step` with each new extreme, up to `maximum`; a bar that reaches the sar turns the side.
/// Begins long, or short where the second bar's low fell further than its high rose.
///   out:    a price; absent at the first bar. On a bar that turns, the sar of the new side
///   cost:   O(1), does not allocate
///   source: Wilder 1978; TA-Lib SAR
class ParabolicSar {
public:
    struct Value {
        double sar = 0;
        bool is_long = false;  ///< the side that this sar stops
    };
    explicit ParabolicSar(const SarAcceleration& acceleration = {});

    std::optional<Value> update(const Bar& bar);
    void clear() { bars_ = 0; }

private:
    void begin(const Bar& bar);
    void keep_outside(const Bar& bar);
    [[nodiscard]] double turn(const Bar& bar);
    void go_on(const Bar& bar);

    SarAcceleration acceleration_;
    std::uint32_t bars_ = 0;     // seen, up to 2
    double high_ = 0, low_ = 0;  // of the bar before
    bool is_long_ = true;
    double sar_ = 0;
    double extreme_ = 0;
    double pace_ = 0;  // the acceleration by now
};

}  // namespace vt::indicators
