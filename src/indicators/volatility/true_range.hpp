#pragma once

#include "indicators/average_true_range.hpp"
#include "indicators/bar.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// The bar's range, widened to the close before: max(high - low, |high - close[1]|, |low - close[1]|).
///   out:    in the unit of the prices, not negative; absent at the first bar
///   cost:   O(1), does not allocate
///   source: Wilder 1978; TA-Lib TRANGE
class TrueRange {
public:
    std::optional<double> update(const Bar& bar);
    void clear() { previous_close_.reset(); }

    template <class Archive>
    void archive(Archive& a) {
        a(previous_close_);
    }

private:
    std::optional<double> previous_close_;
};

/// The average true range of the bars, also in percent of the close.
///   out:    `range` in the unit of the prices (ATR), `percent` = 100 range / close (NATR), not negative; absent
///   until
///           `period` + 1 bars were seen
///   cost:   O(1), does not allocate
///   source: TA-Lib ATR, NATR
class RelativeTrueRange {
public:
    struct Value {
        double range = 0;
        double percent = 0;
    };
    explicit RelativeTrueRange(std::uint32_t period = AverageTrueRange::kWilderPeriod) : range_(period) {}

    std::optional<Value> update(const Bar& bar);
    void clear() { range_.clear(); }

    template <class Archive>
    void archive(Archive& a) {
        a(range_);
    }

private:
    AverageTrueRange range_;
};

}  // namespace vt::indicators
