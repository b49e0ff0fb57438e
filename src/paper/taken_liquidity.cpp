#include "paper/taken_liquidity.hpp"

#include <algorithm>

namespace vt::paper {

void TakenLiquidity::walk(const market::OrderBook& book, market::Side taker, Lots quantity,
                          std::optional<Ticks> limit, std::vector<Take>& out) const {
    out.clear();
    const market::Side side = market::opposite(taker);
    book.walk(side, [&](market::Level level) {
        const bool is_beyond = limit && (taker == market::Side::buy ? level.price > *limit : level.price < *limit);
        if (is_beyond || quantity <= Lots{}) return false;
        const Lots taken = std::min(quantity, left_of(side, level));
        if (taken > Lots{}) out.push_back({level.price, taken});
        quantity -= taken;
        return quantity > Lots{};
    });
}

std::vector<TakenLiquidity::Taken>::const_iterator TakenLiquidity::find(market::Side side, Ticks price) const {
    return std::ranges::find_if(taken_,
                                [&](const Taken& each) { return each.side == side && each.take.price == price; });
}

Lots TakenLiquidity::left_of(market::Side side, market::Level level) const {
    const auto found = find(side, level.price);
    if (found == taken_.end()) return level.quantity;
    return std::max(Lots{}, level.quantity - found->take.quantity);
}

void TakenLiquidity::take(market::Side side, Take taken) {
    const auto found = find(side, taken.price);
    if (found == taken_.end()) {
        taken_.push_back({side, taken});
    } else {
        taken_[static_cast<std::size_t>(found - taken_.begin())].take.quantity += taken.quantity;
    }
}

void TakenLiquidity::refresh(const market::OrderBook& book) {
    for (Taken& each : taken_)
        each.take.quantity = std::min(each.take.quantity, book.quantity_at(each.side, each.take.price));
    std::erase_if(taken_, [](const Taken& each) { return each.take.quantity == Lots{}; });
}

}  // namespace vt::paper
