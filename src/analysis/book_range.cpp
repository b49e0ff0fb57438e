#include "analysis/book_range.hpp"

#include "base/assert.hpp"

#include <cstddef>

namespace vt::analysis {
namespace {

/// The worst of the published levels, or nothing when the feed holds fewer than it would publish.
std::optional<Ticks> worst_published(const market::OrderBook& book, market::Side side) {
    if (book.level_count(side) < book.depth()) return std::nullopt;
    std::optional<Ticks> worst;
    std::size_t seen = 0;
    book.walk(side, [&](const market::Level& level) {
        worst = level.price;
        return ++seen < book.depth();
    });
    return worst;
}

}  // namespace

BookRange::BookRange(const BookFrame& frame, Timestamp snapshot_time) {
    const auto bid = frame.book.best(market::Side::buy);
    const auto ask = frame.book.best(market::Side::sell);
    VT_ASSERT(bid.has_value());
    VT_ASSERT(ask.has_value());
    doubled_mid_ = bid->price.value() + ask->price.value();
    const bool is_limited = frame.book.depth() > 0;
    bid_edge_ =
        is_limited ? worst_published(frame.book, market::Side::buy) : frame.book.snapshot_edge(market::Side::buy);
    ask_edge_ =
        is_limited ? worst_published(frame.book, market::Side::sell) : frame.book.snapshot_edge(market::Side::sell);
    is_settled_ = !is_limited && frame.time - snapshot_time >= kSettled;
}

bool BookRange::within(market::Side side, Ticks price, double bps) const {
    const double scaled = 20'000.0 * static_cast<double>(price.value());
    const auto doubled = static_cast<double>(doubled_mid_);
    return side == market::Side::buy ? scaled >= doubled * (10'000.0 - bps) : scaled <= doubled * (10'000.0 + bps);
}

bool BookRange::covers(market::Side side, double bps) const {
    if (is_settled_ && bps <= kSettledBps) return true;
    const auto& edge = side == market::Side::buy ? bid_edge_ : ask_edge_;
    if (!edge) return true;
    // The band's edge lies inside the known range: the known edge is not inside the band.
    const double scaled = 20'000.0 * static_cast<double>(edge->value());
    const auto doubled = static_cast<double>(doubled_mid_);
    return side == market::Side::buy ? scaled <= doubled * (10'000.0 - bps) : scaled >= doubled * (10'000.0 + bps);
}

bool BookRange::covers_price(market::Side side, Ticks price) const {
    if (is_settled_ && within(side, price, kSettledBps)) return true;
    const auto& edge = side == market::Side::buy ? bid_edge_ : ask_edge_;
    if (!edge) return true;
    return side == market::Side::buy ? price >= *edge : price <= *edge;
}

std::optional<double> BookRange::edge_bps(market::Side side) const {
    const auto& edge = side == market::Side::buy ? bid_edge_ : ask_edge_;
    if (!edge) return std::nullopt;
    const double mid = static_cast<double>(doubled_mid_) / 2;
    const auto price = static_cast<double>(edge->value());
    return 1e4 * (side == market::Side::buy ? mid - price : price - mid) / mid;
}

}  // namespace vt::analysis
