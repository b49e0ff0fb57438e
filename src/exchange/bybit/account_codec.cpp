#include "exchange/bybit/account_codec.hpp"

#include "exchange/bybit/codec.hpp"
#include "exchange/row_reader.hpp"

namespace vt::exchange::bybit {

using json::Fault;
namespace ondemand = json::ondemand;

struct AccountCodec::Impl {
    json::Document document;

    /// Calls visit(object) for each row of a reply or of a frame.
    template <class Visit>
    Result<void> rows(std::string_view source, std::string_view text, Visit&& visit) {
        const auto malformed = [&](Fault fault) {
            return fail(Errc::malformed, "bybit " + std::string(source) + " " + fault.what);
        };
        if (text.size() > kMaxFrameBytes) return malformed({"is longer than 4 MB"});
        document.hold(text);
        ondemand::object root;
        if (const Fault fault = document.open(root)) return malformed(fault);
        bool has_rows = false;
        std::int64_t code = 0;
        std::string message;
        const auto list = [&](ondemand::value value) {
            has_rows = true;
            return json::each_element(value, [&](ondemand::value element) -> Fault {
                ondemand::object row;
                const Fault fault = json::object_of(element, row);
                return fault ? fault : visit(row);
            });
        };
        Fault fault = json::each_member(root, [&](std::string_view key, ondemand::value value) -> Fault {
            std::string_view words;
            if (key == "data") return list(value);
            if (key == "retCode")
                return value.get_int64().get(code) ? Fault{"has a retCode that is not a number"} : Fault{};
            if (key == "retMsg") {
                if (const Fault wrong = json::text_of(value, words)) return wrong;
                message = words.substr(0, 200);
                return {};
            }
            if (key != "result") return json::pass_over(value);
            ondemand::object result;
            if (const Fault wrong = json::object_of(value, result)) return wrong;
            return json::each_member(result, [&](std::string_view inner, ondemand::value content) -> Fault {
                return inner == "list" ? list(content) : json::pass_over(content);
            });
        });
        if (!fault) fault = document.close();
        if (fault) return malformed(fault);
        if (code != 0) return fail(Errc::refused, "bybit " + std::to_string(code) + " " + message);
        if (!has_rows) return malformed({"lacks its list"});
        return {};
    }
};

namespace {

Fault side_in(std::string_view text, market::Side& side) {
    if (text != "Buy" && text != "Sell") return {"has a side that is neither Buy nor Sell"};
    side = text == "Buy" ? market::Side::buy : market::Side::sell;
    return {};
}

/// positionIdx: 0 one-way, 1 the long and 2 the short side of a hedging account.
PositionSlot slot_in(std::string_view text) {
    if (text == "1") return PositionSlot::long_side;
    return text == "2" ? PositionSlot::short_side : PositionSlot::net;
}

/// "0" is how the venue writes "no price", "no trigger", "no take profit".
void drop_zero(std::optional<Decimal>& price) {
    if (price && price->mantissa == 0) price.reset();
}
void drop_zero(std::optional<double>& price) {
    if (price && *price == 0) price.reset();
}

Fault state_in(std::string_view text, OrderState& state) {
    using enum OrderState;
    if (text == "New" || text == "Created" || text == "Active" || text == "Triggered")
        state = open;
    else if (text == "Untriggered")
        state = waiting;
    else if (text == "PartiallyFilled")
        state = partly_filled;
    else if (text == "Filled")
        state = filled;
    else if (text == "Cancelled" || text == "PartiallyFilledCanceled" || text == "Deactivated")
        state = cancelled;
    else if (text == "Rejected")
        state = rejected;
    else
        return {"has an unknown orderStatus"};
    return {};
}

Fault time_in_force_in(std::string_view text, TimeInForce& out) {
    if (text == "GTC" || text.empty())
        out = TimeInForce::gtc;
    else if (text == "IOC")
        out = TimeInForce::ioc;
    else if (text == "FOK")
        out = TimeInForce::fok;
    else if (text == "PostOnly" || text == "RPI")
        out = TimeInForce::post_only;
    else
        return {"has an unknown timeInForce"};
    return {};
}

ExecutionKind kind_in(std::string_view text) {
    using enum ExecutionKind;
    if (text.empty() || text == "Trade" || text == "BlockTrade" || text == "MovePosition" || text == "FutureSpread")
        return trade;
    if (text == "BustTrade") return liquidation;
    if (text == "AdlTrade") return deleveraging;
    if (text == "Funding") return funding;
    if (text == "Delivery") return delivery;
    if (text == "Settle" || text == "SessionSettlePnL") return settlement;
    return other;
}

}  // namespace

AccountCodec::AccountCodec() : impl_(std::make_unique<Impl>()) {}
AccountCodec::~AccountCodec() = default;
AccountCodec::AccountCodec(AccountCodec&&) noexcept = default;
AccountCodec& AccountCodec::operator=(AccountCodec&&) noexcept = default;

// {"orderId":"fd4300ae-..","orderLinkId":"test-000005","symbol":"ETHUSDT","price":"1600.00","qty":"0.10","side":"Buy",
//  "orderStatus":"New","avgPrice":"0","cumExecQty":"0.00","cumExecValue":"0","timeInForce":"GTC","orderType":"Limit",
//  "triggerPrice":"0.00","takeProfit":"2500.00","stopLoss":"1500.00","reduceOnly":false,"positionIdx":0,
//  "createdTime":"1684738540559","updatedTime":"1684738540561",...}
Result<std::vector<OrderReport>> AccountCodec::orders(std::string_view text) {
    std::vector<OrderReport> reports;
    const auto read = [&](ondemand::object row) -> Fault {
        OrderReport order;
        std::string side, status, type, time_in_force, slot;
        std::optional<bool> is_reduce_only;
        const json::Member members[] = {{"symbol", &order.symbol},
                                        {"orderId", &order.id},
                                        {"orderLinkId", &order.client_id},
                                        {"side", &side},
                                        {"orderStatus", &status},
                                        {"orderType", &type},
                                        {"timeInForce", &time_in_force},
                                        {"positionIdx", &slot},
                                        {"reduceOnly", &is_reduce_only},
                                        {"price", &order.price},
                                        {"qty", &order.quantity},
                                        {"cumExecQty", &order.filled},
                                        {"cumExecValue", &order.filled_value},
                                        {"avgPrice", &order.average_price},
                                        {"triggerPrice", &order.trigger_price},
                                        {"takeProfit", &order.take_profit},
                                        {"stopLoss", &order.stop_loss},
                                        {"createdTime", &order.created_at},
                                        {"updatedTime", &order.updated_at}};
        if (const Fault fault = json::read_row(row, members)) return fault;
        if (order.symbol.empty() || order.id.empty()) return {"has an order without symbol or id"};
        if (const Fault fault = side_in(side, order.side)) return fault;
        if (const Fault fault = state_in(status, order.state)) return fault;
        if (const Fault fault = time_in_force_in(time_in_force, order.time_in_force)) return fault;
        if (type != "Limit" && type != "Market" && type != "UNKNOWN") return {"has an unknown orderType"};
        order.kind = type == "Limit" ? OrderKind::limit : OrderKind::market;
        order.is_reduce_only = is_reduce_only.value_or(false);
        order.slot = slot_in(slot);
        for (auto* const price : {&order.price, &order.trigger_price, &order.take_profit, &order.stop_loss})
            drop_zero(*price);
        drop_zero(order.average_price);
        reports.push_back(std::move(order));
        return {};
    };
    if (const Result<void> done = impl_->rows("order", text, read); !done)
        return fail(done.error().code, done.error().what);
    return reports;
}

// {"symbol":"BTCUSDT","orderId":"8c065341-..","orderLinkId":"","side":"Buy","execId":"e0cbe81d-..","execPrice":"50000.00",
//  "execQty":"0.100","execType":"Trade","execValue":"5000.00","execFee":"0.0150","feeCurrency":"USDT","isMaker":true,
//  "execTime":"1672282722429",...}
Result<std::vector<ExecutionReport>> AccountCodec::executions(std::string_view text) {
    std::vector<ExecutionReport> reports;
    const auto read = [&](ondemand::object row) -> Fault {
        ExecutionReport execution;
        std::string side, kind;
        const json::Member members[] = {{"symbol", &execution.symbol},
                                        {"execId", &execution.id},
                                        {"orderId", &execution.order_id},
                                        {"orderLinkId", &execution.client_id},
                                        {"side", &side},
                                        {"execType", &kind},
                                        {"execPrice", &execution.price},
                                        {"execQty", &execution.quantity},
                                        {"execValue", &execution.value},
                                        {"execFee", &execution.fee},
                                        {"feeCurrency", &execution.fee_currency},
                                        {"isMaker", &execution.is_maker},
                                        {"execTime", &execution.at}};
        if (const Fault fault = json::read_row(row, members)) return fault;
        if (execution.symbol.empty() || execution.id.empty() || !execution.price || !execution.quantity)
            return {"has an execution without symbol, id, price or quantity"};
        if (const Fault fault = side_in(side, execution.side)) return fault;
        execution.kind = kind_in(kind);
        reports.push_back(std::move(execution));
        return {};
    };
    if (const Result<void> done = impl_->rows("execution", text, read); !done)
        return fail(done.error().code, done.error().what);
    return reports;
}

// {"positionIdx":0,"symbol":"BTCUSDT","side":"Sell","size":"0.5","avgPrice":"50000.00","markPrice":"50500.00",
//  "liqPrice":"","unrealisedPnl":"250.00","leverage":"10","updatedTime":"1697673600012",...}; a stream writes
//  entryPrice
Result<std::vector<PositionReport>> AccountCodec::positions(std::string_view text) {
    std::vector<PositionReport> reports;
    const auto read = [&](ondemand::object row) -> Fault {
        PositionReport position;
        std::string side, slot;
        const json::Member members[] = {{"symbol", &position.symbol},
                                        {"side", &side},
                                        {"positionIdx", &slot},
                                        {"size", &position.quantity},
                                        {"avgPrice", &position.entry_price},
                                        {"entryPrice", &position.entry_price},
                                        {"markPrice", &position.mark_price},
                                        {"liqPrice", &position.liquidation_price},
                                        {"unrealisedPnl", &position.unrealised},
                                        {"leverage", &position.leverage},
                                        {"updatedTime", &position.updated_at}};
        if (const Fault fault = json::read_row(row, members)) return fault;
        if (position.symbol.empty() || !position.quantity || position.quantity->mantissa < 0)
            return {"has a position without symbol or size"};
        const bool is_flat = side.empty() || side == "None" || position.quantity->mantissa == 0;
        if (!is_flat) {
            market::Side direction = market::Side::buy;
            if (const Fault fault = side_in(side, direction)) return fault;
            position.side = direction;
        }
        position.slot = slot_in(slot);
        if (is_flat) drop_zero(position.entry_price);
        reports.push_back(std::move(position));
        return {};
    };
    if (const Result<void> done = impl_->rows("position", text, read); !done)
        return fail(done.error().code, done.error().what);
    return reports;
}

// {"accountType":"UNIFIED",...,"coin":[{"coin":"USDT","equity":"1000.5","walletBalance":"1000.5","locked":"0",
//  "availableToWithdraw":"1000.5","borrowAmount":"0",...}]}
Result<std::vector<BalanceReport>> AccountCodec::balances(std::string_view text) {
    std::vector<BalanceReport> reports;
    std::size_t accounts = 0;
    const auto read_coin = [&](ondemand::value element) -> Fault {
        BalanceReport balance;
        ondemand::object row;
        if (const Fault fault = json::object_of(element, row)) return fault;
        const json::Member members[] = {{"coin", &balance.currency},
                                        {"walletBalance", &balance.total},
                                        {"locked", &balance.locked},
                                        {"availableToWithdraw", &balance.free},
                                        {"borrowAmount", &balance.borrowed}};
        if (const Fault fault = json::read_row(row, members)) return fault;
        if (balance.currency.empty() || !balance.total) return {"has a coin without name or balance"};
        reports.push_back(std::move(balance));
        return {};
    };
    const auto read = [&](ondemand::object row) -> Fault {
        if (++accounts > 1) return {};
        return json::each_member(row, [&](std::string_view key, ondemand::value value) -> Fault {
            return key == "coin" ? json::each_element(value, read_coin) : json::pass_over(value);
        });
    };
    if (const Result<void> done = impl_->rows("wallet", text, read); !done)
        return fail(done.error().code, done.error().what);
    return reports;
}

}  // namespace vt::exchange::bybit
