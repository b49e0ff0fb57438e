#include "indicators/average/kama.hpp"

#include <cmath>

namespace vt::indicators {
namespace {

constexpr double kQuick = 2.0 / (2 + 1);
constexpr double kSlow = 2.0 / (30 + 1);

}  // namespace

std::optional<double> Kama::update(double value) {
    const auto path = previous_ ? path_.update(std::abs(value - *previous_)) : std::nullopt;
    const auto past = past_.update(value);
    if (path && past) {
        const double way = value - *past;
        // A straight fall is not asked for, as in TA-Lib: there the ratio is 1 by itself, but for rounding.
        const double efficiency = *path <= way || *path == 0 ? 1 : std::abs(way / *path);
        const double root = efficiency * (kQuick - kSlow) + kSlow;
        const double before = average_.value_or(*previous_);
        average_ = (value - before) * (root * root) + before;
    }
    previous_ = value;
    return average_;
}

void Kama::clear() {
    path_.clear();
    past_.clear();
    previous_.reset();
    average_.reset();
}

}  // namespace vt::indicators
