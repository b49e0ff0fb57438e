#pragma once

#include "base/result.hpp"
#include "exchange/account.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace vt::exchange::binance {

/// Turns what Binance says about an account into values: REST replies of the futures and the spot market, and events
/// of both user streams (bare, in the combined-stream wrapper, or in the WebSocket API's). All rows or none.
///   errors: malformed, out_of_range; refused: the venue's own code; unsupported: another event
///   cost:   O(length)
///   source: github.com/binance/binance-spot-api-docs rest-api.md and user-data-stream.md; for futures
///           https://developers.binance.com/docs/derivatives/usds-margined-futures, read 2026-07
class AccountCodec {
public:
    AccountCodec();
    ~AccountCodec();
    AccountCodec(AccountCodec&&) noexcept;
    AccountCodec& operator=(AccountCodec&&) noexcept;

    /// An order or a list of orders of either market.
    [[nodiscard]] Result<std::vector<OrderReport>> orders(std::string_view body);
    /// /fapi/v1/userTrades, /api/v3/myTrades.
    [[nodiscard]] Result<std::vector<ExecutionReport>> executions(std::string_view body);
    /// /fapi/v2 and v3/positionRisk.
    [[nodiscard]] Result<std::vector<PositionReport>> positions(std::string_view body);
    /// /fapi/v2/balance, or the assets of /fapi/v2/account and the balances of /api/v3/account.
    [[nodiscard]] Result<std::vector<BalanceReport>> balances(std::string_view body);

    /// What one event of a user stream says.
    struct Event {
        std::vector<OrderReport> orders;
        std::vector<ExecutionReport> executions;
        std::vector<PositionReport> positions;
        std::vector<BalanceReport> balances;
    };
    /// ORDER_TRADE_UPDATE, TRADE_LITE and ACCOUNT_UPDATE; executionReport and outboundAccountPosition.
    [[nodiscard]] Result<Event> event(std::string_view frame);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::exchange::binance
