#include "indicators/wilson.hpp"

#include "statistics/wilson.hpp"

namespace vt::indicators {

Interval wilson_interval(double successes, double trials, double z) {
    const statistics::Interval found = statistics::wilson_interval(successes, trials, z);
    return {found.lower, found.upper};
}

}  // namespace vt::indicators
