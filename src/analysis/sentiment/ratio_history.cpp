#include "analysis/sentiment/ratio_history.hpp"

#include "base/math.hpp"

#include <algorithm>

namespace vt::analysis::sentiment {

void RatioHistory::put(Timestamp at, double long_share, double short_share, std::vector<float>& scratch) {
    if (at_ && at <= *at_) return;
    at_ = at;
    value_.reset();
    if (long_share > 0 && short_share > 0) value_ = math::log(long_share / short_share);
    past_.advance(at, scratch);
    past_.offer(at, value_);
}

std::optional<double> RatioHistory::z() const {
    const Spread& spread = past_.spread();
    if (!value_ || spread.is_degenerate) return std::nullopt;
    return std::clamp((*value_ - spread.centre) / spread.spread, -kZClip, kZClip);
}

}  // namespace vt::analysis::sentiment
