#include "runtime/trade_keeping.hpp"

#include "execution/trade_codec.hpp"
#include "risk/pre_trade.hpp"
#include "runtime/kept_trading.hpp"
#include "trading/test_instrument.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <future>
#include <string>

namespace vt::runtime {
namespace {

constexpr Timestamp kTradesNow = from_ms(1'780'000'000'000);

/// A database of its own, and one open trade with its entry and stop.
class TradeKeepingTest : public ::testing::Test {
protected:
    TradeKeepingTest() : folder_(std::filesystem::temp_directory_path() / ("trades_" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(folder_);
        market::Instrument instrument = trading::test_perpetual();
        instrument_ = instruments_.list(instrument);
    }
    ~TradeKeepingTest() override { std::filesystem::remove_all(folder_); }
    [[nodiscard]] std::unique_ptr<TradeKeeping> start(const std::string& market) const {
        auto keeping = TradeKeeping::start(url_, claim_, market, kTradesNow);
        EXPECT_TRUE(keeping.has_value()) << keeping.error().what;
        return keeping ? std::move(*keeping) : nullptr;
    }
    [[nodiscard]] execution::Trade trade(execution::TradeId id) const {
        execution::Trade made{.id = id};
        made.plan.signal = "0123456789abcdef";
        made.plan.instrument = instrument_;
        made.plan.quantity = Lots{100};
        made.plan.reference = Ticks{10'000};
        made.plan.stop = made.stop_wanted = Ticks{9'900};
        made.entry = trading::ClientOrderId{1, 1};
        made.position.net = Lots{100};
        return made;
    }
    [[nodiscard]] trading::Order::Facts order(std::uint64_t sequence, trading::Purpose purpose) const {
        return {.request = {.id = {1, sequence}, .instrument = instrument_, .quantity = Lots{100}},
                .purpose = purpose,
                .is_sent = true};
    }
    [[nodiscard]] engine::TradingStep step() const {
        return {.at = kTradesNow,
                .outputs = {execution::RecordTrade{trade(3)},
                            execution::RecordOrder{3, order(1, trading::Purpose::entry)},
                            execution::RecordOrder{3, order(2, trading::Purpose::stop)}},
                .limits = std::string("lim\0its", 7),
                .venue = "the venue's account"};
    }

    std::filesystem::path folder_;
    records::DatabaseUrl url_{.path = (folder_ / "records.db").string()};
    std::shared_ptr<records::RunClaim> claim_ = std::make_shared<records::RunClaim>(url_, "live");  // of this process
    market::InstrumentDirectory instruments_;
    market::InstrumentId instrument_;
};

TEST_F(TradeKeepingTest, ALiveMarketGoesOnFromWhatWasOpen) {
    auto first = start("live");
    EXPECT_EQ(first->saved(), (desk::SavedTrading{.numbering = {.boot = 1}}));
    first->keep(step(), instruments_);
    first->stop();
    EXPECT_EQ(first->hindrance(), "");

    auto second = start("live");
    const desk::SavedTrading& saved = second->saved();
    EXPECT_EQ(saved.numbering, (execution::Numbering{.boot = 2, .last_trade = 3}));
    EXPECT_EQ(saved.limits, std::string("lim\0its", 7));
    EXPECT_EQ(saved.venue, "the venue's account");
    ASSERT_EQ(saved.trades.size(), 1U);
    EXPECT_EQ(saved.trades[0].instrument, instruments_[instrument_].path_id());
    EXPECT_EQ(execution::decode_trade(saved.trades[0].bytes, instrument_).value(), trade(3));
    ASSERT_EQ(saved.orders.size(), 2U);
    EXPECT_EQ(execution::decode_order(saved.orders[1].bytes, instrument_).value(), order(2, trading::Purpose::stop));

    auto ended = trade(3);
    ended.ended_at = kTradesNow;
    second->keep({.at = kTradesNow, .outputs = {execution::RecordTrade{ended}}}, instruments_);
    second->stop();
    EXPECT_TRUE(start("live")->saved().trades.empty());
}

TEST_F(TradeKeepingTest, WhereNothingIsTradedTheAccountStaysAsItIs) {
    auto first = start("live");
    first->keep(step(), instruments_);
    first->keep({.at = kTradesNow, .outputs = {execution::Warning{execution::WarningKind::not_resumed, {}, "why"}}},
                instruments_);
    first->stop();
    const auto second = start("live");
    EXPECT_EQ(second->saved().limits, step().limits);
    EXPECT_EQ(second->saved().venue, step().venue);
}

TEST_F(TradeKeepingTest, TheDemoMarketBeginsAnew) {
    auto first = start("demo");
    first->keep(step(), instruments_);
    first->stop();
    auto second = start("demo");
    EXPECT_TRUE(second->saved().trades.empty());
    EXPECT_EQ(second->saved().venue, "");
    EXPECT_EQ(second->saved().numbering, (execution::Numbering{.boot = 2, .last_trade = 3})) << "no number twice";
    second->stop();
    auto repository = records::Repository::open(
        records::open_database({.path = (folder_ / "records.db").string()}).value(), kTradesNow);
    const auto page = records::trades_of(repository->database(), {.market = "demo"}).value();
    ASSERT_EQ(page.trades.size(), 1U);
    EXPECT_EQ(page.trades[0].state, "abandoned");
}

TEST_F(TradeKeepingTest, WhoWaitsIsToldWhenItIsOnTheDisk) {
    const auto keeping = start("live");
    keeping->keep(step(), instruments_);
    std::promise<std::string> told;
    keeping->after_stored([&](const Result<void>& stored) {
        EXPECT_TRUE(stored) << stored.error().what;
        auto repository = records::Repository::open(
            records::open_database({.path = (folder_ / "records.db").string()}).value(), kTradesNow);
        told.set_value(records::trading_state(repository->database(), "live", "limits").value().value_or("none"));
    });
    EXPECT_EQ(told.get_future().get(), step().limits);
    std::promise<void> again;
    keeping->after_stored([&](const Result<void>& stored) {
        EXPECT_TRUE(stored) << "there is nothing to store";
        again.set_value();
    });
    again.get_future().get();
}

/// What limits say of the mode, as an account of its own would read them.
risk::TradingState state_in(const std::string& limits) {
    risk::PreTrade read({}, "USDT");
    read.restore(limits, kTradesNow);
    return read.state();
}

TEST_F(TradeKeepingTest, AHaltHoldsForANewAccountAndLossesAndDrawdownsDoNot) {
    EXPECT_EQ(limits_for_new_account("", kTradesNow), "") << "nothing was counted";
    EXPECT_EQ(state_in(limits_for_new_account("damaged", kTradesNow)).mode(), risk::Mode::halted);
    const auto limits_after = [](auto happen) {
        risk::PreTrade before({}, "USDT");
        (void)before.on_equity(kTradesNow, trading::Money{1'000'000});
        happen(before);
        std::string bytes;
        before.encode(bytes);
        return limits_for_new_account(bytes, kTradesNow);
    };
    EXPECT_EQ(limits_after([](risk::PreTrade&) {}), "");
    EXPECT_EQ(limits_after([](risk::PreTrade& desk) {
                  (void)desk.make_safer(risk::Mode::reducing, kTradesNow, "ann", "calm down");
              }),
              "");
    EXPECT_EQ(limits_after([](risk::PreTrade& desk) { (void)desk.on_equity(kTradesNow, trading::Money{1}); }), "")
        << "the drawdown was the old account's";
    const std::string halted = limits_after([](risk::PreTrade& desk) {
        (void)desk.on_equity(kTradesNow, trading::Money{990'000});
        (void)desk.make_safer(risk::Mode::halted, kTradesNow, "ann", "enough");
    });
    EXPECT_EQ(state_in(halted).mode(), risk::Mode::halted);
    EXPECT_EQ(state_in(halted).last_change()->who, "ann");
    EXPECT_EQ(state_in(halted).last_change()->reason, "enough");
    risk::PreTrade after({}, "USDT");
    after.restore(halted, kTradesNow);
    EXPECT_FALSE(after.breakers().equity()) << "its losses begin anew";
}

TEST_F(TradeKeepingTest, AResetAbandonsWhatIsOpenAndForgetsTheAccount) {
    start("live")->keep(step(), instruments_);  // stored when it ends
    {
        auto repository = records::Repository::open(
            records::open_database({.path = (folder_ / "records.db").string()}).value(), kTradesNow);
        ASSERT_TRUE(reset_paper_account(repository->database(), kTradesNow));
        EXPECT_EQ(records::trades_of(repository->database(), {.market = "live"})->trades.at(0).state, "abandoned");
    }
    const auto next = start("live");
    EXPECT_TRUE(next->saved().trades.empty());
    EXPECT_TRUE(next->saved().orders.empty());
    EXPECT_EQ(next->saved().venue, "");
    EXPECT_EQ(state_in(next->saved().limits).mode(), risk::Mode::halted) << "what was kept of limits was damaged";
    EXPECT_EQ(next->saved().numbering.last_trade, 3U) << "no number twice";
}

TEST_F(TradeKeepingTest, WhatCannotBeReadIsNoReasonToBeginAnew) {
    {
        auto first = start("live");
        first->keep(step(), instruments_);
        first->stop();
    }
    std::filesystem::resize_file(folder_ / "records.db", 4'096);
    EXPECT_FALSE(TradeKeeping::start(url_, claim_, "live", kTradesNow).has_value());
}

TEST_F(TradeKeepingTest, OneRunAtATimeHasTheAccountOfAMarket) {
    const auto first = start("live");
    const auto second =
        TradeKeeping::start(url_, std::make_shared<records::RunClaim>(url_, "live"), "live", kTradesNow);
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().code, Errc::in_use);
}

}  // namespace
}  // namespace vt::runtime
