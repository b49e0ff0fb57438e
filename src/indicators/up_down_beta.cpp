#include "indicators/up_down_beta.hpp"

#include "base/assert.hpp"
#include "indicators/confidence.hpp"
#include "indicators/least_squares.hpp"

#include <algorithm>
#include <cmath>

namespace vt::indicators {
namespace {

/// The line through the pairs on one side of `middle`.
std::optional<LineFit> half(std::span<const double> x, std::span<const double> y, double middle, bool is_upper) {
    PairMoments moments;
    const auto each = [&](auto&& visit) {
        for (std::size_t i = 0; i < x.size(); ++i) {
            if ((x[i] > middle) == is_upper) visit(x[i], y[i]);
        }
    };
    each([&](double a, double b) {
        moments.mean_x += a;
        moments.mean_y += b;
        ++moments.n;
    });
    if (moments.n < 3) return std::nullopt;
    moments.mean_x /= static_cast<double>(moments.n);
    moments.mean_y /= static_cast<double>(moments.n);
    double largest = 0;
    each([&](double a, double b) {
        const double dx = a - moments.mean_x;
        const double dy = b - moments.mean_y;
        moments.xx += dx * dx;
        moments.xy += dx * dy;
        moments.yy += dy * dy;
        largest = std::max(largest, std::abs(a));
    });
    if (moments.xx <= static_cast<double>(moments.n) * largest * largest * 1e-30) return std::nullopt;
    return fit_line(moments, std::max(0.0, moments.yy - moments.xy * moments.xy / moments.xx));
}

}  // namespace

std::optional<UpDownBeta> up_down_beta(std::span<const double> x, std::span<const double> y) {
    VT_ASSERT(x.size() == y.size());
    if (x.empty()) return std::nullopt;
    double sum = 0;
    for (const double value : x) sum += value;
    const double middle = sum / static_cast<double>(x.size());
    const auto up = half(x, y, middle, true);
    const auto down = half(x, y, middle, false);
    if (!up || !down) return std::nullopt;
    const double variance = up->slope_error * up->slope_error + down->slope_error * down->slope_error;
    if (!(variance > 0)) return std::nullopt;
    const double z = (up->slope - down->slope) / std::sqrt(variance);
    return UpDownBeta{.up = up->slope,
                      .up_error = up->slope_error,
                      .down = down->slope,
                      .down_error = down->slope_error,
                      .wald = z * z,
                      .p = two_sided_p(z),
                      .n_up = up->n,
                      .n_down = down->n};
}

}  // namespace vt::indicators
