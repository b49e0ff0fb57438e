#include "indicators/amihud.hpp"

#include "base/assert.hpp"

#include <cmath>
#include <cstddef>

namespace vt::indicators {

std::optional<double> amihud_illiquidity(std::span<const double> returns, std::span<const double> notionals) {
    VT_ASSERT(returns.size() == notionals.size());
    double sum = 0;
    double count = 0;
    for (std::size_t i = 0; i < returns.size(); ++i) {
        if (!(notionals[i] > 0)) continue;
        sum += std::abs(returns[i]) / notionals[i];
        count += 1;
    }
    if (count == 0) return std::nullopt;
    return sum / count;
}

}  // namespace vt::indicators
