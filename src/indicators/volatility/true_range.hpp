#pragma once

#include "indicators/bar.hpp"

#include <optional>

namespace vt::indicators {

/// How far price travelled in a bar, the gap before it counted: max(high - low, |high - close[1]|, |low - close[1]|).
///   out:    in the unit of the prices, not negative
///   cost:   O(1), does not allocate
///   source: Wilder 1978; TA-Lib TRANGE
[[nodiscard]] double true_range(double high, double low, double previous_close);

/// The true range of each bar; absent at the first.
class TrueRange {
public:
    std::optional<double> update(const Bar& bar) { return update(bar.high, bar.low, bar.close); }
    std::optional<double> update(double high, double low, double close);
    void clear() { previous_close_.reset(); }

    template <class Archive>
    void archive(Archive& a) {
        a(previous_close_);
    }

private:
    std::optional<double> previous_close_;
};

}  // namespace vt::indicators
