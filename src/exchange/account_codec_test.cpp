// What accounts say, at both venues. The agreement with ccxt compares every field; here are the meanings that it does
// not know, and the refusals.

#include "exchange/binance/account_codec.hpp"

#include "exchange/bybit/account_codec.hpp"

#include <gtest/gtest.h>

namespace vt::exchange {
namespace {

std::string bybit_list(std::string_view rows) {
    return R"({"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[)" + std::string(rows) +
           R"(],"nextPageCursor":""},"retExtInfo":{},"time":1700000000000})";
}

std::string bybit_execution(std::string_view kind) {
    return R"({"symbol":"BTCUSDT","orderId":"o","execId":"e","side":"Buy","execPrice":"50000","execQty":"0.1","execType":")" +
           std::string(kind) + R"(","execTime":"1700000000000"})";
}

TEST(BybitAccount, FundingIsNoFill) {
    bybit::AccountCodec codec;
    const auto kind = [&](std::string_view type) {
        return codec.executions(bybit_list(bybit_execution(type))).value().at(0).kind;
    };
    EXPECT_EQ(kind("Trade"), ExecutionKind::trade);
    EXPECT_EQ(kind("BustTrade"), ExecutionKind::liquidation);
    EXPECT_EQ(kind("AdlTrade"), ExecutionKind::deleveraging);
    EXPECT_EQ(kind("Funding"), ExecutionKind::funding);
    EXPECT_EQ(kind("Settle"), ExecutionKind::settlement);
    EXPECT_EQ(kind("Delivery"), ExecutionKind::delivery);
    EXPECT_EQ(kind("SomethingNew"), ExecutionKind::other);
    for (const std::string_view type : {"Funding", "Settle", "Delivery", "SomethingNew"})
        EXPECT_FALSE(is_fill(kind(type)));
    for (const std::string_view type : {"Trade", "BustTrade", "AdlTrade"}) EXPECT_TRUE(is_fill(kind(type)));
}

