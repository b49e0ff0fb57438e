#include "statistics/normal.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"

#include <array>
#include <cmath>
#include <span>

namespace vt::statistics {
namespace {

constexpr double kRootHalf = 0.70710678118654752;
constexpr double kRootTwoPi = 2.5066282746310005;
/// Where the approximation changes from the middle to the tail.
constexpr double kTail = 0.02425;

constexpr std::array kMiddleAbove{-3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02,
                                  1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
constexpr std::array kMiddleBelow{-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02,
                                  6.680131188771972e+01,  -1.328068155288572e+01, 1.0};
constexpr std::array kTailAbove{-7.784894002430293e-03, -3.223964582458170e-01, -2.400758277161838e+00,
                                -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
constexpr std::array kTailBelow{7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
                                3.754408661907416e+00, 1.0};

/// The polynomial with these coefficients, the highest power first.
double polynomial(std::span<const double> coefficients, double x) {
    double sum = 0;
    for (const double coefficient : coefficients) sum = sum * x + coefficient;
    return sum;
}

/// For 0 < p <= 1/2.
double lower_quantile(double p) {
    double z = 0;
    if (p < kTail) {
        const double q = std::sqrt(-2 * math::log(p));
        z = polynomial(kTailAbove, q) / polynomial(kTailBelow, q);
    } else {
        const double q = p - 0.5;
        z = q * polynomial(kMiddleAbove, q * q) / polynomial(kMiddleBelow, q * q);
    }
    const double density = normal_density(z);
    if (!(density > 0)) return z;  // beyond 38 standard deviations
    const double step = (normal_cdf(z) - p) / density;
    return z - step / (1 + z * step / 2);
}

}  // namespace

double normal_density(double z) { return math::exp(-z * z / 2) / kRootTwoPi; }

double normal_cdf(double z) { return math::erfc(-z * kRootHalf) / 2; }

double normal_quantile(double p) {
    VT_ASSERT(p > 0);
    VT_ASSERT(p < 1);
    return p <= 0.5 ? lower_quantile(p) : -lower_quantile(1 - p);
}

}  // namespace vt::statistics
