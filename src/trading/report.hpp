#pragma once

#include "base/time.hpp"
#include "market/instrument.hpp"
#include "trading/money.hpp"
#include "trading/order.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace vt::trading {

// What is asked of a venue's account, and what it says of it. The port between execution and a venue, simulated or
// real: answers come later, may come twice or not at all, and fills come before the acknowledgement if they like.

struct Place {
    OrderRequest order;
};
/// The whole of quantity, price and trigger as they shall be. in: revision from 1, ascending for each order
struct Amend {
    OrderRequest order;
    std::uint32_t revision = 1;
};
struct Cancel {
    ClientOrderId id;
    market::InstrumentId instrument;
};
/// What became of one order: asked of the open ones and of the history. Its fills are reported again, before the
/// answer.
struct FindOrder {
    ClientOrderId id;
    market::InstrumentId instrument;
};
/// All open orders, positions and the wallet: what a start and a doubt are reconciled with. The fills of the open
/// orders are reported again, before the answer.
struct FindAccount {};
/// The leverage of an instrument's position and orders, those to come too. Idempotent: it may be asked for again.
struct SetLeverage {
    market::InstrumentId instrument;
    std::uint32_t leverage = 1;
};
using Request = std::variant<Place, Amend, Cancel, FindOrder, FindAccount, SetLeverage>;

/// Why a venue did not do what was asked, by what we can do about it.
enum class RefusalCode : std::uint8_t {
    invalid,     ///< off step, below the least size, price out of its band
    would_take,  ///< post-only, and it would have met the other side
    no_margin,
    reduce_only,    ///< nothing to reduce
    would_trigger,  ///< a stop on the wrong side of the price
    not_trading,    ///< the market is halted or ending
    not_found,      ///< an amendment or cancellation of what is not open
    too_many,       ///< orders or requests
    duplicate,      ///< this id was used before
    other,
};
[[nodiscard]] std::string_view name(RefusalCode code);

struct Accepted {
    ClientOrderId id;
};
/// Definitive: it is not at the venue, nor will be.
struct Refused {
    ClientOrderId id;
    RefusalCode code = RefusalCode::other;
    std::string text;  ///< the venue's own words
};
/// No answer that says whether the request arrived: time-out, broken connection, an error in the middle.
struct Unanswered {
    ClientOrderId id;
};
struct Amended {
    OrderRequest order;
    std::uint32_t revision = 1;
};
/// The order stands as it was, if it stands.
struct AmendRefused {
    ClientOrderId id;
    std::uint32_t revision = 1;
    RefusalCode code = RefusalCode::other;
    std::string text;
};
struct Cancelled {
    ClientOrderId id;
    std::string reason;  ///< "requested", "would take", "market ended" ...
};
struct CancelRefused {
    ClientOrderId id;
    RefusalCode code = RefusalCode::other;
    std::string text;
};

/// The instrument has it from now on, or had it already.
struct LeverageSet {
    market::InstrumentId instrument;
    std::uint32_t leverage = 1;
};
/// The leverage stays as it was.
struct LeverageRefused {
    market::InstrumentId instrument;
    std::uint32_t leverage = 1;  ///< that was asked for
    RefusalCode code = RefusalCode::other;
    std::string text;
};
/// As Unanswered, of a request that concerns no order.
struct LeverageUnanswered {
    market::InstrumentId instrument;
    std::uint32_t leverage = 1;
};

/// What made a position change. Funding is no execution.
enum class ExecutionKind : std::uint8_t { trade, liquidation, auto_deleverage, delivery };
[[nodiscard]] std::string_view name(ExecutionKind kind);

/// A position changed. `order` is absent where it was not an order of ours.
struct Fill {
    ExecutionId execution;
    std::optional<ClientOrderId> order;
    market::InstrumentId instrument;
    market::Side side = market::Side::buy;
    ExecutionKind kind = ExecutionKind::trade;
    Ticks price;
    Lots quantity;  ///< positive
    Money fee;      ///< positive: paid
    bool is_maker = false;
    bool operator==(const Fill&) const = default;
};

/// Paid (negative) or received for a position that was open at the settlement.
struct FundingPaid {
    market::InstrumentId instrument;
    Timestamp settled_at;
    Money amount;
};

/// Of one order, in answer to FindOrder and FindAccount. `filled` counts what the fills said or will say.
struct OrderFound {
    OrderRequest order;
    OrderState state = OrderState::open;
    Lots filled;
    std::uint32_t revision = 0;
};
/// Neither among the open orders nor in the history.
struct OrderAbsent {
    ClientOrderId id;
};
struct PositionFound {
    market::InstrumentId instrument;
    Lots net;  ///< negative: short
    std::optional<double> average_price;
    std::optional<double> liquidation_price;
    std::optional<std::uint32_t> leverage;  ///< absent: the venue does not say it, or it is no whole number
};
/// The account as it stands, whole: what is not in it is not there. A position may be flat, for its leverage.
struct AccountFound {
    Money wallet;  ///< without what open positions gained or lost
    std::vector<OrderFound> open_orders;
    std::vector<PositionFound> positions;
};

using ReportBody =
    std::variant<Accepted, Refused, Unanswered, Amended, AmendRefused, Cancelled, CancelRefused, Fill, FundingPaid,
                 OrderFound, OrderAbsent, AccountFound, LeverageSet, LeverageRefused, LeverageUnanswered>;
struct Report {
    Timestamp at;  ///< by the venue's clock
    ReportBody body;
};

}  // namespace vt::trading
