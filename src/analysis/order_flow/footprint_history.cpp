#include "analysis/order_flow/footprint_history.hpp"

namespace vt::analysis::order_flow {

FootprintHistory::FootprintHistory() {
    minutes_.reserve(kMinutes);
    levels_.reserve(kLevels);
}

void FootprintHistory::clear() {
    minutes_.clear();
    levels_.clear();
}

void FootprintHistory::drop_oldest() {
    levels_.erase(levels_.begin(), levels_.begin() + static_cast<std::ptrdiff_t>(minutes_.front().level_count));
    minutes_.erase(minutes_.begin());
}

void FootprintHistory::push(const Minute& minute, std::span<const FootprintLevel> levels) {
    if (levels.size() > kLevels) return;
    while (minutes_.size() == kMinutes || levels_.size() + levels.size() > kLevels) drop_oldest();
    minutes_.push_back(minute);
    minutes_.back().level_count = static_cast<std::uint32_t>(levels.size());
    levels_.insert(levels_.end(), levels.begin(), levels.end());
}

}  // namespace vt::analysis::order_flow
