#include "indicators/block_shift.hpp"

#include "base/assert.hpp"
#include "indicators/lagged_product.hpp"

#include <algorithm>
#include <cmath>

namespace vt::indicators {

void BlockShift::advance(std::span<const float> x, std::span<const float> y, std::span<const std::size_t> lags,
                         std::uint32_t count) {
    VT_ASSERT(!lags.empty());
    // A shift must leave all lags on the circle away from the place where they belong, on either side.
    const std::size_t margin = 2 * *std::max_element(lags.begin(), lags.end());
    VT_ASSERT(x.size() > 2 * margin);
    const std::size_t range = x.size() - 2 * margin;
    constexpr std::uint64_t kGoldenRatio = 0x9E3779B97F4A7C15;  // of 2^64
    for (; count > 0 && !is_done(); --count, ++done_) {
        const std::uint64_t turn = seed_ + kGoldenRatio * (done_ + 1);
        const double part = static_cast<double>(turn >> 11U) * 0x1p-53;
        const std::size_t shift = margin + static_cast<std::size_t>(part * static_cast<double>(range));
        double most = 0;
        for (const std::size_t lag : lags)
            most = std::max(most, std::abs(circular_product(x, y, (shift + lag) % x.size())));
        if (most >= observed_) ++exceeded_;
    }
}

}  // namespace vt::indicators
