#include "analysis/sentiment/ratio_history.hpp"

#include "base/math.hpp"

namespace vt::analysis::sentiment {

void RatioHistory::put(Timestamp at, double long_share, double short_share, std::vector<float>& scratch) {
    if (at_ && at <= *at_) return;
    at_ = at;
    value_.reset();
    if (long_share > 0 && short_share > 0) value_ = math::log(long_share / short_share);
    past_.advance(at, scratch);
    past_.offer(at, value_);
}

std::optional<double> RatioHistory::z() const { return value_ ? clipped_z(past_.spread(), *value_) : std::nullopt; }

}  // namespace vt::analysis::sentiment