TEST(BybitAccount, OrdersKeepWhatIsAbsentAbsent) {
    bybit::AccountCodec codec;
    const auto orders = codec.orders(bybit_list(
        R"({"symbol":"BTCUSDT","orderId":"1","orderLinkId":"","side":"Sell","orderStatus":"Untriggered",
            "orderType":"Market","timeInForce":"IOC","price":"0","qty":"0.010","cumExecQty":"0","avgPrice":"",
            "triggerPrice":"59000","takeProfit":"0","stopLoss":"","reduceOnly":true,"positionIdx":2,
            "createdTime":"1700000000000","updatedTime":"0"},
           {"symbol":"ETHUSDT","orderId":"2","side":"Buy","orderStatus":"PartiallyFilledCanceled","orderType":"Limit",
            "timeInForce":"PostOnly","price":"1600.50","qty":"1","cumExecQty":"0.4","avgPrice":"1600.1"})"));
    ASSERT_TRUE(orders) << orders.error().what;
    const OrderReport& stop = orders->at(0);
    EXPECT_EQ(stop.state, OrderState::waiting);
    EXPECT_EQ(stop.kind, OrderKind::market);
    EXPECT_EQ(stop.slot, PositionSlot::short_side);
    EXPECT_TRUE(stop.is_reduce_only);
    EXPECT_FALSE(stop.price || stop.average_price || stop.take_profit || stop.stop_loss || stop.updated_at);
    EXPECT_EQ(stop.trigger_price, (Decimal{59'000, 0}));
    EXPECT_EQ(stop.quantity, (Decimal{1, 2})) << "exactly";
    const OrderReport& limit = orders->at(1);
    EXPECT_EQ(limit.state, OrderState::cancelled);
    EXPECT_TRUE(is_final(limit.state));
    EXPECT_EQ(limit.filled, (Decimal{4, 1})) << "a cancelled order may be filled in part";
    EXPECT_EQ(limit.time_in_force, TimeInForce::post_only);
}

TEST(BybitAccount, PositionsAreFlatHedgedOrShort) {
    bybit::AccountCodec codec;
    const auto positions = codec.positions(
        R"({"id":"1","topic":"position","creationTime":1700000000000,"data":[
            {"symbol":"A","side":"","size":"0","positionIdx":0,"entryPrice":"0","liqPrice":""},
            {"symbol":"B","side":"Buy","size":"2","positionIdx":1,"entryPrice":"10.5","liqPrice":"8"},
            {"symbol":"B","side":"Sell","size":"3","positionIdx":2,"entryPrice":"11"}]})");
    ASSERT_TRUE(positions) << positions.error().what;
    EXPECT_FALSE(positions->at(0).side || positions->at(0).entry_price || positions->at(0).liquidation_price);
    EXPECT_EQ(positions->at(1).side, market::Side::buy);
    EXPECT_EQ(positions->at(1).slot, PositionSlot::long_side);
    EXPECT_EQ(positions->at(2).side, market::Side::sell);
    EXPECT_EQ(positions->at(2).quantity, (Decimal{3, 0}));
}

TEST(BybitAccount, RefusesAllOrNothing) {
    bybit::AccountCodec codec;
    const auto order = [](std::string_view members) {
        return bybit_list(R"({"symbol":"A","orderId":"1","side":"Buy","orderStatus":"New","orderType":"Limit"})"
                          R"(,{"symbol":"B","orderId":"2",)" +
                          std::string(members) + "}");
    };
    EXPECT_TRUE(codec.orders(order(R"("side":"Buy","orderStatus":"New","orderType":"Limit")")));
    EXPECT_FALSE(codec.orders(order(R"("side":"buy","orderStatus":"New","orderType":"Limit")")));
    EXPECT_FALSE(codec.orders(order(R"("side":"Buy","orderStatus":"Odd","orderType":"Limit")")));
    EXPECT_FALSE(codec.orders(order(R"("side":"Buy","orderStatus":"New","orderType":"Odd")")));
    EXPECT_FALSE(codec.orders(order(R"("side":"Buy","orderStatus":"New","orderType":"Limit","qty":"much")")));
    EXPECT_FALSE(codec.orders(order(R"("side":"Buy","orderStatus":"New","orderType":"Limit","qty":["1"])")));
    EXPECT_FALSE(codec.orders(R"({"retCode":0,"result":{}})"));
    EXPECT_EQ(codec.orders(R"({"retCode":10003,"retMsg":"no","result":{}})").error().what, "bybit 10003 no");
    EXPECT_FALSE(codec.executions(bybit_list(R"({"symbol":"A","execId":"1","side":"Buy","execQty":"1"})")));
    EXPECT_FALSE(codec.positions(bybit_list(R"({"symbol":"A","side":"Buy","size":"-1"})")));
    EXPECT_FALSE(codec.balances(bybit_list(R"({"coin":[{"coin":"BTC"}]})")));
    const std::string whole = order(R"("side":"Buy","orderStatus":"New","orderType":"Limit")");
    for (std::size_t length = 0; length < whole.size(); length += 7)
        EXPECT_FALSE(codec.orders(std::string_view(whole).substr(0, length))) << length;
}

TEST(BinanceAccount, ForcedOrdersAreTold) {
    binance::AccountCodec codec;
    const auto kind = [&](std::string_view client_id) {
        const auto event = codec.event(
            R"({"e":"ORDER_TRADE_UPDATE","E":1700000000001,"T":1700000000000,"o":{"s":"BTCUSDT","c":")" +
            std::string(client_id) +
            R"(","S":"SELL","o":"MARKET","f":"IOC","q":"0.1","p":"0","ap":"50000","x":"TRADE","X":"FILLED","i":1,"l":"0.1",
                "z":"0.1","L":"50000","n":"0.02","N":"USDT","T":1700000000000,"t":9,"m":false,"ps":"BOTH"}})");
        return event.value().executions.at(0).kind;
    };
    EXPECT_EQ(kind("mine"), ExecutionKind::trade);
    EXPECT_EQ(kind("autoclose-17"), ExecutionKind::liquidation);
    EXPECT_EQ(kind("adl_autoclose"), ExecutionKind::deleveraging);
    EXPECT_EQ(kind("settlement_autoclose-3"), ExecutionKind::settlement);
}

TEST(BinanceAccount, AnEventSaysOrderAndFill) {
    binance::AccountCodec codec;
    const auto event = codec.event(
        R"({"subscriptionId":0,"event":{"e":"executionReport","E":1700000000001,"s":"ETHUSDT","c":"mine","S":"BUY","o":
            "LIMIT_MAKER","f":"GTC","q":"1.00000000","p":"2500.00000000","P":"0.00000000","x":"TRADE","X":
            "PARTIALLY_FILLED","r":"NONE","i":12,"l":"0.25000000","z":"0.25000000","L":"2500.00000000","n":"0.001","N":
            "ETH","T":1700000000000,"t":98,"m":true,"O":1699999999000,"Z":"625.00000000"}})");
    ASSERT_TRUE(event) << event.error().what;
    ASSERT_EQ(event->orders.size(), 1U);
    ASSERT_EQ(event->executions.size(), 1U);
    const OrderReport& order = event->orders[0];
    EXPECT_EQ(order.state, OrderState::partly_filled);
    EXPECT_EQ(order.time_in_force, TimeInForce::post_only);
    EXPECT_EQ(order.average_price, 2500);
    EXPECT_EQ(order.created_at, from_ms(1'699'999'999'000));
    EXPECT_FALSE(order.trigger_price);
    const ExecutionReport& fill = event->executions[0];
    EXPECT_EQ(fill.id, "98");
    EXPECT_EQ(fill.quantity, (Decimal{25, 2}));
    EXPECT_EQ(fill.is_maker, true);
    EXPECT_EQ(fill.fee_currency, "ETH");
    const auto placed = codec.event(
        R"({"e":"executionReport","E":1700000000001,"s":"ETHUSDT","c":"m","S":"BUY","o":"LIMIT","q":"1","p":"2","x":"NEW",
            "X":"NEW","i":12,"l":"0.0","z":"0.0","L":"0.0","T":1700000000000,"t":-1})");
    ASSERT_TRUE(placed) << placed.error().what;
    EXPECT_TRUE(placed->executions.empty()) << "placing is no fill";
}

