#include "indicators/momentum/rate_of_change.hpp"

namespace vt::indicators {

std::optional<RateOfChange::Value> RateOfChange::update(double value) {
    const auto past = past_.update(value);
    if (!past || *past == 0) return std::nullopt;
    return Value{.difference = value - *past,
                 .fraction = (value - *past) / *past,
                 .ratio = value / *past,
                 .percent = (value / *past - 1) * 100};
}

}  // namespace vt::indicators
