#pragma once

#include "analysis/refuse_unless.hpp"
#include "base/ring.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace vt::analysis::liquidity {

/// The median volume of the last 50 bars.
class UsualVolume {
public:
    static constexpr std::size_t kBars = 50;

    void push(double volume) { volumes_.push(volume); }
    [[nodiscard]] std::size_t size() const { return volumes_.size(); }
    /// out: absent until there are kBars. cost: O(kBars log kBars)
    [[nodiscard]] std::optional<double> median() const {
        if (volumes_.size() < kBars) return std::nullopt;
        std::array<double, kBars> sorted;
        for (std::size_t i = 0; i < kBars; ++i) sorted[i] = volumes_[i];
        std::sort(sorted.begin(), sorted.end());
        return (sorted[kBars / 2 - 1] + sorted[kBars / 2]) / 2;
    }
    void clear() { volumes_.clear(); }

    template <class Archive>
    void archive(Archive& a) {
        a(volumes_);
        for (std::size_t i = 0; i < volumes_.size(); ++i) refuse_unless(a, volumes_[i] >= 0);
    }

private:
    Ring<double> volumes_{kBars};
};

}  // namespace vt::analysis::liquidity
