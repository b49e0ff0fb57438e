#include "paper/test_market.hpp"
#include "paper/test_wording.hpp"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

namespace vt::paper {
namespace {

using market::Side;
using Said = std::vector<std::string>;

const market::InstrumentId kFirst{0};

/// What has reached us by then, in words.
Said heard(TestMarket& market, std::int64_t ms) {
    market.venue.advance(test_time(ms));
    Said texts;
    for (const auto& report : market.venue.take_reports()) texts.push_back(std::visit(TestWording{}, report.body));
    return texts;
}

std::string text_of_refusal(TestMarket& market, std::int64_t ms) {
    market.venue.advance(test_time(ms));
    for (const auto& report : market.venue.take_reports())
        if (const auto* refused = std::get_if<trading::LeverageRefused>(&report.body)) return refused->text;
    return {};
}

Params params_with(FaultParams faults) {
    Params params = plain_params();
    params.faults = faults;
    return params;
}

TEST(Leverage, IsSetWhenTheRequestArrivesAndSaidThen) {
    TestMarket market(plain_params());
    EXPECT_EQ(market.venue.leverage(kFirst), 10);
    market.set_leverage(0, 3);
    EXPECT_EQ(heard(market, 99), Said{});
    EXPECT_EQ(market.venue.leverage(kFirst), 10) << "it is under way";
    EXPECT_EQ(heard(market, 100), Said{"leverage 3"});
    EXPECT_EQ(market.venue.leverage(kFirst), 3);
    market.set_leverage(200, 3);
    EXPECT_EQ(heard(market, 300), Said{"leverage 3"}) << "as it is already: done";
}

TEST(Leverage, OutOfRangeOrOfAnUnknownMarketIsRefused) {
    TestMarket market(plain_params());  // 100 at most
    market.set_leverage(0, 100);
    market.set_leverage(1, 101);
    market.set_leverage(2, 0);
    market.set_leverage(3, 5, 3);
    EXPECT_EQ(heard(market, 200), (Said{"leverage 100", "leverage_refused 101 invalid", "leverage_refused 0 invalid",
                                        "leverage_refused 5 invalid"}));
    EXPECT_EQ(market.venue.leverage(kFirst), 100);
    EXPECT_EQ(market.venue.leverage(market::InstrumentId{3}), std::nullopt);
    EXPECT_EQ(market.venue.counts().refused, 3U);
}

/// 10 in the wallet, a coin lot at 100: worth 50, bound 5 and fees.
class LeverageOfAPosition : public ::testing::Test {
protected:
    static TestMarket opened(market::Venue venue) {
        Params params = plain_params();
        params.deposit = trading::Money{10 * trading::kMoneyPerUnit};
        auto instrument = trading::test_perpetual();
        instrument.venue = venue;
        TestMarket market(params, {instrument});
        market.book(0, {{Ticks{999}, Lots{5000}}}, {{Ticks{1000}, Lots{5000}}});
        market.venue.submit(trading::Place{test_order(1, Side::buy, 500)}, test_time(1));
        market.venue.advance(test_time(200));
        EXPECT_EQ(market.venue.position(kFirst)->size(), Lots{500});
        (void)market.venue.take_reports();
        return market;
    }
};

TEST_F(LeverageOfAPosition, ChangesAsFarAsTheWalletCarriesTheMargin) {
    auto market = opened(market::Venue::bybit);
    market.set_leverage(300, 20);
    EXPECT_EQ(heard(market, 500), Said{"leverage 20"});
    EXPECT_EQ(market.venue.margin(kFirst)->amount, trading::money_of(2.5));
    market.set_leverage(600, 6);  // 8.33
    EXPECT_EQ(heard(market, 800), Said{"leverage 6"});
    market.set_leverage(900, 5);  // 10 and fees
    EXPECT_TRUE(text_of_refusal(market, 1'100).starts_with("110012"));
    EXPECT_EQ(market.venue.margin(kFirst)->leverage, 6);
}

TEST_F(LeverageOfAPosition, OpenOrdersCountToo) {
    auto market = opened(market::Venue::bybit);
    market.venue.submit(trading::Place{test_order(2, Side::buy, 400, Ticks{990})}, test_time(300));
    EXPECT_EQ(heard(market, 500), Said{"accepted 2"});
    market.set_leverage(600, 9);  // 5.56 and 4.4
    EXPECT_EQ(heard(market, 800), Said{"leverage_refused 9 no_margin"});
    market.venue.submit(trading::Cancel{{1, 2}, kFirst}, test_time(900));
    market.set_leverage(901, 9);
    EXPECT_EQ(heard(market, 1'100), (Said{"cancelled 2 requested", "leverage 9"}));
}

TEST_F(LeverageOfAPosition, IsNotRaisedIntoALiquidation) {
    auto market = opened(market::Venue::bybit);
    market.mark(300, 98.5);        // 0.75 is lost, 0.25 has to be held
    market.set_leverage(400, 60);  // leaves 0.83
    EXPECT_TRUE(text_of_refusal(market, 600).starts_with("110011"));
    market.set_leverage(700, 40);  // 1.25
    EXPECT_EQ(heard(market, 900), Said{"leverage 40"});
    market.mark(1'000, 98.5);
    EXPECT_FALSE(market.venue.position(kFirst)->is_flat());
}

TEST_F(LeverageOfAPosition, IsNotReducedAtBinance) {
    auto market = opened(market::Venue::binance);
    market.set_leverage(300, 9);
    EXPECT_TRUE(text_of_refusal(market, 500).starts_with("-4161"));
    market.set_leverage(600, 11);
    EXPECT_EQ(heard(market, 800), Said{"leverage 11"});
}

TEST_F(LeverageOfAPosition, IsToldWithTheAccount) {
    auto market = opened(market::Venue::bybit);
    market.set_leverage(300, 20);
    market.venue.submit(trading::FindAccount{}, test_time(301));
    market.venue.advance(test_time(500));
    const auto reports = market.venue.take_reports();
    const auto* account = std::get_if<trading::AccountFound>(&reports.back().body);
    ASSERT_NE(account, nullptr);
    ASSERT_EQ(account->positions.size(), 1U);
    EXPECT_EQ(account->positions[0].leverage, 20U);
}

TEST(Leverage, IsNoMoreThanATierAllows) {
    market::Instrument tiered = trading::test_perpetual();
    tiered.margin_tiers = {{.worth_max = {100, 0}, .maintenance_rate = {1, 2}, .leverage_max = {50, 0}},
                           {.worth_max = {300, 0}, .maintenance_rate = {5, 2}, .leverage_max = {10, 0}}};
    TestMarket market(plain_params(), {tiered});
    market.book(0, {{Ticks{999}, Lots{9000}}}, {{Ticks{1000}, Lots{9000}}});
    market.set_leverage(0, 51);
    market.set_leverage(1, 50);
    market.set_leverage(2, 10);
    EXPECT_EQ(heard(market, 200), (Said{"leverage_refused 51 invalid", "leverage 50", "leverage 10"}));
    market.venue.submit(trading::Place{test_order(1, Side::buy, 1001)}, test_time(300));  // worth 100.1
    market.set_leverage(400, 11);
    EXPECT_TRUE(text_of_refusal(market, 600).starts_with("110013"));
}

TEST(Leverage, RequestsMeetTheSameFaultsAsOrders) {
    TestMarket lost(params_with({.lose = 1}));
    lost.set_leverage(0, 3);
    EXPECT_EQ(heard(lost, 4'999), Said{});
    EXPECT_EQ(heard(lost, 5'000), Said{"leverage_unanswered 3"});
    EXPECT_EQ(lost.venue.leverage(kFirst), 10);
    TestMarket silent(params_with({.stay_silent = 1}));
    silent.set_leverage(0, 3);
    EXPECT_EQ(heard(silent, 5'000), Said{"leverage_unanswered 3"});
    EXPECT_EQ(silent.venue.leverage(kFirst), 3) << "carried out, and not answered";
    TestMarket refusing(params_with({.refuse = 1}));
    refusing.set_leverage(0, 3);
    EXPECT_EQ(heard(refusing, 100), Said{"leverage_refused 3 other"});
    EXPECT_EQ(refusing.venue.leverage(kFirst), 10);
    TestMarket stuttering(params_with({.duplicate = 1}));
    stuttering.set_leverage(0, 3);
    EXPECT_EQ(heard(stuttering, 1'000), (Said{"leverage 3", "leverage 3"}));
    TestMarket slow(params_with({.acknowledge_late = 1}));
    slow.set_leverage(0, 3);
    EXPECT_EQ(heard(slow, 399), Said{});
    EXPECT_EQ(heard(slow, 400), Said{"leverage 3"});
}

TEST(Leverage, RequestsOfASecondAreCounted) {
    Params params = plain_params();
    params.counts.requests_per_s = 2;
    TestMarket market(params);
    for (const std::uint32_t leverage : {2U, 3U, 4U}) market.set_leverage(0, leverage);
    market.venue.submit(trading::Place{test_order(1, Side::buy, 100, Ticks{990})}, test_time(0));
    EXPECT_EQ(heard(market, 100), (Said{"leverage 2", "leverage 3", "leverage_refused 4 too_many", "accepted 1"}));
}

TEST(Leverage, OfAnInstrumentThatWasNeverTradedIsWrittenDown) {
    TestMarket before(plain_params());
    before.set_leverage(0, 3);
    before.venue.advance(test_time(100));
    before.set_leverage(200, 7);  // under way when the program ends
    std::string bytes;
    before.venue.encode(bytes);
    TestMarket after(plain_params());
    ASSERT_TRUE(after.venue.restore(bytes));
    EXPECT_EQ(after.venue.leverage(kFirst), 3);
    after.venue.advance(test_time(1'000));
    EXPECT_EQ(after.venue.leverage(kFirst), 3) << "what was under way is lost";
    std::string again;
    after.venue.encode(again);
    EXPECT_EQ(again, bytes);
}

}  // namespace
}  // namespace vt::paper
