#pragma once

#include "base/prng.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace vt::cache {

/// Draws keys 0..count-1; the chance of key k falls with (k + 1)^-exponent.
class ZipfKeys {
public:
    ZipfKeys(std::uint32_t count, double exponent) {
        double sum = 0;
        for (std::uint32_t key = 0; key < count; ++key)
            cumulative_.push_back(sum += std::pow(static_cast<double>(key) + 1, -exponent));
    }
    [[nodiscard]] std::uint32_t draw(Prng& prng) const {
        const auto at = std::lower_bound(cumulative_.begin(), cumulative_.end(), prng.uniform() * cumulative_.back());
        const auto last = static_cast<std::ptrdiff_t>(cumulative_.size()) - 1;
        return static_cast<std::uint32_t>(std::min(at - cumulative_.begin(), last));
    }

private:
    std::vector<double> cumulative_;
};

}  // namespace vt::cache
