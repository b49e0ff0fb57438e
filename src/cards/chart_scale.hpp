#pragma once

#include "base/time.hpp"

#include <string>
#include <vector>

namespace vt::cards {

/// Round prices between `low` and `high`: whole multiples of 1, 2 or 5 times a power of ten, the finest that gives at
/// most `most` of them and is no finer than `least_step`. Empty where not even one lies between.
///   in: 0 <= low <= high, most > 0, least_step > 0
[[nodiscard]] std::vector<double> price_ticks(double low, double high, int most, double least_step);

struct TimeTick {
    Timestamp at;
    std::string text;  ///< "12:30", or "11-24" where a day begins; UTC
};
/// Whole minutes, hours, days between `first` and `last`, at most `most` of them.
[[nodiscard]] std::vector<TimeTick> time_ticks(Timestamp first, Timestamp last, int most);

/// Moves places apart until they are `gap` from each other, each as little as can be (least squares), within
/// low..high.
///   in:     wanted: ascending
///   out:    as many, ascending; where there is no room for all, they begin at `low` and go beyond `high`
///   source: the pool-adjacent-violators algorithm
[[nodiscard]] std::vector<double> spread_apart(const std::vector<double>& wanted, double gap, double low,
                                               double high);

}  // namespace vt::cards
