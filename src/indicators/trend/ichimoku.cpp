#include "indicators/trend/ichimoku.hpp"

namespace vt::indicators {

Ichimoku::Ichimoku(const IchimokuPeriods& periods)
    : conversion_(periods.conversion),
      base_(periods.base),
      span_b_(periods.span_b),
      past_a_(periods.displacement),
      past_b_(periods.displacement),
      past_close_(periods.displacement) {}

Ichimoku::Value Ichimoku::update(const Bar& bar) {
    const auto conversion = conversion_.update(bar.high, bar.low);
    const auto base = base_.update(bar.high, bar.low);
    const auto span_b = span_b_.update(bar.high, bar.low);
    Value value;
    if (conversion) value.conversion = conversion->middle();
    if (base) value.base = base->middle();
    if (conversion && base) value.span_a = past_a_.update((*value.conversion + *value.base) / 2);
    if (span_b) value.span_b = past_b_.update(span_b->middle());
    value.lagging = past_close_.update(bar.close);
    return value;
}

void Ichimoku::clear() {
    conversion_.clear();
    base_.clear();
    span_b_.clear();
    past_a_.clear();
    past_b_.clear();
    past_close_.clear();
}

}  // namespace vt::indicators
