#include "indicators/funding.hpp"

#include "base/assert.hpp"

namespace vt::indicators {

double interest_of(Nanos interval, double per_8_hours) {
    VT_ASSERT(interval > Nanos{0});
    return per_8_hours * to_seconds(interval) / to_seconds(std::chrono::hours{8});
}

}  // namespace vt::indicators
