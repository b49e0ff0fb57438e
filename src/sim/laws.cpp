#include "sim/laws.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"

#include <cmath>

namespace vt::sim {
namespace {

constexpr double kMedianQuote = 2000;
constexpr double kSigma = 1.6;
constexpr double kTailShare = .02;
constexpr double kNormalQ98 = 2.053748910631823;
constexpr double kParetoExponent = 1.6;
/// Phi(q98 - sigma): the share of the log-normal's mean that lies below its 98 % quantile.
constexpr double kMeanShareBelowQ98 = .6749952;

}  // namespace

std::string stream_name(std::string_view owner, std::string_view purpose) {
    return std::string(owner).append("/").append(purpose);
}

SizeLaw::SizeLaw(double scale) : median_(kMedianQuote * scale), q98_(median_ * math::exp(kSigma * kNormalQ98)) {
    VT_ASSERT(scale > 0);
    const double body = median_ * math::exp(kSigma * kSigma / 2) * kMeanShareBelowQ98;
    mean_ = body + kTailShare * q98_ * kParetoExponent / (kParetoExponent - 1);
}

double SizeLaw::draw(Prng& prng) const {
    const double u = prng.uniform();
    if (u < kTailShare) return tail_quantile(u + 1e-12);  // 1e-12: caps the law at 1.6e6 times the median's order
    for (;;) {
        const double z = prng.normal();
        if (z < kNormalQ98) return median_ * math::exp(kSigma * z);
    }
}

double SizeLaw::tail_quantile(double tail) const {
    VT_ASSERT(tail > 0);
    return q98_ * math::pow(tail / kTailShare, -1 / kParetoExponent);
}

double student_t4(Prng& prng) {
    const double normal = prng.normal();
    const double chi_squared = 2 * (prng.exponential() + prng.exponential());
    return normal / std::sqrt(chi_squared / 4) / std::sqrt(2.0);
}

double intraday_factor(std::int64_t ns_since_epoch) {
    constexpr std::int64_t kDayNs = 86'400'000'000'000;
    const double hour = static_cast<double>(ns_since_epoch % kDayNs) / 3.6e12;
    return 1 + .3 * math::cos((hour - 14) * (6.283185307179586 / 24));
}

double half_life_weight(double seconds, double half_life_seconds) { return math::exp2(-seconds / half_life_seconds); }

}  // namespace vt::sim
