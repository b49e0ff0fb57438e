#include "indicators/scholes_williams.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace vt::indicators {
namespace {

/// Sum of products about the means.
double product(std::span<const double> a, std::span<const double> b) {
    const double mean_a = math::mean(a);
    const double mean_b = math::mean(b);
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - mean_a) * (b[i] - mean_b);
    return sum;
}

}  // namespace

std::optional<ScholesWilliamsBeta> scholes_williams(std::span<const double> x, std::span<const double> y) {
    VT_ASSERT(x.size() == y.size());
    if (x.size() < 5) return std::nullopt;
    const std::size_t n = x.size() - 2;
    const std::array market{x.subspan(0, n), x.subspan(1, n), x.subspan(2, n)};  // before, at, after
    const auto own = y.subspan(1, n);
    std::array<double, 3> squares{}, slopes{}, with_now{};
    for (std::size_t k = 0; k < market.size(); ++k) {
        squares[k] = product(market[k], market[k]);
        if (!(squares[k] > 0)) return std::nullopt;
        slopes[k] = product(market[k], own) / squares[k];
        with_now[k] = product(market[k], market[1]);
    }
    ScholesWilliamsBeta found{.slope_before = slopes[0], .slope = slopes[1], .slope_after = slopes[2], .n = n};
    found.autocorrelation = with_now[0] / std::sqrt(squares[0] * squares[1]);
    const double divisor = 1 + 2 * found.autocorrelation;
    const double instrumented = with_now[0] + with_now[1] + with_now[2];  // of the instrument with x
    if (divisor == 0 || instrumented == 0) return std::nullopt;
    found.beta = (slopes[0] + slopes[1] + slopes[2]) / divisor;

    const double instrument_squares =
        squares[0] + squares[1] + squares[2] + 2 * (with_now[0] + with_now[2] + product(market[0], market[2]));
    const double unexplained =
        product(own, own) - 2 * found.beta * product(market[1], own) + found.beta * found.beta * squares[1];
    const double variance = std::max(0.0, unexplained) / static_cast<double>(n - 2);
    found.error = std::sqrt(variance * std::max(0.0, instrument_squares)) / std::abs(instrumented);
    return found;
}

}  // namespace vt::indicators
