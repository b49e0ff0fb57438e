#include "paper/venue.hpp"

#include "base/digest.hpp"
#include "paper/test_flow.hpp"
#include "paper/test_wording.hpp"
#include "trading/order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <variant>

namespace vt::paper {
namespace {

using market::Side;
using trading::Money;

Params rich_params() {
    Params params = plain_params();
    params.deposit = Money{1'000'000 * trading::kMoneyPerUnit};
    params.margin.leverage = 100;
    params.counts.stops = 1000;
    return params;
}

Params faulty_params(double share) {
    Params params = rich_params();
    params.faults = {.refuse = share,
                     .lose = share,
                     .stay_silent = share,
                     .hide = share,
                     .acknowledge_late = share,
                     .duplicate = share,
                     .delay = share};
    return params;
}

/// What an account holds, made of its reports alone, each execution and settlement once.
class Client {
public:
    explicit Client(const TestFlow& flow) : flow_(flow) {}

    void take(const trading::Report& report) {
        if (const auto* fill = std::get_if<trading::Fill>(&report.body)) take(*fill);
        if (const auto* paid = std::get_if<trading::FundingPaid>(&report.body)) take(*paid);
    }
    [[nodiscard]] const trading::Position& position(std::size_t which) const { return positions_.at(which); }
    [[nodiscard]] Money cash() const { return cash_; }
    [[nodiscard]] std::size_t executions() const { return executions_.size(); }
    [[nodiscard]] std::size_t settlements() const { return settlements_.size(); }

private:
    void take(const trading::Fill& fill) {
        if (!executions_.insert(fill.execution).second) return;
        const auto which = fill.instrument.value();
        ASSERT_TRUE(positions_.at(which).apply(fill, flow_.market.states[which]->instrument()));
        // in steps of 1e-8: 0.1 x 0.001, and 0.01 x 0.01 of a tenth of a coin
        const std::int64_t value = fill.price.value() * fill.quantity.value() * (which == 0 ? 10'000 : 1'000);
        cash_ += Money{fill.side == Side::buy ? -value : value} - fill.fee;
    }
    void take(const trading::FundingPaid& paid) {
        if (!settlements_.insert({paid.instrument, paid.settled_at}).second) return;
        positions_.at(paid.instrument.value()).apply(paid);
        cash_ += paid.amount;
    }

