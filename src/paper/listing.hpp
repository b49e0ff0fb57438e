#pragma once

#include "market/instrument_state.hpp"
#include "paper/queue_position.hpp"
#include "paper/taken_liquidity.hpp"
#include "trading/position.hpp"
#include "trading/report.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace vt::paper {

/// Where an open order stands.
enum class Phase : std::uint8_t {
    waiting,  ///< a stop, for its trigger
    taking,   ///< about to meet the book, as soon as one is seen
    resting,  ///< in the book
};

/// An order that is not over.
struct OpenOrder {
    trading::OrderRequest request;
    std::uint32_t revision = 0;
    Lots filled;
    Phase phase = Phase::taking;
    Timestamp sent_at;          ///< by us
    Timestamp visible_from;     ///< found, and heard of
    std::uint64_t arrival = 0;  ///< of two at one price the lower was there first
    QueuePosition queue;        ///< while resting
    Timestamp fresh_from;       ///< while taking: the book may not be older, by the venue's clock
    Timestamp patient_until;    ///< while taking: then any valid book will do
    std::vector<trading::Report> fills;

    [[nodiscard]] Lots remaining() const { return request.quantity - filled; }
    [[nodiscard]] trading::OrderState state() const {
        return filled > Lots{} ? trading::OrderState::partially_filled : trading::OrderState::open;
    }
};

/// One instrument as the account sees it: its market, the position and the open orders by what they wait for.
struct Listing {
    const market::InstrumentState* market = nullptr;  ///< null: not followed
    trading::Position position;
    trading::Money margin_used;  ///< of the position's margin: by funding that the wallet could not pay
    int leverage = 1;
    std::vector<OpenOrder*> bids;  ///< resting, by price and arrival
    std::vector<OpenOrder*> asks;
    std::vector<OpenOrder*> stops;   ///< waiting, by arrival
    std::vector<OpenOrder*> takers;  ///< taking, by arrival
    TakenLiquidity taken;
    std::optional<double> last;
    std::optional<double> mark;
    std::optional<double> funding_rate;
    std::optional<Timestamp> next_funding_at;
    Timestamp settled_until;  ///< no settlement at or before it is made again

    [[nodiscard]] const market::Instrument& instrument() const { return market->instrument(); }
    [[nodiscard]] std::vector<OpenOrder*>& resting(market::Side side) {
        return side == market::Side::buy ? bids : asks;
    }
    [[nodiscard]] const std::vector<OpenOrder*>& resting(market::Side side) const {
        return side == market::Side::buy ? bids : asks;
    }
    [[nodiscard]] bool has_orders() const {
        return !bids.empty() || !asks.empty() || !stops.empty() || !takers.empty();
    }
    [[nodiscard]] bool is_idle() const { return position.is_flat() && !has_orders(); }

    /// Puts an order where its phase belongs.
    void file(OpenOrder& order);
    /// Takes it out again. in: an order that is filed
    void unfile(OpenOrder& order);
    /// The venue's time of the newest book.
    [[nodiscard]] Timestamp book_time() const;
    /// What is displayed at a price; absent where the book does not reach that far.
    [[nodiscard]] std::optional<Lots> displayed_at(market::Side side, Ticks price) const;
    /// What a position is valued at: the mark price, else the last, else the middle of the book.
    [[nodiscard]] std::optional<double> reference_price() const;
};

/// True when an order of that side at `price` comes before one at `other`, or meets it.
[[nodiscard]] constexpr bool is_as_good(market::Side side, Ticks price, Ticks other) {
    return side == market::Side::buy ? price >= other : price <= other;
}

}  // namespace vt::paper
