#include "statistics/beta_distribution.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"

#include <algorithm>
#include <cmath>

namespace vt::statistics {
namespace {

/// log Gamma(x) by Stirling's series, after x was lifted to where eight terms are exact.
double log_gamma(double x) {
    constexpr double kHalfLogTwoPi = 0.91893853320467274;
    double lifted = 1;
    while (x < 12) lifted *= x++;
    const double square = 1 / (x * x);
    const double series =
        (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188)))) / x;
    return (x - 0.5) * math::log(x) - x + kHalfLogTwoPi + series - math::log(lifted);
}

double away_from_zero(double x) { return std::abs(x) < 1e-300 ? 1e-300 : x; }

/// Converges fast for x < (a + 1)/(a + b + 2).
double continued_fraction(double a, double b, double x) {
    constexpr int kMostTerms = 100'000;
    double c = 1;
    double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
    double product = d;
    for (int m = 1; m <= kMostTerms; ++m) {
        const double twice = 2.0 * m;
        const double even = m * (b - m) * x / ((a + twice - 1) * (a + twice));
        d = 1 / away_from_zero(1 + even * d);
        c = away_from_zero(1 + even / c);
        product *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + twice) * (a + twice + 1));
        d = 1 / away_from_zero(1 + odd * d);
        c = away_from_zero(1 + odd / c);
        product *= d * c;
        if (std::abs(d * c - 1) < 1e-15) break;
    }
    return product;
}

}  // namespace

double beta_cdf(double a, double b, double x) {
    VT_ASSERT(a > 0);
    VT_ASSERT(b > 0);
    if (!(x > 0)) return 0;
    if (x >= 1) return 1;
    const double front = math::exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * math::log(x) +
                                   b * math::log(1 - x));
    const double found = x < (a + 1) / (a + b + 2) ? front * continued_fraction(a, b, x) / a
                                                    : 1 - front * continued_fraction(b, a, 1 - x) / b;
    return std::clamp(found, 0.0, 1.0);
}

double beta_quantile(double a, double b, double p) {
    VT_ASSERT(p >= 0);
    VT_ASSERT(p <= 1);
    if (p == 0) return 0;
    if (p == 1) return 1;
    double low = 0;
    double high = 1;
    while (high - low > 1e-15 * high) {
        const double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) break;
        (beta_cdf(a, b, middle) < p ? low : high) = middle;
    }
    return low + (high - low) / 2;
}

}  // namespace vt::statistics
