#include "indicators/lagged_product.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <array>

namespace vt::indicators {
namespace {

constexpr std::size_t kLanes = 8;
constexpr std::size_t kBlock = 512;

double product(const float* x, const float* y, std::size_t n) {
    double sum = 0;
    std::size_t i = 0;
    while (i + kLanes <= n) {
        std::array<float, kLanes> lanes{};
        for (const std::size_t end = std::min(n - kLanes + 1, i + kBlock); i < end; i += kLanes) {
            for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += x[i + lane] * y[i + lane];
        }
        for (const float lane : lanes) sum += static_cast<double>(lane);
    }
    for (; i < n; ++i) sum += static_cast<double>(x[i] * y[i]);
    return sum;
}

}  // namespace

double lagged_product(std::span<const float> x, std::span<const float> y, std::ptrdiff_t lag) {
    VT_ASSERT(x.size() == y.size());
    const auto distance = static_cast<std::size_t>(lag < 0 ? -lag : lag);
    if (distance >= x.size()) return 0;
    const std::size_t n = x.size() - distance;
    return lag < 0 ? product(x.data() + distance, y.data(), n) : product(x.data(), y.data() + distance, n);
}

double circular_product(std::span<const float> x, std::span<const float> y, std::size_t shift) {
    VT_ASSERT(x.size() == y.size());
    VT_ASSERT(shift < x.size());
    const std::size_t straight = x.size() - shift;
    return product(x.data(), y.data() + shift, straight) + product(x.data() + straight, y.data(), shift);
}

}  // namespace vt::indicators
