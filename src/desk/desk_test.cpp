#include "desk/desk.hpp"

#include "signals/levels.hpp"
#include "trading/test_instrument.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace vt::desk {
namespace {

using execution::RecordOrder;
using execution::RecordTrade;
using trading::Place;
using namespace std::chrono_literals;

trading::Money money(double amount) { return trading::money_of(amount).value(); }

/// A desk whose venue is the test: 10,000 in the wallet, two markets at 1000, nothing open.
class DeskTest : public ::testing::Test {
protected:
    DeskTest() : desk_({}, {}, "USDT") {
        for (std::uint32_t i = 0; i < 2; ++i) {
            instruments_.push_back(trading::test_perpetual(i, i == 0 ? "BTC" : "ETH"));
            desk_.on_instrument(instruments_[i], now_);
            desk_.on_terms(instruments_[i].id, terms(i));
        }
        desk_.begin(now_);
        desk_.on_report({now_, trading::AccountFound{.wallet = money(10'000)}}, now_);
        desk_.on_time(now_);
        (void)desk_.take_outputs();
    }
    [[nodiscard]] risk::MarketTerms terms(std::uint32_t index, std::int64_t mark = 10'000) const {
        return {.mark = Ticks{mark}, .beta_bound = 1.2, .cluster = risk::ClusterId{index}};
    }
    [[nodiscard]] signals::Signal signal(std::uint32_t index = 0, market::Side side = market::Side::buy) const {
        signals::Signal signal{.id = "0123456789abcde" + std::to_string(index), .instrument = instruments_[index].id};
        signal.side = side;
        signal.mid = 1000;
        signal.costs = {.fee_bps = 5.5, .entry_bps = 1, .exit_bps = 1};
        signal.levels = signals::levels_of({.side = side, .mid = 1000, .atr = 5, .costs = signal.costs, .tick = .1},
                                           signals::Params{});
        signal.target_shares = {.5, .3, .2};
        signal.expires_at = now_ + 8h;
        return signal;
    }
    void take(const signals::Signal& signal, double spread_bps = 1) {
        const auto index = signal.instrument.value();
        desk_.on_signal({.signal = signal, .attribution = {{"order_flow", 1}}},
                        {.instrument = instruments_[index],
                         .terms = terms(index),
                         .spread_bps = spread_bps,
                         .book_age = Nanos{0},
                         .mark_age = Nanos{0},
                         .venue_latency = Nanos{100ms},
                         .is_venue_degraded = false,
                         .annual_volatility = .5,
                         .turnover_24h = 1e9},
                        now_);
        if (sets_leverage_) set_leverages();
    }
    /// The venue says yes to whatever leverage is waited for.
    void set_leverages() {
        for (const auto& [id, trade] : std::map(desk_.executor().trades()))
            if (trade.is_waiting()) desk_.on_report({now_, leverage_of(trade)}, now_);
    }
    static trading::LeverageSet leverage_of(const execution::Trade& trade) {
        return {trade.plan.instrument, trade.plan.leverage.value()};
    }
    [[nodiscard]] trading::Money gross() const { return desk_.limits().exposure().worst_case().gross.value(); }
    template <class T>
    static std::vector<T> of(const std::vector<Output>& outputs) {
        std::vector<T> found;
        for (const Output& output : outputs) {
            if constexpr (std::is_same_v<T, Place> || std::is_same_v<T, trading::Cancel> ||
                          std::is_same_v<T, trading::SetLeverage>) {
                const auto* request = std::get_if<trading::Request>(&output);
                if (request != nullptr && std::holds_alternative<T>(*request)) found.push_back(std::get<T>(*request));
            } else if (const auto* one = std::get_if<T>(&output)) {
                found.push_back(*one);
            }
        }
        return found;
    }
    /// The entry whole at its reference, its stop and rungs accepted.
    void enter(execution::TradeId id) {
        const auto& trade = desk_.executor().trades().at(id);
        const auto& order = desk_.executor().orders().find(*trade.entry)->request();
        desk_.on_report({now_, trading::Fill{.execution = trading::ExecutionId{++executions_},
                                             .order = order.id,
                                             .instrument = order.instrument,
                                             .side = order.side,
                                             .price = trade.plan.reference,
                                             .quantity = order.quantity}},
                        now_);
        desk_.on_report({now_, trading::Accepted{*trade.stop}}, now_);
        (void)desk_.take_outputs();
    }

    Timestamp now_ = from_ms(1'780'272'000'000);
    std::vector<market::Instrument> instruments_;
    Desk desk_;
    std::uint64_t executions_ = 0;
    bool sets_leverage_ = true;
};

TEST_F(DeskTest, ASignalBecomesATradeThatWasRecordedBeforeItIsAskedFor) {
    take(signal());
    const auto outputs = desk_.take_outputs();
    const auto judgements = of<Judgement>(outputs);
    ASSERT_EQ(judgements.size(), 1U);
    EXPECT_EQ(judgements[0].trade, 1U);
    EXPECT_TRUE(std::ranges::none_of(judgements[0].checks, &risk::Check::denies));
    const auto place = of<Place>(outputs);
    ASSERT_EQ(place.size(), 1U);
    EXPECT_EQ(place[0].order.quantity, judgements[0].approval->quantity);
    // levels: entry 1000.1; 10 bps above that, rounded down to the tick
    EXPECT_EQ(place[0].order.price, Ticks{10'011});
    const auto& plan = desk_.executor().trades().at(1).plan;
    EXPECT_EQ(plan.stop, Ticks{static_cast<std::int64_t>(std::llround(signal().levels->stop * 10))});
    EXPECT_EQ(plan.ladder[0]->share, .5);
    EXPECT_EQ(plan.attribution[0].dimension, "order_flow");
    const auto is = [](auto wanted) {
        return [wanted](const Output& output) { return output.index() == Output(wanted).index(); };
    };
    const auto record = std::ranges::find_if(outputs, is(RecordOrder{}));
    const auto plan_record = std::ranges::find_if(outputs, is(RecordTrade{}));
    const auto asked = [](auto wanted) {
        return [wanted](const Output& output) {
            const auto* request = std::get_if<trading::Request>(&output);
            return request != nullptr && request->index() == trading::Request(wanted).index();
        };
    };
    const auto request = std::ranges::find_if(outputs, asked(Place{}));
    const auto leverage = std::ranges::find_if(outputs, asked(trading::SetLeverage{}));
    EXPECT_LT(plan_record, leverage);
    EXPECT_LT(leverage, record);
    EXPECT_LT(record, request);
    EXPECT_LT(request, outputs.end());
    EXPECT_EQ(of<trading::SetLeverage>(outputs).at(0).leverage, judgements[0].approval->leverage);
}

TEST_F(DeskTest, WhatStandsInTheWayIsSaid) {
    auto other = signal();
    other.strategy = "lead_lag";
    take(other);
    auto vague = signal();
    vague.levels.reset();
    take(vague);
    desk_.disconnected();
    take(signal());
    std::vector<std::string_view> obstacles;
    const auto outputs = desk_.take_outputs();
    for (const auto& judgement : of<Judgement>(outputs)) obstacles.push_back(judgement.obstacle);
    EXPECT_EQ(obstacles, (std::vector<std::string_view>{"strategy_not_traded", "levels_unknown", "not_reconciled"}));
    EXPECT_TRUE(of<Place>(outputs).empty());
}

TEST_F(DeskTest, WhatRiskDeniesIsNotTradedAndSaysWhy) {
    take(signal(), 16);
    const auto outputs = desk_.take_outputs();
    EXPECT_TRUE(of<Place>(outputs).empty());
    const auto judgement = of<Judgement>(outputs).at(0);
    EXPECT_FALSE(judgement.trade);
    const auto denial = std::ranges::find_if(judgement.checks, &risk::Check::denies);
    ASSERT_NE(denial, judgement.checks.end());
    EXPECT_EQ(denial->code, risk::DenialCode::spread_wide);
    take(signal(), 15);
    EXPECT_EQ(of<Place>(desk_.take_outputs()).size(), 1U) << "just inside";
}

TEST_F(DeskTest, OneTradeAtATimeForAMarket) {
    take(signal());
    take(signal());
    const auto judgements = of<Judgement>(desk_.take_outputs());
    EXPECT_EQ(judgements.at(1).obstacle, "instrument_busy");
    take(signal(1));
    EXPECT_TRUE(of<Judgement>(desk_.take_outputs()).at(0).trade);
}

TEST_F(DeskTest, TheExposureFollowsTheTrade) {
    take(signal());
    const auto quantity = of<Place>(desk_.take_outputs()).at(0).order.quantity;
    const auto worth = trading::notional_of(instruments_[0], Ticks{10'000}, quantity);
    EXPECT_EQ(gross(), worth) << "as an order";
    enter(1);
    EXPECT_EQ(gross(), worth);
    EXPECT_EQ(desk_.limits().exposure().longest_unprotected(now_ + 10s), Nanos{0});
    // the stop closes it
    const auto& trade = desk_.executor().trades().at(1);
    desk_.on_report({now_, trading::Fill{.execution = trading::ExecutionId{99},
                                         .order = *trade.stop,
                                         .instrument = instruments_[0].id,
                                         .side = market::Side::sell,
                                         .price = trade.plan.stop,
                                         .quantity = quantity}},
                    now_);
    for (const auto& target : trade.targets)
        desk_.on_report({now_, trading::Cancelled{*target, "no position"}}, now_);
    EXPECT_TRUE(trade.ended_at);
    EXPECT_EQ(gross(), money(0));
}

TEST_F(DeskTest, WhatWaitsForItsLeverageIsReservedAndARefusalFreesIt) {
    sets_leverage_ = false;
    take(signal());
    const execution::Trade& trade = desk_.executor().trades().at(1);
    const auto worth = trading::notional_of(instruments_[0], Ticks{10'000}, trade.plan.quantity);
    EXPECT_EQ(gross(), worth) << "from the approval on";
    auto outputs = desk_.take_outputs();
    EXPECT_TRUE(of<Place>(outputs).empty());
    EXPECT_EQ(of<trading::SetLeverage>(outputs).size(), 1U);
    desk_.on_time(now_ += 1s);
    EXPECT_EQ(gross(), worth);
    desk_.on_report({now_, trading::LeverageRefused{instruments_[0].id, *trade.plan.leverage,
                                                    trading::RefusalCode::no_margin, "110012"}},
                    now_);
    EXPECT_EQ(gross(), money(0));
    outputs = desk_.take_outputs();
    EXPECT_TRUE(of<Place>(outputs).empty());
    EXPECT_EQ(of<execution::Warning>(outputs).size(), 1U);
    const auto records = of<RecordTrade>(outputs);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].trade.closing, execution::TradeEnd::leverage_refused);
    EXPECT_TRUE(records[0].trade.ended_at);
    EXPECT_EQ(desk_.limits().exposure().worst_case().orders, 0U);
    // the next one finds the room
    desk_.on_terms(instruments_[0].id, terms(0));
    sets_leverage_ = true;
    take(signal());
    EXPECT_EQ(of<Place>(desk_.take_outputs()).size(), 1U);
    EXPECT_EQ(gross(), worth) << "once, not beside what was reserved";
}

TEST_F(DeskTest, WithoutAnAnswerTheRoomIsFreeAgainInTime) {
    sets_leverage_ = false;
    take(signal());
    const Timestamp until = now_ + Params{}.enter_within;
    while (now_ < until - 100ms) desk_.on_time(now_ += 100ms);
    EXPECT_GT(gross(), money(0));
    desk_.on_time(now_ += 100ms);
    EXPECT_EQ(gross(), money(0));
    EXPECT_TRUE(of<Place>(desk_.take_outputs()).empty());
    const auto& trade = desk_.executor().trades().at(1);
    EXPECT_EQ(trade.closing, execution::TradeEnd::leverage_unconfirmed);
    desk_.on_report({now_, leverage_of(trade)}, now_);
    EXPECT_TRUE(of<Place>(desk_.take_outputs()).empty());
}

TEST_F(DeskTest, NothingIsEnteredLateAfterReduceOnly) {
    sets_leverage_ = false;
    take(signal());
    desk_.reduce("ann", "going to bed", now_);
    EXPECT_EQ(gross(), money(0));
    set_leverages();
    desk_.on_report({now_, leverage_of(desk_.executor().trades().at(1))}, now_);
    EXPECT_TRUE(of<Place>(desk_.take_outputs()).empty());
    EXPECT_EQ(desk_.executor().trades().at(1).closing, execution::TradeEnd::halted);
}

TEST_F(DeskTest, RequestsForALeverageThatFailCountAgainstTheVenue) {
    sets_leverage_ = false;
    take(signal());
    const auto most = Params{}.risk.venue_failures_max;
    const auto set = leverage_of(desk_.executor().trades().at(1));
    for (std::uint32_t i = 0; i < most; ++i)
        desk_.on_report({now_, trading::LeverageUnanswered{set.instrument, set.leverage}}, now_);
    take(signal(1));
    const auto judgements = of<Judgement>(desk_.take_outputs());
    const auto denial = std::ranges::find_if(judgements.back().checks, &risk::Check::denies);
    ASSERT_NE(denial, judgements.back().checks.end());
    EXPECT_EQ(denial->code, risk::DenialCode::venue_degraded);
}

TEST_F(DeskTest, RiskCountsTheLeverageThatTheVenueHas) {
    take(signal());
    enter(1);
    const execution::Trade& trade = desk_.executor().trades().at(1);
    const auto leverage = [&] { return desk_.limits().exposure().leverage(instruments_[0].id); };
    const auto account = [&](std::optional<std::uint32_t> said) {
        desk_.on_report(
            {now_ += 1s,
             trading::AccountFound{
                 .wallet = money(10'000),
                 .positions = {{.instrument = instruments_[0].id, .net = trade.position.net, .leverage = said}}}},
            now_);
    };
    ASSERT_GT(*trade.plan.leverage, 2U);
    EXPECT_EQ(leverage(), trade.plan.leverage);
    account(2);
    EXPECT_EQ(leverage(), 2U) << "somebody else's doing";
    desk_.disconnected();
    account(std::nullopt);
    EXPECT_EQ(leverage(), trade.plan.leverage) << "not known: what it was entered with";
}

TEST_F(DeskTest, TheKillSwitchClosesAndOnlySomebodyWithAReasonReleases) {
    take(signal());
    enter(1);
    desk_.halt(true, "ann", "news", now_);
    const auto outputs = desk_.take_outputs();
    ASSERT_EQ(of<risk::ModeChange>(outputs).size(), 1U);
    const auto exits = of<Place>(outputs);
    ASSERT_EQ(exits.size(), 1U);
    EXPECT_TRUE(exits[0].order.is_reduce_only);
    take(signal(1));
    EXPECT_EQ(of<Judgement>(desk_.take_outputs()).at(0).obstacle, "halted");
    EXPECT_EQ(desk_.release("", "all is well", now_).error().code, Errc::refused);
    EXPECT_EQ(desk_.release("ann", "", now_).error().code, Errc::refused);
    EXPECT_TRUE(desk_.executor().is_halted());
    ASSERT_TRUE(desk_.release("ann", "all is well", now_));
    EXPECT_FALSE(desk_.executor().is_halted());
}

TEST_F(DeskTest, TheEndOfReducingIsNoWayOutOfAHalt) {
    desk_.reduce("ann", "going to bed", now_);
    desk_.halt(false, "bob", "odd prices", now_);
    const auto refused = desk_.end_reducing("ann", "awake", now_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::refused);
    EXPECT_NE(refused.error().what.find("bob (odd prices)"), std::string::npos) << refused.error().what;
    EXPECT_EQ(desk_.limits().state().mode(), risk::Mode::halted);
    EXPECT_TRUE(desk_.executor().is_halted());
    ASSERT_TRUE(desk_.release("ann", "looked at it", now_));
    EXPECT_EQ(desk_.end_reducing("ann", "awake", now_).error().code, Errc::refused) << "nothing to end";
    desk_.reduce("ann", "going to bed", now_);
    EXPECT_EQ(desk_.end_reducing("ann", "", now_).error().code, Errc::refused) << "without a reason";
    ASSERT_TRUE(desk_.end_reducing("ann", "awake", now_));
    EXPECT_EQ(desk_.limits().state().mode(), risk::Mode::active);
}

TEST_F(DeskTest, ATargetIsTakenBackAndAStopIsNot) {
    take(signal());
    enter(1);
    const execution::Trade& trade = desk_.executor().trades().at(1);
    EXPECT_EQ(desk_.cancel(*trade.stop, now_).error().code, Errc::refused);
    ASSERT_TRUE(desk_.cancel(*trade.targets[0], now_));
    const auto outputs = desk_.take_outputs();
    ASSERT_EQ(of<trading::Cancel>(outputs).size(), 1U);
    const auto records = of<RecordTrade>(outputs);
    ASSERT_EQ(records.size(), 1U) << "a restart knows it, too";
    EXPECT_EQ(records[0].trade.withdrawn, std::vector{*trade.targets[0]});
}

TEST_F(DeskTest, ADrawdownClosesEverythingByItself) {
    take(signal());
    enter(1);
    const double size = instruments_[0].quantity(desk_.executor().trades().at(1).entered);
    // a fifth of ten thousand, and a little less
    const auto mark_for = [&](double loss) { return 10'000 - static_cast<std::int64_t>(loss / size * 10); };
    desk_.on_terms(instruments_[0].id, terms(0, mark_for(1'990)));
    desk_.on_time(now_ += 1s);
    EXPECT_EQ(desk_.limits().state().mode(), risk::Mode::reducing);
    EXPECT_TRUE(of<Place>(desk_.take_outputs()).empty());
    desk_.on_terms(instruments_[0].id, terms(0, mark_for(2'010)));
    desk_.on_time(now_ += 1s);
    EXPECT_EQ(desk_.limits().state().mode(), risk::Mode::halted);
    EXPECT_EQ(of<Place>(desk_.take_outputs()).size(), 1U);
}

TEST_F(DeskTest, ARestartGoesOnWithTradesAndLimits) {
    take(signal());
    enter(1);
    desk_.reduce("ann", "going to bed", now_);
    const execution::Trade trade = desk_.executor().trades().at(1);
    std::vector<trading::Order::Facts> orders;
    for (const auto& id : {trade.entry, trade.stop, trade.targets[0], trade.targets[1], trade.targets[2]})
        orders.push_back(desk_.executor().orders().find(*id)->facts());
    const std::string limits = desk_.encode_limits();

    Desk next({}, {.boot = 2, .last_trade = 1}, "USDT");
    for (std::uint32_t i = 0; i < 2; ++i) next.on_instrument(instruments_[i], now_);
    next.on_terms(instruments_[0].id, terms(0));
    next.restore_limits(limits, now_);
    next.resume(trade, orders, now_);
    next.begin(now_);
    EXPECT_EQ(next.limits().state().mode(), risk::Mode::reducing);
    EXPECT_EQ(next.limits().exposure().worst_case().gross,
              trading::notional_of(instruments_[0], Ticks{10'000}, trade.entered));
    EXPECT_EQ(next.limits().exposure().longest_unprotected(now_ + 1min), Nanos{0});
    EXPECT_EQ(next.equity(), std::nullopt) << "the venue has not spoken";
}

TEST_F(DeskTest, ATradeThatIsNotOpenCannotBeClosed) {
    EXPECT_EQ(desk_.close(7, now_).error().code, Errc::not_found);
    take(signal());
    enter(1);
    ASSERT_TRUE(desk_.close(1, now_));
    EXPECT_EQ(of<Place>(desk_.take_outputs()).size(), 1U);
}

}  // namespace
}  // namespace vt::desk
