#pragma once

#include "base/result.hpp"
#include "exchange/account.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace vt::exchange::bybit {

/// Turns what Bybit says about an account into values: REST replies ({"result":{"list":[..]}}) and frames of the
/// private stream ({"topic":..,"data":[..]}), whose rows are the same. All rows or none.
///   errors: malformed, out_of_range; refused: the reply's own code
///   cost:   O(length)
///   source: https://bybit-exchange.github.io/docs/v5/order/order-list, .../order/execution, .../position,
///           .../account/wallet-balance and .../websocket/private/*, read 2026-07-24
class AccountCodec {
public:
    AccountCodec();
    ~AccountCodec();
    AccountCodec(AccountCodec&&) noexcept;
    AccountCodec& operator=(AccountCodec&&) noexcept;

    /// /v5/order/realtime, /v5/order/history; topic order.
    [[nodiscard]] Result<std::vector<OrderReport>> orders(std::string_view text);
    /// /v5/execution/list; topics execution and execution.fast (which knows no fees).
    [[nodiscard]] Result<std::vector<ExecutionReport>> executions(std::string_view text);
    /// /v5/position/list; topic position.
    [[nodiscard]] Result<std::vector<PositionReport>> positions(std::string_view text);
    /// /v5/account/wallet-balance; topic wallet: the coins of the first account.
    [[nodiscard]] Result<std::vector<BalanceReport>> balances(std::string_view text);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::exchange::bybit
