#pragma once

#include "indicators/average/ema.hpp"
#include "indicators/bar.hpp"
#include "indicators/window/sliding_fold.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Where the close stands in its bar, ((close - low) - (high - close)) / (high - low): -1 at the low, 1 at the high,
/// 0 where high = low; times the volume.
[[nodiscard]] double money_flow_volume(const Bar& bar);

/// On-balance volume: the sum of the volumes of bars that closed higher less those that closed lower, beginning with
/// the first bar's.
///   out:    base units; only its changes mean something. From the first bar on
///   cost:   O(1), does not allocate
///   source: Granville 1963; TA-Lib OBV
class Obv {
public:
    double update(const Bar& bar);
    void clear();

private:
    std::optional<double> previous_close_;
    double sum_ = 0;
};

/// Accumulation/distribution line: the sum of the money flow volumes.
///   out:    base units; only its changes mean something. From the first bar on
///   cost:   O(1), does not allocate
///   source: Chaikin; TA-Lib AD
class AccumulationDistribution {
public:
    double update(const Bar& bar) { return sum_ += money_flow_volume(bar); }
    void clear() { sum_ = 0; }

private:
    double sum_ = 0;
};

/// Chaikin oscillator: EMA(fast) - EMA(slow) of the accumulation/distribution line, both beginning with its first
/// value.
///   in:     fast < slow
///   out:    base units; absent until `slow` bars were seen
///   cost:   O(1), does not allocate
///   source: Chaikin; TA-Lib ADOSC
class ChaikinOscillator {
public:
    explicit ChaikinOscillator(std::uint32_t fast = 3, std::uint32_t slow = 10);

    std::optional<double> update(const Bar& bar);
    void clear();

private:
    AccumulationDistribution line_;
    Ema fast_;
    Ema slow_;
    std::uint32_t wait_;
    std::uint32_t waited_ = 0;
};

/// Chaikin money flow: sum of money flow volumes / sum of volumes, over `period` bars.
///   out:    -1 .. 1; absent until `period` bars were seen, and where nothing was traded
///   cost:   O(1) amortised, allocates on construction only
///   source: Chaikin
class ChaikinMoneyFlow {
public:
    explicit ChaikinMoneyFlow(std::uint32_t period = 20) : flow_(period), volume_(period) {}

    std::optional<double> update(const Bar& bar);
    void clear();

private:
    MovingSum flow_;
    MovingSum volume_;
};

/// Money flow index: 100 up / (up + down), where up is the sum of typical price x volume of the last `period` bars
/// whose typical price rose, down of those whose fell.
///   out:    0 .. 100; absent until `period` + 1 bars were seen, and where no such bar traded (TA-Lib: 0, and also
///           where up + down < 1)
///   cost:   O(1) amortised, allocates on construction only
///   source: Quong, Soudack 1989; TA-Lib MFI
class Mfi {
public:
    explicit Mfi(std::uint32_t period = 14) : up_(period), down_(period) {}

    std::optional<double> update(const Bar& bar);
    void clear();

private:
    std::optional<double> previous_;
    MovingSum up_;
    MovingSum down_;
};

}  // namespace vt::indicators
