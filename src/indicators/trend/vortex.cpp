#include "indicators/trend/vortex.hpp"

#include "base/math.hpp"

#include <cmath>
#include <utility>

namespace vt::indicators {

std::optional<Vortex::Value> Vortex::update(const Bar& bar) {
    const auto range = range_.update(bar);
    const double high_before = std::exchange(high_, bar.high);
    const double low_before = std::exchange(low_, bar.low);
    if (!range) return std::nullopt;
    const auto plus = plus_.update(std::abs(bar.high - low_before));
    const auto minus = minus_.update(std::abs(bar.low - high_before));
    const auto ranges = ranges_.update(*range);
    if (!plus || !minus || !ranges || *ranges == 0) return std::nullopt;
    return Value{.plus = *plus / *ranges, .minus = *minus / *ranges};
}

void Vortex::clear() {
    range_.clear();
    plus_.clear();
    minus_.clear();
    ranges_.clear();
}

Choppiness::Choppiness(std::uint32_t period) : ranges_(period), whole_(period) { VT_ASSERT(period >= 2); }

std::optional<double> Choppiness::update(const Bar& bar) {
    const auto range = range_.update(bar);
    const auto whole = whole_.update(bar.high, bar.low);
    const auto ranges = range ? ranges_.update(*range) : std::nullopt;
    if (!ranges || !whole || whole->size() == 0) return std::nullopt;
    return 100 * (math::log(*ranges / whole->size()) / math::log(static_cast<double>(ranges_.size())));
}

void Choppiness::clear() {
    range_.clear();
    ranges_.clear();
    whole_.clear();
}

}  // namespace vt::indicators
