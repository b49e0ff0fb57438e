#pragma once

#include "indicators/average/ema.hpp"
#include "indicators/bar.hpp"
#include "indicators/statistics/dispersion.hpp"
#include "indicators/volatility/average_true_range.hpp"
#include "indicators/window/moving_range.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Lines about the price, in its unit; lower <= middle <= upper.
struct Channel {
    double lower = 0;
    double middle = 0;
    double upper = 0;
};

/// Bollinger bands: the mean of the last `period` values, and `width` population deviations on both sides.
///   out:    in the unit of the values; absent until `period` values were seen
///   cost:   O(1) amortised, allocates on construction only
///   source: Bollinger 2001; TA-Lib BBANDS with SMA (whose deviation cancels, see Variance)
class BollingerBands {
public:
    struct Value : Channel {
        /// (value - lower) / (upper - lower), %b: 0 at the lower band, 1 at the upper; absent where they meet.
        std::optional<double> place;
    };
    explicit BollingerBands(std::uint32_t period = 20, double width = 2) : variance_(period), width_(width) {}

    std::optional<Value> update(double value);
    void clear() { variance_.clear(); }

private:
    Variance variance_;
    double width_;
};

/// Keltner channel: EMA(period) of the close, and `width` times the average true range on both sides.
///   out:    in the unit of the prices; absent until both have a value, after max(period, range_period + 1) bars
///   cost:   O(1), does not allocate
///   source: Keltner 1960 in Raschke's form
class KeltnerChannel {
public:
    explicit KeltnerChannel(std::uint32_t period = 20, std::uint32_t range_period = 10, double width = 2)
        : middle_(period), range_(range_period), width_(width) {}

    std::optional<Channel> update(const Bar& bar);
    void clear();

private:
    Ema middle_;
    AverageTrueRange range_;
    double width_;
};

/// Donchian channel: highest high, lowest low and their middle, of the last `period` bars, this one included.
///   out:    in the unit of the prices; absent until `period` bars were seen
///   cost:   O(1) amortised, allocates on construction only
///   source: Donchian 1960; its middle is TA-Lib MIDPRICE
class DonchianChannel {
public:
    explicit DonchianChannel(std::uint32_t period = 20) : range_(period) {}

    std::optional<Channel> update(const Bar& bar);
    void clear() { range_.clear(); }

private:
    MovingRange range_;
};

}  // namespace vt::indicators
