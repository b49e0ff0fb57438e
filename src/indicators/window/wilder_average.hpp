#pragma once

#include "base/assert.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Wilder's smoothing: the mean of the first `period` values, then a <- (a (period - 1) + x) / period.
///   out:    in the unit of the values; absent until `period` of them were seen
///   cost:   O(1), does not allocate
///   source: Wilder 1978
class WilderAverage {
public:
    explicit WilderAverage(std::uint32_t period) : period_(period) { VT_ASSERT(period > 0); }

    std::optional<double> update(double value) {
        const auto period = static_cast<double>(period_);
        if (count_ == period_) return average_ = (average_ * (period - 1) + value) / period;
        average_ += value;
        if (++count_ < period_) return std::nullopt;
        return average_ /= period;
    }
    [[nodiscard]] std::optional<double> value() const {
        if (count_ < period_) return std::nullopt;
        return average_;
    }
    void clear() {
        count_ = 0;
        average_ = 0;
    }

    template <class Archive>
    void archive(Archive& a) {
        a(count_, average_);
    }

private:
    std::uint32_t period_;
    std::uint32_t count_ = 0;
    double average_ = 0;  // the sum until there are `period_` values
};

}  // namespace vt::indicators
