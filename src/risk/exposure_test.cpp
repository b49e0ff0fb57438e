#include "risk/exposure.hpp"

#include "base/prng.hpp"
#include "risk/test_trade.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <vector>

namespace vt::risk {
namespace {

using namespace std::chrono_literals;
using market::InstrumentId;
using market::Side;
using trading::ClientOrderId;
using trading::Money;

const market::Instrument kBitcoin = trading::test_perpetual(0, "BTC");
const market::Instrument kEther = trading::test_perpetual(1, "ETH");

MarketTerms terms_at(std::int64_t mark, double beta = 1, std::uint32_t cluster = 0) {
    return {.mark = Ticks{mark}, .beta_bound = beta, .cluster = ClusterId{cluster}};
}

Reservation reserved(std::uint64_t id, Side side, std::int64_t lots, double risk = 1) {
    return {.id = {1, id},
            .side = side,
            .quantity = Lots{lots},
            .stop = Ticks{990},
            .risk = units_of(risk),
            .leverage = 4};
}

TEST(Exposure, OfNothingIsNothing) {
    const Exposure exposure{Params{}};
    const WorstCase worst = exposure.worst_case();
    EXPECT_EQ(worst.gross, Money{});
    EXPECT_EQ(worst.net, Money{});
    EXPECT_EQ(worst.beta, Money{});
    EXPECT_EQ(worst.open_risk, Money{});
    EXPECT_EQ(worst.margin, Money{});
    EXPECT_EQ(worst.positions, 0U);
    EXPECT_EQ(exposure.notional(InstrumentId{5}), Money{});
}

TEST(Exposure, AReservationCountsUntilItsOrderIsKnownToBeOver) {
    Exposure exposure{Params{}};
    exposure.reserve(kBitcoin, reserved(1, Side::buy, 1000), terms_at(1000));
    EXPECT_EQ(exposure.worst_case().gross, units_of(100));
    EXPECT_TRUE(exposure.is_held({1, 1}));
    auto order = test_entry(kBitcoin, {1, 1}, Side::buy, Lots{1000});
    exposure.on_order(kBitcoin, order, kTestNow);
    EXPECT_EQ(exposure.worst_case().gross, units_of(100)) << "once, not twice";
    order.on_sent();
    order.on_unanswered();
    exposure.on_order(kBitcoin, order, kTestNow);
    EXPECT_EQ(order.state(), trading::OrderState::unknown);
    EXPECT_EQ(exposure.worst_case().gross, units_of(100)) << "unknown counts as if it were filled";
    order.on_rejected("absent");
    exposure.on_order(kBitcoin, order, kTestNow);
    EXPECT_EQ(exposure.worst_case().gross, Money{});
    EXPECT_FALSE(exposure.is_held({1, 1}));
}

TEST(Exposure, AFillMovesFromTheOrderToThePosition) {
    Exposure exposure{Params{}};
    exposure.reserve(kBitcoin, reserved(1, Side::sell, 1000), terms_at(1000));
    auto order = test_entry(kBitcoin, {1, 1}, Side::sell, Lots{1000});
    ASSERT_TRUE(order.on_filled(trading::ExecutionId{1}, Lots{400}));
    exposure.on_position(kBitcoin, Lots{-400}, 4, kTestNow);
    exposure.on_order(kBitcoin, order, kTestNow);
    EXPECT_EQ(exposure.worst_case().gross, units_of(100));
    EXPECT_EQ(exposure.worst_case().margin, units_of(25));
    EXPECT_EQ(exposure.net(kBitcoin.id), Lots{-400});
    ASSERT_TRUE(order.on_filled(trading::ExecutionId{2}, Lots{600}));
    exposure.on_position(kBitcoin, Lots{-1000}, 4, kTestNow);
    exposure.on_order(kBitcoin, order, kTestNow);
    EXPECT_EQ(exposure.worst_case().gross, units_of(100));
    EXPECT_EQ(exposure.worst_case().orders, 0U);
    exposure.on_position(kBitcoin, Lots{}, 4, kTestNow);
    EXPECT_EQ(exposure.worst_case().positions, 0U);
}

TEST(Exposure, ACancelledOrderCountsUntilItsFillsHaveHadTime) {
    Exposure exposure{Params{}};
    exposure.reserve(kBitcoin, reserved(1, Side::buy, 1000), terms_at(1000));
    auto order = test_entry(kBitcoin, {1, 1}, Side::buy, Lots{1000});
    order.on_cancelled("requested");
    exposure.on_order(kBitcoin, order, kTestNow);
    exposure.expire(kTestNow + 5s - 1ns);
    EXPECT_EQ(exposure.worst_case().gross, units_of(100));
    ASSERT_TRUE(order.on_filled(trading::ExecutionId{1}, Lots{300}));  // it came late
    exposure.on_position(kBitcoin, Lots{300}, 4, kTestNow + 4s);
    exposure.on_order(kBitcoin, order, kTestNow + 4s);
    EXPECT_EQ(exposure.worst_case().gross, units_of(100));
    exposure.expire(kTestNow + 5s);
    EXPECT_EQ(exposure.worst_case().gross, units_of(30)) << "the grace is counted from the word that it is over";
}

TEST(Exposure, AnOrderFoundAtAStartCountsAndItsStopIsNotKnown) {
    Exposure exposure{Params{}};
    exposure.on_order(kBitcoin, test_entry(kBitcoin, {9, 9}, Side::buy, Lots{1000}), kTestNow);
    EXPECT_EQ(exposure.worst_case().gross, std::nullopt) << "without a price it is not known";
    exposure.on_terms(kBitcoin.id, terms_at(1000));
    EXPECT_EQ(exposure.worst_case().gross, units_of(100));
    EXPECT_EQ(exposure.worst_case().open_risk, units_of(100)) << "all of it";
    EXPECT_EQ(exposure.worst_case().margin, units_of(100)) << "no leverage is known";
}

TEST(Exposure, WhatOnlyReducesDoesNotCount) {
    Exposure exposure{Params{}};
    const trading::Order stop{{.id = {1, 1}, .side = Side::sell, .quantity = Lots{10}, .is_reduce_only = true},
                              trading::Purpose::stop,
                              kTestNow};
    exposure.on_order(kBitcoin, stop, kTestNow);
    EXPECT_EQ(exposure.worst_case().orders, 0U);
    EXPECT_FALSE(exposure.opposes(kBitcoin.id, Side::buy));
}

TEST(Exposure, AnAmendedOrderCountsAsItIsNow) {
    Exposure exposure{Params{}};
    exposure.reserve(kBitcoin, reserved(1, Side::buy, 1000, 2), terms_at(1000));
    auto order = test_entry(kBitcoin, {1, 1}, Side::buy, Lots{1000});
    auto larger = order.request();
    larger.quantity = Lots{1500};
    order.on_amended(1, larger);
    exposure.on_order(kBitcoin, order, kTestNow);
    EXPECT_EQ(exposure.worst_case().gross, units_of(150));
    EXPECT_EQ(exposure.worst_case().open_risk, units_of(3));
}

TEST(Exposure, AnAbandonedReservationIsFree) {
    Exposure exposure{Params{}};
    exposure.reserve(kBitcoin, reserved(1, Side::buy, 1000), terms_at(1000));
    exposure.on_abandoned(kEther.id, {1, 1});
    exposure.on_abandoned(kBitcoin.id, {1, 2});
    EXPECT_TRUE(exposure.is_held({1, 1}));
    exposure.on_abandoned(kBitcoin.id, {1, 1});
    EXPECT_FALSE(exposure.is_held({1, 1}));
}

TEST(Exposure, NetIsTheLargerSideSinceTheOtherMayBeClosedFirst) {
    Exposure exposure{Params{}};
    exposure.on_position(kBitcoin, Lots{1000}, 5, kTestNow);  // 100 long
    exposure.on_terms(kBitcoin.id, terms_at(1000, 1));
    exposure.reserve(kEther, reserved(1, Side::sell, 3000), terms_at(1000, 2, 1));  // up to 300 short
    const WorstCase worst = exposure.worst_case();
    EXPECT_EQ(worst.gross, units_of(400));
    EXPECT_EQ(worst.net, units_of(300));
    EXPECT_EQ(worst.beta, units_of(700));
    EXPECT_EQ(worst.positions, 2U);
    EXPECT_EQ(worst.orders, 1U);
    EXPECT_TRUE(exposure.opposes(kEther.id, Side::buy));
    EXPECT_FALSE(exposure.opposes(kEther.id, Side::sell));
    EXPECT_TRUE(exposure.opposes(kBitcoin.id, Side::sell));
}

TEST(Exposure, ABetaBelowZeroIsNoHedge) {
    Exposure exposure{Params{}};
    exposure.reserve(kBitcoin, reserved(1, Side::buy, 1000), terms_at(1000, -1.5));
    EXPECT_EQ(exposure.worst_case().beta, units_of(150));
    exposure.on_terms(kBitcoin.id, terms_at(1000, std::numeric_limits<double>::quiet_NaN()));
    EXPECT_EQ(exposure.worst_case().beta, std::nullopt);
}

TEST(Exposure, AReservationFollowsItsOrdersId) {
    Exposure exposure{Params{}};
    exposure.reserve(kBitcoin, reserved(1, Side::buy, 1000), terms_at(1000));
    exposure.on_ordered(kEther.id, {1, 1}, {2, 7});
    EXPECT_TRUE(exposure.is_held({1, 1}));
    exposure.on_ordered(kBitcoin.id, {1, 1}, {2, 7});
    EXPECT_FALSE(exposure.is_held({1, 1}));
    exposure.on_order(kBitcoin, test_entry(kBitcoin, {2, 7}, Side::buy, Lots{1000}), kTestNow);
    EXPECT_EQ(exposure.worst_case().gross, units_of(100)) << "once";
    EXPECT_EQ(exposure.worst_case().open_risk, units_of(1)) << "what was planned is still known";
}

TEST(Exposure, AClusterIsItsLargerSideAndWhatIsInNoneIsInEach) {
    Exposure exposure{Params{}};
    const auto solana = trading::test_perpetual(2, "SOL");
    exposure.on_position(kEther, Lots{2000}, 5, kTestNow);
    exposure.on_terms(kEther.id, terms_at(1000, 1, 7));
    exposure.on_position(solana, Lots{-3000}, 5, kTestNow);
    exposure.on_terms(solana.id, terms_at(1000, 1, 7));
    const auto cluster_with = [&](std::optional<ClusterId> cluster) {
        MarketTerms terms = terms_at(1000);
        terms.cluster = cluster;
        return exposure.worst_case_with(kBitcoin, reserved(1, Side::buy, 500), terms).cluster;
    };
    EXPECT_EQ(cluster_with(ClusterId{7}), units_of(300)) << "200 and 50 long, 300 short";
    EXPECT_EQ(cluster_with(ClusterId{8}), units_of(50));
    EXPECT_EQ(cluster_with(std::nullopt), units_of(300));
    MarketTerms unknown = terms_at(1000);
    unknown.cluster.reset();
    exposure.on_terms(kEther.id, unknown);
    EXPECT_EQ(cluster_with(ClusterId{8}), units_of(250));
}

TEST(Exposure, OpenRiskOfAClusterIsThatOfOneSide) {
    Exposure exposure{Params{}};
    const auto solana = trading::test_perpetual(2, "SOL");
    EXPECT_EQ(exposure.open_risk(ClusterId{7}, Side::buy), Money{});
    exposure.on_position(kEther, Lots{2000}, 5, kTestNow);
    exposure.on_stop(kEther.id, Ticks{990}, kTestNow);
    exposure.on_terms(kEther.id, terms_at(1000, 1, 7));
    exposure.on_position(solana, Lots{-3000}, 5, kTestNow);
    exposure.on_stop(solana.id, Ticks{1020}, kTestNow);
    exposure.on_terms(solana.id, terms_at(1000, 1, 7));
    exposure.reserve(kBitcoin, reserved(1, Side::buy, 500, 4), terms_at(1000, 1, 8));
    EXPECT_EQ(exposure.open_risk(ClusterId{7}, Side::buy), units_of(2)) << "2000 lots by 10 ticks";
    EXPECT_EQ(exposure.open_risk(ClusterId{7}, Side::sell), units_of(6));
    EXPECT_EQ(exposure.open_risk(ClusterId{8}, Side::buy), units_of(4));
    EXPECT_EQ(exposure.open_risk(ClusterId{9}, Side::buy), Money{});
    EXPECT_EQ(exposure.open_risk(std::nullopt, Side::buy), units_of(6)) << "it may be in each";
    exposure.on_terms(kEther.id, {.beta_bound = 1, .cluster = ClusterId{7}});
    EXPECT_EQ(exposure.open_risk(ClusterId{7}, Side::buy), std::nullopt) << "no mark, no worth";
}

TEST(Exposure, OpenRiskIsTheWayFromTheMarkToTheStop) {
    Exposure exposure{Params{}};
    exposure.on_position(kBitcoin, Lots{1000}, 5, kTestNow);
    exposure.on_terms(kBitcoin.id, terms_at(1000));
    EXPECT_EQ(exposure.worst_case().open_risk, units_of(100)) << "without a stop all of it";
    exposure.on_stop(kBitcoin.id, Ticks{980}, kTestNow);
    EXPECT_EQ(exposure.worst_case().open_risk, units_of(2));
    exposure.on_stop(kBitcoin.id, Ticks{1010}, kTestNow);
    EXPECT_EQ(exposure.worst_case().open_risk, Money{}) << "a stop beyond the mark loses nothing more";
    exposure.on_position(kBitcoin, Lots{-1000}, 5, kTestNow);  // turned: that stop was of the other position
    EXPECT_EQ(exposure.worst_case().open_risk, units_of(100));
    exposure.on_stop(kBitcoin.id, Ticks{1030}, kTestNow);
    EXPECT_EQ(exposure.worst_case().open_risk, units_of(3));
}

TEST(Exposure, APositionIsUnprotectedFromItsFirstLotUntilItsStopIsConfirmed) {
    Exposure exposure{Params{}};
    exposure.on_position(kBitcoin, Lots{1}, 5, kTestNow);
    exposure.on_position(kBitcoin, Lots{2}, 5, kTestNow + 2s);
    EXPECT_EQ(exposure.longest_unprotected(kTestNow + 3s), 3s);
    exposure.on_stop(kBitcoin.id, Ticks{990}, kTestNow + 3s);
    EXPECT_EQ(exposure.longest_unprotected(kTestNow + 9s), 0s);
    exposure.on_stop(kBitcoin.id, std::nullopt, kTestNow + 9s);
    EXPECT_EQ(exposure.longest_unprotected(kTestNow + 10s), 1s);
    exposure.on_position(kBitcoin, Lots{}, 5, kTestNow + 10s);
    EXPECT_EQ(exposure.longest_unprotected(kTestNow + 20s), 0s);
}

TEST(Exposure, WhatDoesNotFitIsNotKnown) {
    Exposure exposure{Params{}};
    exposure.on_position(kBitcoin, Lots{std::numeric_limits<std::int64_t>::max() / 2}, 5, kTestNow);
    exposure.on_terms(kBitcoin.id, terms_at(1'000'000));
    EXPECT_EQ(exposure.worst_case().gross, std::nullopt);
    EXPECT_EQ(exposure.worst_case().net, std::nullopt);
}

TEST(Exposure, AddingIsAsReserving) {
    Prng random(11, "exposure");
    for (int round = 0; round < 500; ++round) {
        Exposure exposure{Params{}};
        for (std::uint64_t id = 0; id < 8; ++id) {
            const auto instrument = trading::test_perpetual(static_cast<std::uint32_t>(random.below(3)));
            const auto side = random.below(2) == 0 ? Side::buy : Side::sell;
            const auto added = reserved(id, side, static_cast<std::int64_t>(1 + random.below(1000)));
            const auto terms = terms_at(1000 + static_cast<std::int64_t>(instrument.id.value()) * 100, 1.5,
                                        instrument.id.value() % 2);
            const WorstCase before = exposure.worst_case_with(instrument, added, terms);
            exposure.reserve(instrument, added, terms);
            const WorstCase after = exposure.worst_case();
            ASSERT_EQ(before.gross, after.gross);
            ASSERT_EQ(before.net, after.net);
            ASSERT_EQ(before.beta, after.beta);
            ASSERT_EQ(before.margin, after.margin);
            ASSERT_EQ(before.open_risk, after.open_risk);
            ASSERT_EQ(before.orders, id + 1);
        }
    }
}

/// Whichever orders are filled, and however far: no outcome is worse than what was said.
TEST(Exposure, NoOutcomeIsWorseThanTheWorstCase) {
    Prng random(12, "exposure");
    for (int round = 0; round < 2'000; ++round) {
        Exposure exposure{Params{}};
        struct Sent {
            std::size_t instrument;
            std::int64_t signed_lots;
        };
        std::vector<std::int64_t> net(3);
        std::vector<Sent> sent;
        for (std::size_t i = 0; i < 3; ++i) {
            const auto instrument = trading::test_perpetual(static_cast<std::uint32_t>(i));
            net[i] = static_cast<std::int64_t>(random.below(2001)) - 1000;
            if (net[i] != 0) exposure.on_position(instrument, Lots{net[i]}, 5, kTestNow);
            exposure.on_terms(instrument.id, terms_at(1000));
        }
        for (std::uint64_t id = 0; id < 5; ++id) {
            const auto i = static_cast<std::size_t>(random.below(3));
            const auto lots = static_cast<std::int64_t>(1 + random.below(1000));
            const bool is_buy = random.below(2) == 0;
            exposure.reserve(trading::test_perpetual(static_cast<std::uint32_t>(i)),
                             reserved(id, is_buy ? Side::buy : Side::sell, lots), terms_at(1000));
            sent.push_back({i, is_buy ? lots : -lots});
        }
        const WorstCase worst = exposure.worst_case();
        std::int64_t most_net = 0, most_gross = 0;
        for (unsigned filled = 0; filled < 32; ++filled) {
            auto outcome = net;
            for (std::size_t o = 0; o < sent.size(); ++o) {
                if ((filled >> o & 1U) != 0) outcome[sent[o].instrument] += sent[o].signed_lots;
            }
            std::int64_t longs = 0, shorts = 0, gross = 0;
            for (const std::int64_t lots : outcome) {
                longs += std::max<std::int64_t>(lots, 0);
                shorts -= std::min<std::int64_t>(lots, 0);
                gross += std::abs(lots);
            }
            most_net = std::max({most_net, longs, shorts});  // net, once the other side was closed
            most_gross = std::max(most_gross, gross);
        }
        // a lot at 100 is worth .1
        ASSERT_EQ(worst.net, Money{most_net * 10'000'000});
        ASSERT_EQ(worst.gross, Money{most_gross * 10'000'000});
    }
}

}  // namespace
}  // namespace vt::risk
