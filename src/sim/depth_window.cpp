#include "sim/depth_window.hpp"

namespace vt::sim {

using market::Level;
using market::Side;

namespace {

void window_of(const Book& book, Side side, std::uint32_t depth, std::vector<Level>& into) {
    into.clear();
    book.walk(side, [&](const Level& level) {
        into.push_back(level);
        return into.size() < depth;
    });
}

/// Both lists best price first.
void differences(Side side, const std::vector<Level>& before, const std::vector<Level>& now,
                 std::vector<Level>& into) {
    into.clear();
    const auto is_better = [side](Ticks a, Ticks b) { return side == Side::buy ? a > b : a < b; };
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < before.size() || j < now.size()) {
        if (j == now.size() || (i < before.size() && is_better(before[i].price, now[j].price))) {
            into.push_back(Level{.price = before[i].price, .quantity = Lots{0}});
            ++i;
        } else if (i == before.size() || is_better(now[j].price, before[i].price)) {
            into.push_back(now[j]);
            ++j;
        } else {
            if (before[i].quantity != now[j].quantity) into.push_back(now[j]);
            ++i;
            ++j;
        }
    }
}

}  // namespace

bool DepthWindow::refresh(const Book& book) {
    bid_changes_.clear();
    ask_changes_.clear();
    if (book.changes() == seen_changes_) return false;
    seen_changes_ = book.changes();
    window_of(book, Side::buy, depth_, next_);
    differences(Side::buy, bids_, next_, bid_changes_);
    bids_.swap(next_);
    window_of(book, Side::sell, depth_, next_);
    differences(Side::sell, asks_, next_, ask_changes_);
    asks_.swap(next_);
    return !bid_changes_.empty() || !ask_changes_.empty();
}

void DepthWindow::clear() {
    bids_.clear();
    asks_.clear();
    seen_changes_ = 0;
}

}  // namespace vt::sim
