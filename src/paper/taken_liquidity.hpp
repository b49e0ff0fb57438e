#pragma once

#include "market/order_book.hpp"

#include <optional>
#include <vector>

namespace vt::paper {

/// One level's part of an order that takes.
struct Take {
    Ticks price;
    Lots quantity;
    bool operator==(const Take&) const = default;
};

/// What our orders have taken from the displayed book of one instrument. The public book does not know of them, so it
/// goes on displaying what we took: no two of our orders may have it. What a level displays beyond that is left; when
/// it displays less, that much at most was taken; when it disappears, what comes there next is new.
class TakenLiquidity {
public:
    /// The levels that a taker would meet, from the best outward. `out` is overwritten.
    ///   in: limit: no price beyond it
    ///   cost: O(levels met); allocates only what `out` lacks
    void walk(const market::OrderBook& book, market::Side taker, Lots quantity, std::optional<Ticks> limit,
              std::vector<Take>& out) const;
    /// What is left of a displayed level. in: side: on which the level stands
    [[nodiscard]] Lots left_of(market::Side side, market::Level level) const;
    /// in: side: on which the level stood
    void take(market::Side side, Take taken);
    /// The book changed. cost: O(levels that we took from)
    void refresh(const market::OrderBook& book);

private:
    struct Taken {
        market::Side side;
        Take take;
    };
    [[nodiscard]] std::vector<Taken>::const_iterator find(market::Side side, Ticks price) const;

    std::vector<Taken> taken_;
};

}  // namespace vt::paper
