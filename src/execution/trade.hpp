#pragma once

#include "base/time.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"
#include "trading/money.hpp"
#include "trading/order.hpp"
#include "trading/position.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::execution {

/// Counts the trades of an account, from 1.
using TradeId = std::uint64_t;

/// What earlier runs used up of the numbers that an account's trades and orders carry.
struct Numbering {
    std::uint32_t boot = 1;  ///< of this start, never used before
    TradeId last_trade = 0;  ///< the highest that was ever given, open or not
    bool operator==(const Numbering&) const = default;
};

inline constexpr std::size_t kRungCount = 3;

/// One step of the take-profit ladder.
struct Rung {
    Ticks price;
    double share = 0;  ///< of what was bought or sold; the rungs add up to 1
    bool operator==(const Rung&) const = default;
};

/// The stop follows the best price that was seen, once the first rung was reached or at once where there is none, and
/// never goes back.
struct Trailing {
    std::int64_t distance_ticks = 0;
    std::int64_t step_ticks = 1;  ///< smaller moves are not worth an amendment
    bool operator==(const Trailing&) const = default;
};

/// What part of the decision to trade a side of the score had: shares of the score's distance from 50.
struct Attribution {
    std::string dimension;
    double share = 0;
    bool operator==(const Attribution&) const = default;
};

/// A trade as it was decided and approved. Prices in ticks of the instrument.
struct Plan {
    std::string signal;  ///< id of the signal behind it; empty: asked for by a person
    std::string strategy;
    market::InstrumentId instrument;
    market::Side side = market::Side::buy;
    Lots quantity;
    Ticks reference;             ///< the price at the decision, which slippage is measured from
    std::optional<Ticks> limit;  ///< the entry pays no more, or sells for no less; absent: at the market
    Ticks stop;
    std::array<std::optional<Rung>, kRungCount> ladder;
    double break_even_cost_bps =
        0;  ///< of a round trip: what the stop moves by beyond the entry once a rung is reached
    std::optional<Trailing> trailing;
    Timestamp enter_by;    ///< what is not filled until then is cancelled
    Timestamp expires_at;  ///< what is still open then is closed at the market
    /// That it was approved with: nothing is entered before the venue has confirmed it. Absent: as the venue has it.
    std::optional<std::uint32_t> leverage;
    std::vector<Attribution> attribution;
    bool operator==(const Plan&) const = default;
};

enum class TradeEnd : std::uint8_t {
    target,  ///< the ladder closed it
    stop,
    expired,      ///< its time was over
    requested,    ///< by a person
    halted,       ///< by the kill switch or a breaker
    unprotected,  ///< no stop was confirmed
    liquidated,
    delisted,
    not_entered,           ///< nothing of the entry was filled
    reconciled,            ///< the venue's position was not there any more
    leverage_refused,      ///< the venue refused the leverage of its plan: nothing was entered
    leverage_unconfirmed,  ///< nor did it confirm it in time, or before the program ended: nothing was entered
};
[[nodiscard]] std::string_view name(TradeEnd end);

/// A trade from its entry to its end, with all that is needed to go on with it after a restart.
struct Trade {
    TradeId id = 0;
    Plan plan;
    Timestamp decided_at;
    std::optional<trading::ClientOrderId> entry;
    std::optional<trading::ClientOrderId> stop;
    std::optional<trading::ClientOrderId> exit;
    std::array<std::optional<trading::ClientOrderId>, kRungCount> targets;
    bool has_ladder = false;  ///< the rungs were placed
    /// Orders that a person took back: cancelled until they are over, and not placed anew. Entry and targets only.
    std::vector<trading::ClientOrderId> withdrawn;
    /// Of a target that ended without a fill: when it is placed anew, and how often it was.
    std::array<std::optional<Timestamp>, kRungCount> target_renewed_at;
    std::array<std::uint32_t, kRungCount> target_renewals{};
    std::optional<Timestamp> first_fill_at;
    std::optional<Timestamp> unprotected_since;  ///< there is a position, and no stop that the venue confirmed
    std::uint32_t stop_attempts = 0;             ///< since it was last confirmed
    std::optional<Timestamp> funded_until;       ///< the last settlement that was booked
    std::optional<TradeEnd> closing;             ///< why it is being closed
    std::optional<Timestamp> ended_at;
    trading::Position::Facts position;
    Lots entered;                      ///< of the entry, in all
    trading::Money entry_value;        ///< what that was worth when it was filled
    Ticks stop_wanted;                 ///< where the stop should be by now
    std::optional<Ticks> best, worst;  ///< last prices seen while it was open, for its side
    std::uint32_t exits = 0;           ///< attempts to close at the market
    std::optional<Timestamp> exit_not_before;
    std::optional<Timestamp> stop_amended_at;
    bool operator==(const Trade&) const = default;

    [[nodiscard]] bool is_open() const { return position.net != Lots{}; }
    /// Its entry was not sent: the venue has not confirmed the leverage yet.
    [[nodiscard]] bool is_waiting() const { return plan.leverage && !entry && !ended_at; }
    [[nodiscard]] bool is_withdrawn(trading::ClientOrderId order) const;
};

/// What a trade was worth. Absent: nothing was entered.
struct TradeResult {
    trading::Money net;       ///< with fees and funding
    double r_multiple = 0;    ///< net in units of what the stop would have lost, without costs
    double slippage_bps = 0;  ///< of the entry against the reference; positive: paid more, or sold for less
    double mfe_bps = 0;       ///< best excursion against the entry's mean price; not negative
    double mae_bps = 0;       ///< worst; not positive
};
/// Mean price of what was entered. out: absent before anything was
[[nodiscard]] std::optional<double> entry_price(const Trade& trade, const market::Instrument& instrument);
/// An amount in units of what the stop would have lost of what was entered, without costs.
///   out: absent before an entry, and where the stop was at it
[[nodiscard]] std::optional<double> in_r(const Trade& trade, const market::Instrument& instrument,
                                         trading::Money amount);
/// The journal's figures of a trade, of what is closed so far. cost: O(1)
[[nodiscard]] std::optional<TradeResult> result_of(const Trade& trade, const market::Instrument& instrument);

/// Where the stop moves to once a rung was reached: where the rest comes out even, a round trip's costs included,
/// rounded to the tick away from the entry. out: absent before an entry
[[nodiscard]] std::optional<Ticks> break_even(const Trade& trade, const market::Instrument& instrument);

/// Whether `price` is at least as good as `other` for a position of the side.
[[nodiscard]] constexpr bool is_as_good(market::Side side, Ticks price, Ticks other) {
    return side == market::Side::buy ? price >= other : price <= other;
}

/// What each rung closes, of `entered` lots: shares rounded down, the last one takes the rest; a rung of less than a
/// lot is left out.
[[nodiscard]] std::array<Lots, kRungCount> rung_quantities(const Plan& plan, Lots entered);

}  // namespace vt::execution
