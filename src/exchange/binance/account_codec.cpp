#include "exchange/binance/account_codec.hpp"

#include "exchange/binance/account_parts.hpp"

namespace vt::exchange::binance {

using json::Fault;
namespace ondemand = json::ondemand;

AccountCodec::AccountCodec() : impl_(std::make_unique<Impl>()) {}
AccountCodec::~AccountCodec() = default;
AccountCodec::AccountCodec(AccountCodec&&) noexcept = default;
AccountCodec& AccountCodec::operator=(AccountCodec&&) noexcept = default;

// Futures
// {"orderId":1917641,"symbol":"BTCUSDT","status":"NEW","clientOrderId":"abc","price":"0","avgPrice":"0.00000",
//  "origQty":"0.40","executedQty":"0","cumQuote":"0","timeInForce":"GTC","type":"LIMIT","reduceOnly":false,"side":"BUY",
//  "positionSide":"SHORT","stopPrice":"9300","time":1579276756075,"updateTime":1579276756075}; spot has
//  cummulativeQuoteQty (so spelled), and transactTime in the answer to a new order
Result<std::vector<OrderReport>> AccountCodec::orders(std::string_view body) {
    std::vector<OrderReport> reports;
    const auto read = [&](ondemand::object row) -> Fault {
        OrderReport order;
        OrderWords words;
        std::optional<bool> is_reduce_only;
        const json::Member members[] = {{"symbol", &order.symbol},
                                        {"orderId", &order.id},
                                        {"clientOrderId", &order.client_id},
                                        {"side", &words.side},
                                        {"status", &words.status},
                                        {"type", &words.type},
                                        {"timeInForce", &words.time_in_force},
                                        {"positionSide", &words.slot},
                                        {"reduceOnly", &is_reduce_only},
                                        {"price", &order.price},
                                        {"origQty", &order.quantity},
                                        {"executedQty", &order.filled},
                                        {"cumQuote", &order.filled_value},
                                        {"cummulativeQuoteQty", &order.filled_value},
                                        {"avgPrice", &order.average_price},
                                        {"stopPrice", &order.trigger_price},
                                        {"time", &order.created_at},
                                        {"transactTime", &order.created_at},
                                        {"updateTime", &order.updated_at}};
        if (const Fault fault = json::read_row(row, members)) return fault;
        order.is_reduce_only = is_reduce_only.value_or(false);
        if (!order.updated_at) order.updated_at = order.created_at;
        if (const Fault fault = finish_order(words, order)) return fault;
        reports.push_back(std::move(order));
        return {};
    };
    if (const Result<void> done = impl_->rows("order", body, {}, read); !done)
        return fail(done.error().code, done.error().what);
    return reports;
}

// Futures {"symbol":"ETHUSDT","id":82357626,"orderId":831238666,"side":"SELL","price":"2778.35","qty":"0.005",
//  "quoteQty":"13.89175","commission":"0.00555670","commissionAsset":"USDT","time":1645930322371,"buyer":false,
//  "maker":false}; spot names no side but isBuyer and isMaker
Result<std::vector<ExecutionReport>> AccountCodec::executions(std::string_view body) {
    std::vector<ExecutionReport> reports;
    const auto read = [&](ondemand::object row) -> Fault {
        ExecutionReport execution;
        std::optional<bool> is_buyer;
        const json::Member members[] = {
            {"symbol", &execution.symbol},    {"id", &execution.id},
            {"orderId", &execution.order_id}, {"buyer", &is_buyer},
            {"isBuyer", &is_buyer},           {"maker", &execution.is_maker},
            {"isMaker", &execution.is_maker}, {"price", &execution.price},
            {"qty", &execution.quantity},     {"quoteQty", &execution.value},
            {"commission", &execution.fee},   {"commissionAsset", &execution.fee_currency},
            {"time", &execution.at}};
        if (const Fault fault = json::read_row(row, members)) return fault;
        if (execution.symbol.empty() || execution.id.empty() || !execution.price || !execution.quantity || !is_buyer)
            return {"has an execution without symbol, id, price, quantity or buyer"};
        execution.side = *is_buyer ? market::Side::buy : market::Side::sell;
        reports.push_back(std::move(execution));
        return {};
    };
    if (const Result<void> done = impl_->rows("trade", body, {}, read); !done)
        return fail(done.error().code, done.error().what);
    return reports;
}

// {"symbol":"BTCUSDT","positionAmt":"-10.000","entryPrice":"6563.66500","markPrice":"6679.50671178",
//  "unRealizedProfit":"-1156.46711780","liquidationPrice":"7189.95","leverage":"10","positionSide":"SHORT",
//  "updateTime":1625474304765}
Result<std::vector<PositionReport>> AccountCodec::positions(std::string_view body) {
    std::vector<PositionReport> reports;
    const auto read = [&](ondemand::object row) -> Fault {
        PositionReport position;
        std::string slot;
        const json::Member members[] = {{"symbol", &position.symbol},
                                        {"positionAmt", &position.quantity},
                                        {"entryPrice", &position.entry_price},
                                        {"markPrice", &position.mark_price},
                                        {"unRealizedProfit", &position.unrealised},
                                        {"liquidationPrice", &position.liquidation_price},
                                        {"leverage", &position.leverage},
                                        {"positionSide", &slot},
                                        {"updateTime", &position.updated_at}};
        if (const Fault fault = json::read_row(row, members)) return fault;
        if (const Fault fault = finish_position(slot, position)) return fault;
        reports.push_back(std::move(position));
        return {};
    };
    if (const Result<void> done = impl_->rows("position", body, {}, read); !done)
        return fail(done.error().code, done.error().what);
    return reports;
}

// Futures [{"asset":"USDT","balance":"122.12345678","availableBalance":"122.12345678",...}], or the account's
// "assets":[{"asset":"USDT","walletBalance":"23.72469206","availableBalance":"23.72469206"}]; spot
// "balances":[{"asset":"BTC","free":"4723846.89208129","locked":"0.00000000"}]
Result<std::vector<BalanceReport>> AccountCodec::balances(std::string_view body) {
    std::vector<BalanceReport> reports;
    const auto read = [&](ondemand::object row) -> Fault {
        BalanceReport balance;
        const json::Member members[] = {{"asset", &balance.currency},        {"balance", &balance.total},
                                        {"walletBalance", &balance.total},   {"free", &balance.free},
                                        {"availableBalance", &balance.free}, {"locked", &balance.locked}};
        if (const Fault fault = json::read_row(row, members)) return fault;
        if (balance.currency.empty()) return {"has a balance without its asset"};
        if (!balance.total && balance.free && balance.locked) balance.total = *balance.free + *balance.locked;
        if (!balance.total) return {"has a balance without its amount"};
        reports.push_back(std::move(balance));
        return {};
    };
    if (const Result<void> done = impl_->rows("balance", body, {"assets", "balances"}, read); !done)
        return fail(done.error().code, done.error().what);
    return reports;
}

}  // namespace vt::exchange::binance