    const TestFlow& flow_;
    std::array<trading::Position, 2> positions_;
    Money cash_;
    std::set<trading::ExecutionId> executions_;
    std::set<std::pair<market::InstrumentId, Timestamp>> settlements_;
};

/// What a position would bring at the mark, in steps of 1e-8: by long double, exact for these sizes.
Money worth_at_mark(const TestFlow& flow, std::size_t which, Lots net) {
    const auto mark = flow.market.states[which]->ticker().mark_price;
    if (net == Lots{} || !mark) return Money{};
    const auto mark_steps = static_cast<std::int64_t>(std::nearbyint(*mark * 1e8));
    const auto size = net < Lots{} ? -net : net;
    const __int128 exact = static_cast<__int128>(mark_steps) * size.value();
    const __int128 unit = 1000;  // lots of 0.001 coins, and of 0.01 x 0.1
    __int128 value = exact / unit;
    const __int128 rest = exact % unit * 2;
    if (rest > unit || (rest == unit && value % 2 != 0)) ++value;
    return Money{static_cast<std::int64_t>(net < Lots{} ? -value : value)};
}

TEST(Venue, ItsLedgerIsWhatItReportedToTheLastUnit) {
    TestFlow flow(rich_params(), 1);
    Client client(flow);
    const Money deposit = flow.market.venue.wallet();
    const auto& venue = flow.market.venue;
    while (venue.counts().executions < 100'000) {
        flow.step();
        for (const auto& report : flow.market.venue.take_reports()) client.take(report);
        const Money changed = client.position(0).wallet_change() + client.position(1).wallet_change();
        ASSERT_EQ(venue.wallet(), deposit + changed) << "at " << flow.ms() << " ms";
        Money equity = deposit + client.cash();
        for (std::uint32_t which = 0; which < 2; ++which) {
            ASSERT_EQ(venue.position(market::InstrumentId{which})->facts(), client.position(which).facts());
            equity += worth_at_mark(flow, which, client.position(which).net());
        }
        ASSERT_EQ(venue.equity(), equity) << "at " << flow.ms() << " ms";
        ASSERT_LT(flow.ms(), 100'000'000) << "too few executions";
    }
    EXPECT_EQ(client.executions(), venue.counts().executions);
    EXPECT_GT(client.settlements(), 1'000U);
    EXPECT_GT(venue.counts().liquidations, 20U);
    EXPECT_EQ(venue.counts().unsettled, 0U);
}

std::string digest_of(Params params, std::uint64_t seed) {
    params.latency.mean_above = std::chrono::milliseconds{50};
    TestFlow flow(std::move(params), seed);
    Digest digest;
    for (int i = 0; i < 10'000; ++i) {
        flow.step();
        for (const auto& report : flow.market.venue.take_reports())
            digest.update(std::to_string(to_ns(report.at)) + " " + std::visit(TestWording{}, report.body) + "\n");
    }
    return digest.hex();
}

TEST(Venue, TheSameSeedGivesTheSameBytes) {
    Params params = faulty_params(.05);
    EXPECT_EQ(digest_of(params, 3), digest_of(params, 3));
    Params other = params;
    other.seed = 2;
    EXPECT_NE(digest_of(params, 3), digest_of(other, 3));
    EXPECT_NE(digest_of(params, 3), digest_of(params, 4));
}

/// Orders as a client knows them that hears the reports in whatever order they come.
std::map<trading::ClientOrderId, trading::Order> orders_of(const TestFlow& flow,
                                                           const std::vector<trading::Report>& reports) {
    std::map<trading::ClientOrderId, trading::Order> orders;
    for (const auto& request : flow.sent())
        orders.emplace(request.id, trading::Order(request, trading::Purpose::entry, {}));
    for (const auto& report : reports) {
        if (const auto* accepted = std::get_if<trading::Accepted>(&report.body))
            orders.at(accepted->id).on_accepted();
        if (const auto* refused = std::get_if<trading::Refused>(&report.body))
            orders.at(refused->id).on_rejected(refused->text);
        if (const auto* absent = std::get_if<trading::OrderAbsent>(&report.body))
            orders.at(absent->id).on_rejected("absent");
        if (const auto* amended = std::get_if<trading::Amended>(&report.body))
            orders.at(amended->order.id).on_amended(amended->revision, amended->order);
        if (const auto* cancelled = std::get_if<trading::Cancelled>(&report.body))
            orders.at(cancelled->id).on_cancelled(cancelled->reason);
        if (const auto* fill = std::get_if<trading::Fill>(&report.body); fill != nullptr && fill->order)
            (void)orders.at(*fill->order).on_filled(fill->execution, fill->quantity);
        if (const auto* found = std::get_if<trading::OrderFound>(&report.body)) {
            trading::Order& order = orders.at(found->order.id);
            order.on_accepted();
            order.on_amended(found->revision, found->order);
            if (found->state == trading::OrderState::cancelled) order.on_cancelled("found");
        }
    }
    return orders;
}

TEST(Venue, WhatBecameOfEveryOrderIsFoundWhateverWentWrong) {
    TestFlow flow(faulty_params(.1), 5);
    Client client(flow);
    std::vector<trading::Report> reports;
    const auto drain = [&] {
        for (auto& report : flow.market.venue.take_reports()) {
            client.take(report);
            reports.push_back(std::move(report));
        }
    };
    for (int i = 0; i < 4000; ++i) {
        if (i % 500 == 100) flow.market.venue.disconnect_stream();
        if (i % 500 == 200) flow.market.venue.reconnect_stream();
        flow.step();
        drain();
    }
    flow.settle();
    Timestamp now = flow.now() + std::chrono::minutes{1};
    for (const auto& request : flow.sent()) {
        flow.market.venue.submit(trading::FindOrder{request.id, request.instrument}, now);
        now += std::chrono::milliseconds{10};
    }
    flow.market.venue.submit(trading::FindAccount{}, now);
    flow.market.venue.advance(now + std::chrono::minutes{1});
    drain();

    const auto is_account = [](const auto& r) { return std::holds_alternative<trading::AccountFound>(r.body); };
    const auto found = std::ranges::find_if(reports, is_account);
    ASSERT_NE(found, reports.end());
    const auto& account = std::get<trading::AccountFound>(found->body);
    EXPECT_EQ(account.wallet, flow.market.venue.wallet());
    EXPECT_EQ(account.open_orders.size(), flow.market.venue.open_order_count());
    EXPECT_EQ(client.executions(), flow.market.venue.counts().executions);
    Money cash;
    for (std::uint32_t which = 0; which < 2; ++which) {
        const auto& facts = flow.market.venue.position(market::InstrumentId{which})->facts();
        EXPECT_EQ(client.position(which).net(), facts.net);
        EXPECT_EQ(client.position(which).facts().fees, facts.fees);
        EXPECT_EQ(client.position(which).facts().funding, facts.funding);
        // which part of the gain is realised depends on the order in which fills are heard of; the sum does not
        cash += facts.realised - facts.fees + facts.funding + (facts.net > Lots{} ? -facts.cost : facts.cost);
    }
    EXPECT_EQ(client.cash(), cash);
    std::size_t open = 0;
    for (const auto& [id, order] : orders_of(flow, reports)) {
        EXPECT_EQ(order.is_over(), !flow.market.venue.open_orders().contains(id)) << to_string(id);
        if (!order.is_over()) ++open;
    }
    EXPECT_EQ(open, account.open_orders.size());
    EXPECT_GT(flow.market.venue.counts().lost_requests, 50U);
    EXPECT_GT(flow.market.venue.counts().executions, 500U);
}

struct Outcome {
    std::vector<std::string> texts;
    std::int64_t last_ms = 0;
};
/// An order at the market in a still book under one fault; and what is found of it later.
Outcome outcome_of(const FaultParams& faults, std::int64_t asked_at_ms) {
    Params params = plain_params();
    params.faults = faults;
    TestMarket market(params);
    market.book(0, {{Ticks{1000}, Lots{5000}}}, {{Ticks{1001}, Lots{5000}}});
    market.venue.submit(trading::Place{test_order(1, Side::buy, 1000)}, test_time(10));
    Outcome outcome;
    for (std::int64_t ms = 20; ms <= 20'000; ms += 10) {
        if (ms == asked_at_ms) market.venue.submit(trading::FindOrder{{1, 1}, {}}, test_time(ms));
        market.venue.advance(test_time(ms));
        for (const auto& report : market.venue.take_reports()) {
            outcome.texts.push_back(std::to_string(ms) + " " + std::visit(TestWording{}, report.body));
            outcome.last_ms = ms;
        }
    }
    return outcome;
}

TEST(VenueFaults, EachDoesWhatItsNameSays) {
    using Texts = std::vector<std::string>;
    const std::string fill = "fill 1 buy 100.1 1 taker fee 0.055055";
    EXPECT_EQ(outcome_of({}, 0).texts, (Texts{"110 accepted 1", "110 " + fill}));
    EXPECT_EQ(outcome_of({.refuse = 1}, 0).texts, (Texts{"110 refused 1 other"}));
    EXPECT_EQ(outcome_of({.lose = 1}, 6'000).texts, (Texts{"5010 unanswered 1", "6100 absent 1"}));
    EXPECT_EQ(outcome_of({.stay_silent = 1}, 6'000).texts,
              (Texts{"110 " + fill, "5010 unanswered 1", "6100 " + fill, "6100 order 1 filled 1"}));
    EXPECT_EQ(outcome_of({.hide = 1}, 8'000).texts, (Texts{"8100 absent 1", "8110 accepted 1", "8110 " + fill}));
    EXPECT_EQ(outcome_of({.acknowledge_late = 1}, 0).texts, (Texts{"110 " + fill, "410 accepted 1"}));
    EXPECT_EQ(outcome_of({.duplicate = 1}, 0).texts,
              (Texts{"110 accepted 1", "110 " + fill, "410 accepted 1", "410 " + fill}));
    EXPECT_EQ(outcome_of({.delay = 1}, 0).texts, (Texts{"410 accepted 1", "410 " + fill}));
}

std::vector<trading::Refused> refusals(TestMarket& market, std::int64_t until_ms) {
    market.venue.advance(test_time(until_ms));
    std::vector<trading::Refused> found;
    for (const auto& report : market.venue.take_reports())
        if (const auto* refused = std::get_if<trading::Refused>(&report.body)) found.push_back(*refused);
    return found;
}

TEST(Venue, CountsOrdersAndRequests) {
    Params params = plain_params();
    params.counts = {.active = 2, .stops = 1, .requests_per_s = 4, .under_way = 5};
    TestMarket market(params);
    market.book(0, {{Ticks{1000}, Lots{5000}}}, {{Ticks{1001}, Lots{5000}}});
    for (std::uint64_t number = 1; number <= 3; ++number)
        market.venue.submit(trading::Place{test_order(number, Side::buy, 100, Ticks{990})}, test_time(1));
    EXPECT_EQ(refusals(market, 200).size(), 1U);  // the third is one too many
    for (std::uint64_t number = 4; number <= 6; ++number) {
        auto stop = test_order(number, Side::buy, 100);
        stop.kind = trading::OrderKind::stop_market;
        stop.trigger = Ticks{1100};
        market.venue.submit(trading::Place{stop}, test_time(300));
    }
    const auto refused = refusals(market, 500);  // a fourth request may come, the next are too many in one second
    ASSERT_EQ(refused.size(), 2U);
    EXPECT_TRUE(refused[0].text.starts_with("10006")) << refused[0].text;
    market.venue.submit(trading::Place{test_order(7, Side::buy, 100, Ticks{990})}, test_time(1'400));
    EXPECT_TRUE(refusals(market, 1'600).at(0).text.starts_with("110020"));
    auto stop = test_order(8, Side::buy, 100);
    stop.kind = trading::OrderKind::stop_market;
    stop.trigger = Ticks{1100};
    market.venue.submit(trading::Place{stop}, test_time(1'700));
    EXPECT_TRUE(refusals(market, 1'900).at(0).text.starts_with("110021"));
    for (std::uint64_t number = 10; number <= 15; ++number)
        market.venue.submit(trading::FindOrder{{1, number}, {}}, test_time(3'000));
    EXPECT_EQ(market.venue.counts().refused, 6U);  // five may be under way
}

TEST(Venue, RefusesWhatItDoesNotList) {
    TestMarket market(plain_params());
    auto order = test_order(1, Side::buy, 100, Ticks{990});
    order.instrument = market::InstrumentId{7};
    market.venue.submit(trading::Place{order}, test_time(1));
    market.venue.submit(trading::Cancel{{1, 9}, market::InstrumentId{7}}, test_time(1));
    const auto refused = refusals(market, 200);
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_EQ(refused[0].code, trading::RefusalCode::invalid);
    EXPECT_EQ(market.venue.position(market::InstrumentId{7}), nullptr);
}

market::Instrument tiered_perpetual() {
    market::Instrument tiered = trading::test_perpetual();
    tiered.margin_tiers = {{.worth_max = {100, 0}, .maintenance_rate = {1, 2}, .leverage_max = {50, 0}},
                           {.worth_max = {300, 0}, .maintenance_rate = {5, 2}, .leverage_max = {10, 0}}};
    return tiered;
}

TEST(Venue, APositionIsNoLargerThanTheTierOfItsLeverageAllows) {
    TestMarket market(plain_params(), {tiered_perpetual()});
    const market::InstrumentId id;
    market.book(0, {{Ticks{999}, Lots{9000}}}, {{Ticks{1000}, Lots{9000}}});
    market.set_leverage(0, 20);
    market.venue.submit(trading::Place{test_order(1, Side::buy, 600)}, test_time(1));  // worth 60
    market.venue.advance(test_time(200));
    ASSERT_EQ(market.venue.position(id)->size(), Lots{600});
    market.venue.submit(trading::Place{test_order(2, Side::buy, 401)}, test_time(300));
    const auto refused = refusals(market, 500);
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_TRUE(refused[0].text.starts_with("110013")) << refused[0].text;
    market.venue.submit(trading::Place{test_order(3, Side::buy, 300, Ticks{990})}, test_time(600));
    market.venue.submit(trading::Place{test_order(4, Side::buy, 104, Ticks{990})},
                        test_time(601));  // 60 + 29.7 + 10.3
    EXPECT_TRUE(refusals(market, 800).empty()) << "99.996";
    market.venue.submit(trading::Place{test_order(5, Side::buy, 51, Ticks{980})}, test_time(900));
    EXPECT_EQ(refusals(market, 1'100).size(), 1U) << "what rests counts";
    market.venue.submit(trading::Place{test_order(6, Side::sell, 600)}, test_time(1'200));
    EXPECT_TRUE(refusals(market, 1'400).empty()) << "a sale opens nothing";
    EXPECT_TRUE(market.venue.position(id)->is_flat());
}

TEST(Venue, ALargePositionIsLiquidatedByItsOwnTier) {
    TestMarket market(plain_params(), {tiered_perpetual()});
    const market::InstrumentId id;
    market.book(0, {{Ticks{999}, Lots{9000}}}, {{Ticks{1000}, Lots{9000}}});
    market.set_leverage(0, 10);
    market.venue.submit(trading::Place{test_order(1, Side::buy, 2000)}, test_time(1));  // worth 200, margin 20
    market.venue.advance(test_time(200));
    EXPECT_NEAR(market.venue.margin(id)->liquidation_price.value(), 180 / .95 / 2, 1e-9);
    market.mark(300, 94.74);  // 9.48 are left, 9.474 have to be
    EXPECT_FALSE(market.venue.position(id)->is_flat());
    market.mark(400, 94.73);  // 9.46, 9.473; the first tier would ask for 1.89
    EXPECT_TRUE(market.venue.position(id)->is_flat());
    EXPECT_EQ(market.venue.counts().liquidations, 1U);
}

TEST(Venue, FundingThatTheWalletCannotPayIsTakenFromTheMargin) {
    Params params = plain_params();
    params.deposit = Money{11 * trading::kMoneyPerUnit};
    TestMarket market(params);
    market.book(0, {{Ticks{999}, Lots{5000}}}, {{Ticks{1000}, Lots{5000}}});
    market.happen(1, market::Ticker{.mark_price = 100, .funding_rate = .03, .next_funding_at = test_time(60'000)});
    market.venue.submit(trading::Place{test_order(1, Side::buy, 1000)}, test_time(10));
    market.venue.advance(test_time(59'000));
    // wallet 11 - 0.055; bound: margin 10 and 110 x 0.00055 = 0.0605; free 0.8845
    EXPECT_EQ(market.venue.available(), trading::money_of(.8845));
    EXPECT_NEAR(liquidation_price(market.states[0]->instrument(), *market.venue.position({}),
                                  trading::money_of(10).value(), params.margin)
                    .value(),
                90 / .995, 1e-9);
    market.venue.advance(test_time(60'000));  // 3 are paid: 0.8845 from the wallet, 2.1155 from the margin
    EXPECT_EQ(market.venue.wallet(), trading::money_of(7.945));
    market.mark(60'100, 92.6);  // 10 - 2.1155 - 7.4 = 0.4845 are left, 0.463 have to be
    EXPECT_FALSE(market.venue.position({})->is_flat());
    market.mark(60'200, 92.5);  // 0.3845, 0.4625
    EXPECT_TRUE(market.venue.position({})->is_flat());
    // bankruptcy at 100 - 7.8845, up to the tick: 92.2; the loss of 7.8 and a fee of 92.2 x 0.00055 = 0.05071
    EXPECT_EQ(market.venue.wallet(), trading::money_of(7.945 - 7.8 - .05071));
}

}  // namespace
}  // namespace vt::paper
