#pragma once

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// The range of a bar, in units of its prices.
struct HighLowClose {
    double high = 0;
    double low = 0;
    double close = 0;
};

/// Wilder's average true range: how far price travels in a bar, gaps counted.
///   in:     closed bars, oldest first
///   out:    in units of price; absent until `period` + 1 bars were seen (the first has no close before it)
///   cost:   O(1) a bar, does not allocate
///   source: Wilder 1978; TA-Lib ATR, which skips the first bar and starts with the mean of the next `period`
class AverageTrueRange {
public:
    static constexpr std::uint32_t kWilderPeriod = 14;

    explicit AverageTrueRange(std::uint32_t period = kWilderPeriod);

    std::optional<double> update(const HighLowClose& bar);
    [[nodiscard]] std::optional<double> value() const;
    /// The next bar has no close before it: it adds no range. The average goes on.
    void skip_gap() { previous_close_.reset(); }
    void clear();

    /// max(high - low, abs(high - close before), abs(low - close before)).
    [[nodiscard]] static double true_range(const HighLowClose& bar, double previous_close);

    template <class Archive>
    void archive(Archive& a) {
        a(previous_close_, count_, average_);
    }

private:
    std::uint32_t period_;
    std::optional<double> previous_close_;
    std::uint32_t count_ = 0;  // true ranges seen, up to the period
    double average_ = 0;       // their sum until there are `period_` of them
};

}  // namespace vt::indicators
