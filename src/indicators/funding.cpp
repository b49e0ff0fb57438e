#include "indicators/funding.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"

#include <algorithm>

namespace vt::indicators {
namespace {

constexpr double kDaysOfYear = 365;
constexpr double kHour = 3600;

}  // namespace

double funding_rate(double premium, double interest) {
    return premium + std::clamp(interest - premium, -kFundingClamp, kFundingClamp);
}

double usual_interest(Nanos interval) {
    VT_ASSERT(interval > Nanos{0});
    return kInterestPer8Hours * to_seconds(interval) / (8 * kHour);
}

double annualised(double rate, Nanos interval) {
    VT_ASSERT(interval > Nanos{0});
    return rate * (24 * kHour / to_seconds(interval)) * kDaysOfYear;
}

AnnualBasis annual_basis(double future, double spot, double days) {
    VT_ASSERT(future > 0);
    VT_ASSERT(spot > 0);
    VT_ASSERT(days > 0);
    const double years = days / kDaysOfYear;
    return {.simple = (future / spot - 1) / years, .continuous = math::log(future / spot) / years};
}

}  // namespace vt::indicators
