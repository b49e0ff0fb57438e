#pragma once

#include "indicators/bar.hpp"
#include "indicators/volatility/true_range.hpp"
#include "indicators/window/wilder_average.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Wilder's average of the true ranges.
///   in:     closed bars, oldest first
///   out:    in the unit of the prices; absent until `period` + 1 bars were seen (the first has no close before it)
///   cost:   O(1), does not allocate
///   source: Wilder 1978; TA-Lib ATR, which skips the first bar and starts with the mean of the next `period`
class AverageTrueRange {
public:
    static constexpr std::uint32_t kWilderPeriod = 14;

    explicit AverageTrueRange(std::uint32_t period = kWilderPeriod) : average_(period) {}

    std::optional<double> update(const Bar& bar) { return update(bar.high, bar.low, bar.close); }
    std::optional<double> update(double high, double low, double close);
    [[nodiscard]] std::optional<double> value() const { return average_.value(); }
    /// The next bar has no close before it: it adds no range. The average goes on.
    void skip_gap() { range_.clear(); }
    void clear();

    template <class Archive>
    void archive(Archive& a) {
        a(range_, average_);
    }

private:
    TrueRange range_;
    WilderAverage average_;
};

/// The average true range, also in percent of the close.
///   out:    `range` in the unit of the prices (ATR), `percent` = 100 range / close (NATR), not negative; absent
///           until `period` + 1 bars were seen
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

private:
    AverageTrueRange range_;
};

}  // namespace vt::indicators
