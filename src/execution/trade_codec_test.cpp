#include "execution/trade_codec.hpp"

#include "execution/test_desk.hpp"

#include <gtest/gtest.h>

namespace vt::execution {
namespace {

/// A trade in which nothing is absent.
Trade full_trade() {
    auto desk = Desk::ready();
    auto plan = Desk::plan();
    plan.limit = Ticks{10'020};
    plan.trailing = Trailing{.distance_ticks = 80, .step_ticks = 5};
    plan.attribution = {{"order_flow", .6}, {"liquidity", .4}};
    desk.enter(plan);  // before its leverage, which would have to be confirmed
    desk.executor.on_price(desk.instrument.id, Ticks{10'100}, desk.now, desk.actions);
    desk.say(trading::FundingPaid{desk.instrument.id, from_ms(1), trading::Money{-5}});
    desk.fill(*desk.trade().targets[0], 50, 10'150, .02);
    desk.executor.close(1, TradeEnd::requested, desk.now, desk.actions);
    desk.fill(*desk.trade().exit, 50, 10'100);
    auto trade = desk.trade();
    trade.unprotected_since = from_ms(4);
    trade.target_renewed_at = {from_ms(5), from_ms(6), from_ms(7)};
    trade.target_renewals = {1, 2, 3};
    trade.withdrawn = {*trade.targets[1], *trade.targets[2]};
    trade.ended_at = from_ms(9);
    trade.plan.leverage = 5;
    return trade;
}

trading::Order::Facts full_order() {
    trading::Order order({.id = {7, 9},
                          .instrument = market::InstrumentId{3},
                          .side = market::Side::sell,
                          .kind = trading::OrderKind::stop_market,
                          .time_in_force = trading::TimeInForce::post_only,
                          .quantity = Lots{12},
                          .price = Ticks{5},
                          .trigger = Ticks{6},
                          .trigger_by = trading::TriggerBy::mark,
                          .is_reduce_only = true},
                         trading::Purpose::emergency, from_ms(77));
    (void)order.on_filled(trading::ExecutionId{900}, Lots{3});
    (void)order.on_filled(trading::ExecutionId{901}, Lots{4});
    order.on_cancelled("requested");
    return order.facts();
}

TEST(TradeCodec, ReadsBackWhatItWrote) {
    const auto trade = full_trade();
    const auto read = decode_trade(encode_trade(trade), trade.plan.instrument);
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(*read, trade);
    const auto order = full_order();
    EXPECT_EQ(decode_order(encode_order(order), market::InstrumentId{3}).value(), order);
    EXPECT_EQ(decode_trade(encode_trade(Trade{}), {}).value(), Trade{});
}

// Each version put a member behind those of the one before; absent or empty it is a flag or a length.
TEST(TradeCodec, ReadsTradesOfEarlierVersions) {
    Trade trade = full_trade();
    trade.plan.leverage.reset();
    std::string bytes = encode_trade(trade);
    bytes.resize(bytes.size() - 1);  // 2: no leverage
    bytes[0] = 2;
    auto read = decode_trade(bytes, trade.plan.instrument);
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(*read, trade);
    EXPECT_FALSE(read->is_waiting());

    trade.withdrawn.clear();
    bytes = encode_trade(trade);
    bytes.resize(bytes.size() - 1 - sizeof(std::uint16_t));  // 1: nor what was withdrawn
    bytes[0] = 1;
    read = decode_trade(bytes, trade.plan.instrument);
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(*read, trade);

    for (const char version : {'\0', '\4'}) {
        bytes[0] = version;
        EXPECT_EQ(decode_trade(bytes, {}).error().code, Errc::unsupported);
    }
}

TEST(TradeCodec, ATradeOfAnEarlierVersionThatWasNotEnteredIsNoTradeThatWaits) {
    Trade trade{.id = 1, .plan = Desk::plan()};
    std::string bytes = encode_trade(trade);
    bytes.resize(bytes.size() - 1);
    bytes[0] = 2;
    Desk desk({}, 2);
    desk.executor.resume(decode_trade(bytes, desk.instrument.id).value(), {}, desk.now);
    desk.executor.begin(desk.now, desk.actions);
    EXPECT_EQ(desk.trade().closing, TradeEnd::not_entered);
    EXPECT_TRUE(desk.warnings().empty());
}

TEST(TradeCodec, RefusesEveryTruncationAndWhatIsLeftOver) {
    for (const std::string& bytes : {encode_trade(full_trade()), encode_order(full_order())}) {
        for (std::size_t length = 0; length < bytes.size(); ++length) {
            ASSERT_FALSE(decode_trade(bytes.substr(0, length), {})) << length;
            ASSERT_FALSE(decode_order(bytes.substr(0, length), {})) << length;
        }
        EXPECT_FALSE(decode_trade(bytes + '\0', {}));
        EXPECT_FALSE(decode_order(bytes + '\0', {}));
    }
}

TEST(TradeCodec, RefusesAnotherVersionAndImpossibleValues) {
    auto bytes = encode_order(full_order());
    bytes[0] = 2;
    EXPECT_EQ(decode_order(bytes, {}).error().code, Errc::unsupported);
    bytes = encode_order(full_order());
    bytes[1 + 4 + 8] = 2;  // the side, behind the version and the id
    EXPECT_EQ(decode_order(bytes, {}).error().code, Errc::malformed);
}

}  // namespace
}  // namespace vt::execution
