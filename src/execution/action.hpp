#pragma once

#include "base/time.hpp"
#include "execution/trade.hpp"
#include "trading/order.hpp"
#include "trading/report.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vt::execution {

/// The order as it is now known. One in the state `intent` has to be durable before the request behind it goes out.
struct RecordOrder {
    TradeId trade = 0;
    trading::Order::Facts order;
};
/// The trade as it is now known.
struct RecordTrade {
    Trade trade;
};

enum class WarningKind : std::uint8_t {
    unprotected,       ///< no stop was confirmed in time: the position is being closed
    exit_failed,       ///< the venue refused to close a position; it is tried again
    order_unknown,     ///< nobody says whether an order exists; it is asked for
    order_absent,      ///< an order that was sent is proven not to exist
    position_differs,  ///< the venue's position is not ours: the venue's counts, entries wait
    external_order,    ///< an order that is not ours
    liquidated,
    wallet_differs,     ///< the venue's wallet is not ours: the venue's counts
    not_resumed,        ///< what an earlier run left cannot be gone on from: nothing is traded
    not_representable,  ///< an amount that does not fit: nothing was booked
    leverage_not_set,   ///< the venue did not confirm the leverage of a trade: nothing was entered
};
[[nodiscard]] std::string_view name(WarningKind kind);
/// What a person should know.
struct Warning {
    WarningKind kind = WarningKind::unprotected;
    std::optional<TradeId> trade;
    std::string text;
};

/// What the shell has to do, in this order. Records that follow each other are one transaction, and durable before
/// the request behind them goes out.
using Action = std::variant<RecordOrder, RecordTrade, trading::Request, Warning>;
using Actions = std::vector<Action>;

}  // namespace vt::execution