TEST(BinanceAccount, AnAccountUpdateSaysBalancesAndPositions) {
    binance::AccountCodec codec;
    const auto event = codec.event(
        R"({"e":"ACCOUNT_UPDATE","T":1700000000000,"E":1700000000001,"a":{"m":"FUNDING_FEE","B":[{"a":"USDT","wb":"100.5",
            "cw":"100","bc":"-0.5"}],"P":[{"s":"BTCUSDT","pa":"-0.020","ep":"6563.8","up":"-1.5","ps":"SHORT"},
            {"s":"ETHUSDT","pa":"0","ep":"0.00000","up":"0","ps":"BOTH"}]}})");
    ASSERT_TRUE(event) << event.error().what;
    EXPECT_EQ(event->balances.at(0).total, 100.5);
    EXPECT_EQ(event->positions.at(0).side, market::Side::sell);
    EXPECT_EQ(event->positions.at(0).quantity, (Decimal{2, 2}));
    EXPECT_EQ(event->positions.at(0).slot, PositionSlot::short_side);
    EXPECT_FALSE(event->positions.at(1).side || event->positions.at(1).entry_price) << "flat";
    EXPECT_TRUE(event->orders.empty() && event->executions.empty()) << "a funding fee is no fill";
}

TEST(BinanceAccount, EarlyFillsKnowNoFee) {
    binance::AccountCodec codec;
    const auto event = codec.event(
        R"({"e":"TRADE_LITE","E":1700000000001,"T":1700000000000,"s":"BTCUSDT","c":"T","S":"BUY","q":"0.001","p":"7100.50",
            "i":88,"l":"0.001","L":"7100.50","t":123,"m":true})");
    ASSERT_TRUE(event) << event.error().what;
    EXPECT_EQ(event->executions.at(0).id, "123") << "the full event carries the same id";
    EXPECT_FALSE(event->executions.at(0).fee);
    EXPECT_TRUE(event->orders.empty());
}

TEST(BinanceAccount, RefusalsAreNamed) {
    binance::AccountCodec codec;
    EXPECT_EQ(codec.event(R"({"e":"listenKeyExpired","E":1700000000001})").error().code, Errc::unsupported);
    EXPECT_EQ(codec.event(R"({"result":null,"id":1})").error().what, "binance event names no event");
    EXPECT_FALSE(codec.event(R"({"e":"ORDER_TRADE_UPDATE","E":1700000000001})"));
    EXPECT_FALSE(codec.event(R"({"e":"ACCOUNT_UPDATE"})"));
    EXPECT_EQ(codec.orders(R"({"code":-2013,"msg":"Order does not exist."})").error().what, "binance -2013");
    EXPECT_FALSE(codec.orders(R"([{"symbol":"A","orderId":1,"side":"BUY","status":"ODD","type":"LIMIT"}])"));
    EXPECT_FALSE(codec.orders(R"([{"symbol":"A","orderId":1,"side":"BUY","status":"NEW"}])"));
    EXPECT_FALSE(codec.executions(R"([{"symbol":"A","id":1,"price":"1","qty":"1"}])")) << "without its side";
    EXPECT_FALSE(codec.positions(R"([{"symbol":"A"}])"));
    EXPECT_FALSE(codec.balances(R"({"canTrade":true})"));
    EXPECT_FALSE(codec.balances("nothing"));
    EXPECT_TRUE(codec.orders("[]").value().empty());
    // The parser gives such a document up in the middle of a search.
    const std::string_view broken = R"({"e":"ACCOUNT_UPDATE","E":1700000000001,"a":"a":"USDT","wb":"100.5"}]})";
    EXPECT_FALSE(codec.balances(broken) || codec.orders(broken) || codec.event(broken));
}

TEST(Account, EveryValueHasAName) {
    EXPECT_EQ(name(OrderState::partly_filled), "partly_filled");
    EXPECT_EQ(name(OrderKind::market), "market");
    EXPECT_EQ(name(TimeInForce::gtd), "gtd");
    EXPECT_EQ(name(ExecutionKind::funding), "funding");
}

}  // namespace
}  // namespace vt::exchange
