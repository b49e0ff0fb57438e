#include "paper/test_flow.hpp"
#include "paper/test_wording.hpp"
#include "paper/venue.hpp"

#include <gtest/gtest.h>

#include <string>
#include <variant>

namespace vt::paper {
namespace {

Params account_params() {
    Params params = plain_params();
    params.deposit = trading::Money{100'000 * trading::kMoneyPerUnit};
    return params;
}

std::string bytes_of(const Venue& venue) {
    std::string bytes;
    venue.encode(bytes);
    return bytes;
}

/// Everything that an account answers to a question about itself and each of its orders.
std::string answers_of(Venue& venue, std::size_t orders, Timestamp now) {
    venue.submit(trading::FindAccount{}, now);
    for (std::uint64_t number = 1; number <= orders; ++number) {
        now += std::chrono::seconds{1};
        venue.submit(trading::FindOrder{{1, number}, {}}, now);
    }
    venue.advance(now + std::chrono::minutes{1});
    std::string text;
    for (const auto& report : venue.take_reports()) {
        const auto* found = std::get_if<trading::OrderFound>(&report.body);
        text +=
            std::visit(TestWording{}, report.body) + (found != nullptr ? std::to_string(found->revision) : "") + "\n";
    }
    return text;
}

TEST(VenueCodec, AnAccountGoesOnFromItsBytes) {
    TestFlow flow(account_params(), 7);
    for (int i = 0; i < 1'500; ++i) flow.step();
    flow.settle();
    (void)flow.market.venue.take_reports();
    ASSERT_GT(flow.market.venue.open_order_count(), 3U);
    ASSERT_GT(flow.market.venue.counts().executions, 200U);
    const std::string bytes = bytes_of(flow.market.venue);

    Venue restored(account_params());
    for (const auto& state : flow.market.states) restored.follow(*state);
    ASSERT_TRUE(restored.restore(bytes));
    EXPECT_EQ(bytes_of(restored), bytes);
    EXPECT_EQ(restored.wallet(), flow.market.venue.wallet());
    EXPECT_EQ(restored.available(), flow.market.venue.available());
    EXPECT_EQ(restored.equity(), flow.market.venue.equity());
    const Timestamp now = flow.now() + std::chrono::minutes{2};
    EXPECT_EQ(answers_of(restored, flow.sent().size(), now), answers_of(flow.market.venue, flow.sent().size(), now));
}

TEST(VenueCodec, ARestingOrderGoesToTheEndOfTheQueueAndItsNameStaysUsed) {
    TestMarket before(account_params());
    before.book(0, {{Ticks{1000}, Lots{10}}}, {{Ticks{1001}, Lots{10}}});
    before.venue.submit(trading::Place{test_order(1, market::Side::buy, 100, Ticks{1000})}, test_time(1));
    before.venue.submit(trading::Place{test_order(2, market::Side::buy, 100)}, test_time(1));
    before.venue.advance(test_time(200));

    TestMarket after(account_params());
    ASSERT_TRUE(after.venue.restore(bytes_of(before.venue)));
    after.print(1'000, market::Side::sell, 1000, 500);  // nobody knows who stands there
    after.book(1'100, {{Ticks{1000}, Lots{30}}}, {{Ticks{1001}, Lots{10}}});
    after.print(1'200, market::Side::sell, 1000, 30);
    EXPECT_EQ(after.venue.open_orders().at({1, 1}).filled, Lots{});
    after.print(1'300, market::Side::sell, 1000, 7);
    EXPECT_EQ(after.venue.open_orders().at({1, 1}).filled, Lots{7});
    after.venue.submit(trading::Place{test_order(2, market::Side::buy, 100)}, test_time(1'400));
    after.venue.advance(test_time(1'600));
    const auto reports = after.venue.take_reports();
    const auto* refused = std::get_if<trading::Refused>(&reports.back().body);
    ASSERT_NE(refused, nullptr);
    EXPECT_EQ(refused->code, trading::RefusalCode::duplicate);
}

TEST(VenueCodec, OrdersBeyondThoseWrittenCountAsUsed) {
    TestMarket before(account_params());
    for (std::uint64_t number = 1; number <= Venue::kOrdersWritten + 1; ++number) {  // without a book they wait
        const auto ms = static_cast<std::int64_t>(number) * 1'000;
        before.venue.submit(trading::Place{test_order(number, market::Side::buy, 100, Ticks{1000})}, test_time(ms));
        before.venue.submit(trading::Cancel{{1, number}, {}}, test_time(ms));
    }
    before.venue.advance(test_time(1'000'000));
    TestMarket after(account_params());
    ASSERT_TRUE(after.venue.restore(bytes_of(before.venue)));
    after.venue.submit(trading::FindOrder{{1, 1}, {}}, test_time(2'000'000));
    after.venue.submit(trading::FindOrder{{1, 2}, {}}, test_time(2'000'000));
    after.venue.submit(trading::Place{test_order(1, market::Side::buy, 100, Ticks{1000})}, test_time(2'000'000));
    after.venue.advance(test_time(2'001'000));
    const auto reports = after.venue.take_reports();
    ASSERT_EQ(reports.size(), 3U);
    EXPECT_EQ(std::visit(TestWording{}, reports[0].body), "absent 1");
    EXPECT_EQ(std::visit(TestWording{}, reports[1].body), "order 2 cancelled 0");
    EXPECT_EQ(std::visit(TestWording{}, reports[2].body), "refused 1 duplicate");
}

TEST(VenueCodec, WhatCannotBeContinuedIsRefused) {
    TestFlow flow(account_params(), 7);
    for (int i = 0; i < 300; ++i) flow.step();
    const std::string bytes = bytes_of(flow.market.venue);
    const auto code_of_restoring = [&](std::string_view damaged) {
        Venue venue(account_params());
        for (const auto& state : flow.market.states) venue.follow(*state);
        const auto restored = venue.restore(damaged);
        return restored ? std::optional<Errc>{} : restored.error().code;
    };
    EXPECT_EQ(code_of_restoring(bytes), std::nullopt);
    EXPECT_EQ(code_of_restoring({}), Errc::unsupported);
    std::string newer = bytes;
    newer[0] = 99;
    EXPECT_EQ(code_of_restoring(newer), Errc::unsupported);
    for (std::size_t length = 1; length < bytes.size(); ++length)
        ASSERT_EQ(code_of_restoring(std::string_view(bytes).substr(0, length)), Errc::malformed) << length;
    EXPECT_EQ(code_of_restoring(bytes + "x"), Errc::malformed);

    Venue without_markets(account_params());
    EXPECT_EQ(without_markets.restore(bytes).error().code, Errc::not_found);
}

TEST(VenueCodec, WhatAMarketBroughtStaysWhenItIsNotListedAnyMore) {
    const auto round_trip = [](TestMarket& market, std::int64_t ms, std::uint64_t order) {
        market.book(ms, {{Ticks{990}, Lots{5000}}}, {{Ticks{1000}, Lots{5000}}});
        market.venue.submit(trading::Place{test_order(order, market::Side::buy, 1000)}, test_time(ms + 1'000));
        market.venue.submit(trading::Place{test_order(order + 1, market::Side::sell, 1000)}, test_time(ms + 2'000));
        market.venue.advance(test_time(ms + 3'000));
    };
    TestMarket first(account_params(), {trading::test_perpetual(0, "GONE")});
    round_trip(first, 0, 1);
    const Venue::Brought gone = first.venue.brought();
    ASSERT_LT(gone.realised, trading::Money{}) << "bought at 1000 ticks, sold at 990";
    ASSERT_GT(gone.fees, trading::Money{});
    EXPECT_EQ(first.venue.wallet(), account_params().deposit + gone.realised - gone.fees + gone.funding);

    TestMarket second(account_params(), {trading::test_perpetual(0, "STAYS")});
    ASSERT_TRUE(second.venue.restore(bytes_of(first.venue)));
    EXPECT_EQ(second.venue.brought(), gone);
    round_trip(second, 10'000, 3);
    const Venue::Brought both = second.venue.brought();
    EXPECT_EQ(both.realised, gone.realised + gone.realised) << "the same trade at the same prices";
    EXPECT_EQ(second.venue.wallet(), account_params().deposit + both.realised - both.fees + both.funding);

    // listed again, and the other one is not
    TestMarket third(account_params(), {trading::test_perpetual(0, "GONE")});
    ASSERT_TRUE(third.venue.restore(bytes_of(second.venue)));
    EXPECT_EQ(third.venue.brought(), both) << "nothing twice, and nothing lost";
}

TEST(VenueCodec, ReadsAnAccountOfTheVersionThatForgotWhatIsNotListed) {
    TestFlow flow(account_params(), 7);
    for (int i = 0; i < 300; ++i) flow.step();
    std::string bytes = bytes_of(flow.market.venue);
    bytes.resize(bytes.size() - 3 * sizeof(std::int64_t));  // the three amounts stood at the end
    bytes[0] = 1;
    Venue venue(account_params());
    for (const auto& state : flow.market.states) venue.follow(*state);
    ASSERT_TRUE(venue.restore(bytes));
    EXPECT_EQ(venue.brought(), flow.market.venue.brought());
}

TEST(Venue, ASettlementBeforeThePositionIsNotPaid) {
    TestMarket market(account_params());
    market.book(0, {{Ticks{1000}, Lots{5000}}}, {{Ticks{1001}, Lots{5000}}});
    market.venue.submit(trading::Place{test_order(1, market::Side::buy, 1000)}, test_time(120'000));
    market.mark(120'200, 100);
    const auto wallet = market.venue.wallet();
    market::Event old;  // of the history, heard of late
    old.exchange_time = test_time(60'000);
    old.receive_time = test_time(120'300);
    old.body = market::FundingSettlement{.rate = .01};
    market.venue.on_market(old);
    EXPECT_EQ(market.venue.wallet(), wallet);
    old.exchange_time = test_time(180'004);  // a few milliseconds behind its minute, as venues have it
    old.receive_time = test_time(185'000);
    market.venue.on_market(old);
    market.venue.on_market(old);
    EXPECT_EQ(market.venue.wallet(), wallet - trading::Money{1 * trading::kMoneyPerUnit});  // 1 x 100 x 0.01
}

}  // namespace
}  // namespace vt::paper
