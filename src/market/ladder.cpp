#include "market/ladder.hpp"

namespace vt::market {

Ladder::Ladder(Side side, std::size_t /*window_ticks*/) : side_(side) {}

void Ladder::clear() {
    levels_.clear();
    size_ = 0;
}

void Ladder::set(Ticks price, Lots quantity) {
    const std::int64_t key = side_ == Side::buy ? -price.value() : price.value();
    if (quantity.value() == 0) {
        levels_.erase(key);
    } else {
        levels_[key] = Level{price, quantity};
    }
    size_ = levels_.size();
}

std::optional<Level> Ladder::best() const {
    if (levels_.empty()) return std::nullopt;
    return levels_.begin()->second;
}

Lots Ladder::quantity_at(Ticks price) const {
    const auto found = levels_.find(side_ == Side::buy ? -price.value() : price.value());
    return found == levels_.end() ? Lots{} : found->second.quantity;
}

}  // namespace vt::market
