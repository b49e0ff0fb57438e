#include "paper/listing.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace vt::paper {
namespace {

std::vector<OpenOrder*>& list_of(Listing& listing, const OpenOrder& order) {
    switch (order.phase) {
        case Phase::waiting: return listing.stops;
        case Phase::taking: return listing.takers;
        case Phase::resting: break;
    }
    return listing.resting(order.request.side);
}

bool is_before(const OpenOrder* a, const OpenOrder* b) {
    if (a->phase == Phase::resting && a->request.price != b->request.price)
        return is_as_good(a->request.side, *a->request.price, *b->request.price);
    return a->arrival < b->arrival;
}

}  // namespace

void Listing::file(OpenOrder& order) {
    auto& list = list_of(*this, order);
    list.insert(std::ranges::upper_bound(list, &order, is_before), &order);
}

void Listing::unfile(OpenOrder& order) {
    auto& list = list_of(*this, order);
    const auto found = std::ranges::find(list, &order);
    VT_ASSERT(found != list.end());
    list.erase(found);
}

Timestamp Listing::book_time() const {
    return market->last_exchange_time(market::Stream::book).value_or(Timestamp{});
}

std::optional<Lots> Listing::displayed_at(market::Side side, Ticks price) const {
    const Lots displayed = market->book().quantity_at(side, price);
    if (displayed > Lots{}) return displayed;
    bool is_reached = false;
    market->book().walk(side, [&](market::Level level) {
        is_reached = is_as_good(side, price, level.price);
        return !is_reached;
    });
    if (!is_reached) return std::nullopt;
    return Lots{};
}

std::optional<double> Listing::reference_price() const {
    if (mark) return mark;
    return last ? last : market->mid();
}

}  // namespace vt::paper
