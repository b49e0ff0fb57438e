// The user streams of both markets, and the words that they share with REST.

#include "exchange/binance/account_parts.hpp"

namespace vt::exchange::binance {

using json::Fault;
namespace ondemand = json::ondemand;

namespace {

Fault state_in(std::string_view text, OrderState& state) {
    using enum OrderState;
    if (text == "NEW" || text == "PENDING_NEW" || text == "PENDING_CANCEL" || text.starts_with("NEW_"))
        state = open;  // NEW_INSURANCE, NEW_ADL: forced orders
    else if (text == "PARTIALLY_FILLED")
        state = partly_filled;
    else if (text == "FILLED")
        state = filled;
    else if (text == "CANCELED")
        state = cancelled;
    else if (text == "REJECTED")
        state = rejected;
    else if (text == "EXPIRED" || text == "EXPIRED_IN_MATCH")
        state = expired;
    else
        return {"has an unknown status"};
    return {};
}

Fault time_in_force_in(std::string_view text, TimeInForce& out) {
    if (text == "GTC" || text.empty())
        out = TimeInForce::gtc;
    else if (text == "IOC")
        out = TimeInForce::ioc;
    else if (text == "FOK")
        out = TimeInForce::fok;
    else if (text == "GTX")
        out = TimeInForce::post_only;
    else if (text == "GTD" || text == "GTE_GTC")
        out = TimeInForce::gtd;
    else
        return {"has an unknown timeInForce"};
    return {};
}

PositionSlot slot_in(std::string_view text) {
    if (text == "LONG") return PositionSlot::long_side;
    return text == "SHORT" ? PositionSlot::short_side : PositionSlot::net;
}

/// Types that end in MARKET, and MARKET itself, take what there is; the others are limits.
bool is_market(std::string_view type) {
    return type.ends_with("MARKET") || type == "STOP_LOSS" || type == "LIQUIDATION";
}
bool is_conditional(std::string_view type) {
    return type.starts_with("STOP") || type.starts_with("TAKE_PROFIT") || type.starts_with("TRAILING");
}

}  // namespace

Fault side_in(std::string_view text, market::Side& side) {
    if (text != "BUY" && text != "SELL") return {"has a side that is neither BUY nor SELL"};
    side = text == "BUY" ? market::Side::buy : market::Side::sell;
    return {};
}

ExecutionKind kind_of_client_id(std::string_view client_id) {
    if (client_id.starts_with("settlement_autoclose")) return ExecutionKind::settlement;
    if (client_id.starts_with("adl_autoclose")) return ExecutionKind::deleveraging;
    return client_id.starts_with("autoclose-") ? ExecutionKind::liquidation : ExecutionKind::trade;
}

Fault finish_order(const OrderWords& words, OrderReport& order) {
    if (order.symbol.empty() || order.id.empty()) return {"has an order without symbol or id"};
    if (const Fault fault = side_in(words.side, order.side)) return fault;
    if (const Fault fault = state_in(words.status, order.state)) return fault;
    if (const Fault fault = time_in_force_in(words.time_in_force, order.time_in_force)) return fault;
    if (words.type.empty()) return {"has an order without its type"};
    order.kind = is_market(words.type) ? OrderKind::market : OrderKind::limit;
    if (words.type == "LIMIT_MAKER") order.time_in_force = TimeInForce::post_only;
    for (auto* const price : {&order.price, &order.trigger_price}) {
        if (*price && (*price)->mantissa == 0) price->reset();
    }
    if (order.state == OrderState::open && order.trigger_price && is_conditional(words.type))
        order.state = OrderState::waiting;
    if (order.average_price && *order.average_price == 0) order.average_price.reset();
    // Spot says the value only, and -1 where an old order's is not known.
    if (order.filled_value && *order.filled_value < 0) order.filled_value.reset();
    const double filled = order.filled ? order.filled->to_double() : 0;
    if (!order.average_price && order.filled_value && filled > 0) order.average_price = *order.filled_value / filled;
    order.slot = slot_in(words.slot);
    return {};
}

Fault finish_position(std::string_view slot, PositionReport& position) {
    if (position.symbol.empty() || !position.quantity) return {"has a position without symbol or amount"};
    if (position.quantity->mantissa != 0)
        position.side = position.quantity->mantissa > 0 ? market::Side::buy : market::Side::sell;
    if (position.quantity->mantissa < 0) position.quantity->mantissa = -position.quantity->mantissa;
    for (auto* const price : {&position.entry_price, &position.liquidation_price}) {
        if (*price && **price == 0) price->reset();
    }
    position.slot = slot_in(slot);
    return {};
}

namespace {

/// {"s":"BTCUSDT","c":"TEST","S":"BUY","o":"LIMIT","f":"GTC","q":"0.001","p":"7100.50","ap":"0","sp":"0","x":"NEW",
///  "X":"NEW","i":8886774,"l":"0","z":"0","L":"0","n":"0","N":"USDT","T":1568879465651,"t":0,"m":false,"R":false,
///  "ps":"BOTH"}; spot writes P for the trigger, Z for the value and O for the time of creation
Fault read_order_event(ondemand::object row, Timestamp at, AccountCodec::Event& event) {
    OrderReport order;
    OrderWords words;
    ExecutionReport fill;
    std::string execution_type;
    std::optional<bool> is_reduce_only;
    const json::Member members[] = {{"s", &order.symbol},
                                    {"i", &order.id},
                                    {"c", &order.client_id},
                                    {"S", &words.side},
                                    {"X", &words.status},
                                    {"o", &words.type},
                                    {"f", &words.time_in_force},
                                    {"ps", &words.slot},
                                    {"R", &is_reduce_only},
                                    {"p", &order.price},
                                    {"q", &order.quantity},
                                    {"z", &order.filled},
                                    {"Z", &order.filled_value},
                                    {"ap", &order.average_price},
                                    {"sp", &order.trigger_price},
                                    {"P", &order.trigger_price},
                                    {"O", &order.created_at},
                                    {"T", &fill.at},
                                    {"x", &execution_type},
                                    {"t", &fill.id},
                                    {"l", &fill.quantity},
                                    {"L", &fill.price},
                                    {"n", &fill.fee},
                                    {"N", &fill.fee_currency},
                                    {"m", &fill.is_maker}};
    if (const Fault fault = json::read_row(row, members)) return fault;
    order.is_reduce_only = is_reduce_only.value_or(false);
    order.updated_at = fill.at ? fill.at : std::optional(at);
    if (const Fault fault = finish_order(words, order)) return fault;
    const bool is_filled =
        (execution_type == "TRADE" || execution_type == "CALCULATED") && fill.quantity && fill.quantity->mantissa > 0;
    if (is_filled) {
        if (!fill.price) return {"has a fill without its price"};
        fill.symbol = order.symbol;
        fill.order_id = order.id;
        fill.client_id = order.client_id;
        fill.side = order.side;
        fill.kind = kind_of_client_id(order.client_id);
        event.executions.push_back(std::move(fill));
    }
    event.orders.push_back(std::move(order));
    return {};
}

/// {"e":"TRADE_LITE","E":..,"T":..,"s":"BTCUSDT","c":"TEST","S":"BUY","q":"0.001","p":"7100.50","i":8886774,"l":"0.001",
///  "L":"7100.50","t":12345678,"m":true}: a fill early and without its fee; the full event follows with the same t
Fault read_early_fill(ondemand::object row, AccountCodec::Event& event) {
    ExecutionReport fill;
    std::string side;
    const json::Member members[] = {{"s", &fill.symbol}, {"i", &fill.order_id}, {"c", &fill.client_id},
                                    {"S", &side},        {"t", &fill.id},       {"l", &fill.quantity},
                                    {"L", &fill.price},  {"m", &fill.is_maker}, {"T", &fill.at}};
    if (const Fault fault = json::read_row(row, members)) return fault;
    if (const Fault fault = side_in(side, fill.side)) return fault;
    if (fill.symbol.empty() || fill.id.empty() || !fill.price || !fill.quantity)
        return {"has a fill without symbol, id, price or quantity"};
    fill.kind = kind_of_client_id(fill.client_id);
    event.executions.push_back(std::move(fill));
    return {};
}

/// {"a":"USDT","wb":"122624.12345678","cw":"100.12345678","bc":"50.12345678"} of the futures,
/// {"a":"ETH","f":"10000.0",
///  "l":"0.0"} of spot
Fault read_balance_event(ondemand::value element, AccountCodec::Event& event) {
    BalanceReport balance;
    ondemand::object row;
    if (const Fault fault = json::object_of(element, row)) return fault;
    const json::Member members[] = {
        {"a", &balance.currency}, {"wb", &balance.total}, {"f", &balance.free}, {"l", &balance.locked}};
    if (const Fault fault = json::read_row(row, members)) return fault;
    if (balance.currency.empty()) return {"has a balance without its asset"};
    if (!balance.total && balance.free && balance.locked) balance.total = *balance.free + *balance.locked;
    if (!balance.total) return {"has a balance without its amount"};
    event.balances.push_back(std::move(balance));
    return {};
}

/// {"s":"BTCUSDT","pa":"20","ep":"6563.6","up":"2850.21200","ps":"LONG",...}
Fault read_position_event(ondemand::value element, Timestamp at, AccountCodec::Event& event) {
    PositionReport position;
    std::string slot;
    ondemand::object row;
    if (const Fault fault = json::object_of(element, row)) return fault;
    const json::Member members[] = {{"s", &position.symbol},
                                    {"pa", &position.quantity},
                                    {"ep", &position.entry_price},
                                    {"up", &position.unrealised},
                                    {"ps", &slot}};
    if (const Fault fault = json::read_row(row, members)) return fault;
    position.updated_at = at;
    if (const Fault fault = finish_position(slot, position)) return fault;
    event.positions.push_back(std::move(position));
    return {};
}

Fault read_lists(ondemand::object object, Timestamp at, AccountCodec::Event& event) {
    return json::each_member(object, [&](std::string_view key, ondemand::value value) -> Fault {
        if (key == "B")
            return json::each_element(value,
                                      [&](ondemand::value element) { return read_balance_event(element, event); });
        if (key == "P")
            return json::each_element(
                value, [&](ondemand::value element) { return read_position_event(element, at, event); });
        return json::pass_over(value);
    });
}

}  // namespace

Result<AccountCodec::Event> AccountCodec::event(std::string_view frame) {
    const auto malformed = [](Fault fault) {
        return fail(Errc::malformed, std::string("binance event ") + fault.what);
    };
    if (frame.size() > kMaxFrameBytes) return malformed({"is longer than 4 MB"});
    impl_->document.hold(frame);
    ondemand::object root, inner;
    if (const Fault fault = impl_->document.open(root)) return malformed(fault);
    // {"stream":..,"data":{..}}, {"subscriptionId":0,"event":{..}}, or the event itself
    bool is_wrapped = false;
    for (const std::string_view wrapper : {"data", "event"}) {
        if (is_wrapped) break;
        ondemand::value wrapped;
        if (root.reset().error()) return malformed({"is cut off or not JSON"});
        const json::Lookup lookup = json::look_up(root, wrapper, wrapped);
        if (lookup == json::Lookup::broken) return malformed({"is cut off or not JSON"});
        if (lookup == json::Lookup::absent) continue;
        const auto error = wrapped.get_object().get(inner);
        if (error && error != simdjson::INCORRECT_TYPE) return malformed({"is cut off or not JSON"});
        is_wrapped = !error;
    }
    if (!is_wrapped) {
        if (root.reset().error()) return malformed({"is cut off or not JSON"});
        inner = root;
    }
    std::string_view text;
    if (inner.find_field_unordered("e").get_string().get(text)) return malformed({"names no event"});
    const std::string kind(text);
    if (inner.reset().error()) return malformed({"is cut off or not JSON"});
    ondemand::value time;
    Timestamp at;
    if (inner.find_field_unordered("E").get(time) || json::instant_of(time, at))
        return malformed({"lacks its time E"});
    if (inner.reset().error()) return malformed({"is cut off or not JSON"});
    Event event;
    Fault fault;
    ondemand::object body;
    if (kind == "executionReport") {
        fault = read_order_event(inner, at, event);
    } else if (kind == "TRADE_LITE") {
        fault = read_early_fill(inner, event);
    } else if (kind == "outboundAccountPosition") {
        fault = read_lists(inner, at, event);
    } else if (kind == "ORDER_TRADE_UPDATE") {
        if (inner.find_field_unordered("o").get_object().get(body)) return malformed({"lacks its order"});
        fault = read_order_event(body, at, event);
    } else if (kind == "ACCOUNT_UPDATE") {
        if (inner.find_field_unordered("a").get_object().get(body)) return malformed({"lacks its account"});
        fault = read_lists(body, at, event);
    } else {
        return fail(Errc::unsupported, "binance event " + kind.substr(0, 64) + " is not one of an account's state");
    }
    if (fault) return malformed(fault);
    return event;
}

}  // namespace vt::exchange::binance
