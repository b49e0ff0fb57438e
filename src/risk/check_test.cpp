// Each code by a trade that trips it, and one just inside.

#include "risk/test_trade.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

namespace vt::risk {
namespace {

using namespace std::chrono_literals;
using enum DenialCode;
using market::Side;

using Change = std::function<void(TestTrade&)>;

struct DenialCase {
    DenialCode code;
    Change trips;
    Change inside;
    bool is_alone = true;  ///< nothing else denies
};

/// Marks of the equity at noon of the days before, the last first mentioned last.
void marked_before(TestTrade& trade, std::vector<std::pair<int, double>> days_and_equity) {
    trade.before.push_back([=](PreTrade& made) {
        for (const auto& [days, equity] : days_and_equity) made.on_equity(kTestNow - days * kDay, units_of(equity));
    });
}

void lost(TestTrade& trade, int times, Timestamp at) {
    trade.before.push_back([=](PreTrade& made) {
        for (int i = 0; i < times; ++i) made.on_trade_closed(at, units_of(-1));
    });
}

void made_safer(TestTrade& trade, Mode mode, bool is_released) {
    trade.before.push_back([=](PreTrade& made) {
        made.make_safer(mode, kTestNow, "test", "pressed");
        if (is_released) {
            EXPECT_TRUE(made.release(Mode::active, kTestNow, "ada", "looked at it"));
        }
    });
}

void ordered_other(TestTrade& trade, trading::ClientOrderId id) {
    trade.before.push_back([=, &trade](PreTrade& made) {
        made.exposure().on_order(trade.other, test_entry(trade.other, id, Side::buy, Lots{1}), kTestNow);
        made.exposure().on_terms(trade.other.id, trade.other_terms);
    });
}

std::vector<DenialCase> account_cases() {
    return {
        {limits_contradict, [](TestTrade& t) { t.params.position_max = 1.01; },
         [](TestTrade& t) { t.params.position_max = 1; }},
        {halted, [](TestTrade& t) { made_safer(t, Mode::halted, false); },
         [](TestTrade& t) { made_safer(t, Mode::halted, true); }},
        {reducing, [](TestTrade& t) { made_safer(t, Mode::reducing, false); },
         [](TestTrade& t) { made_safer(t, Mode::reducing, true); }},
        {account_unknown,
         [](TestTrade& t) { t.before.push_back([](PreTrade& made) { made.on_account_known(false); }); },
         [](TestTrade& t) { t.before.push_back([](PreTrade& made) { made.on_account_known(true); }); }},
        {equity_stale, [](TestTrade& t) { t.equity_at = kTestNow - 5s - 1ns; },
         [](TestTrade& t) { t.equity_at = kTestNow - 5s; }},
        {equity_spent, [](TestTrade& t) { t.equity = {}; }, [](TestTrade& t) { t.equity = units_of(20); }, false},
        {stop_unconfirmed,
         [](TestTrade& t) {
             t.hold_other(1, Ticks{990});
             t.before.push_back(
                 [&t](PreTrade& made) { made.exposure().on_stop(t.other.id, {}, kTestNow - 5s - 1ns); });
         },
         [](TestTrade& t) {
             t.hold_other(1, Ticks{990});
             t.before.push_back([&t](PreTrade& made) { made.exposure().on_stop(t.other.id, {}, kTestNow - 5s); });
         }},
        {duplicate_order, [](TestTrade& t) { ordered_other(t, {1, 1}); },
         [](TestTrade& t) { ordered_other(t, {1, 2}); }},
        {daily_loss, [](TestTrade& t) { marked_before(t, {{1, 10'000}}), t.equity = units_of(9'800); },
         [](TestTrade& t) { marked_before(t, {{1, 10'000}}), t.equity = units_of(9'800.01); }},
        {weekly_loss,
         [](TestTrade& t) { marked_before(t, {{3, 10'000}, {2, 9'820}, {1, 9'650}}), t.equity = units_of(9'500); },
         [](TestTrade& t) {
             marked_before(t, {{3, 10'000}, {2, 9'820}, {1, 9'650}}), t.equity = units_of(9'500.01);
         }},
        {loss_cooldown, [](TestTrade& t) { lost(t, 4, kTestNow - 4h + 1ns); },
         [](TestTrade& t) { lost(t, 4, kTestNow - 4h); }},
        {edge_decayed, [](TestTrade& t) { t.intent.health = EdgeHealth{.decay = 10, .alarm = 10}; },
         [](TestTrade& t) { t.intent.health = EdgeHealth{.decay = 9.999, .alarm = 10}; }},
    };
}

std::vector<DenialCase> market_cases() {
    return {
        {not_tradable, [](TestTrade& t) { t.instrument.status = market::TradingStatus::halted; },
         [](TestTrade& t) { t.instrument.status = market::TradingStatus::trading; }},
        {contract_unsupported, [](TestTrade& t) { t.instrument.settle = "USDC"; },
         [](TestTrade& t) { t.instrument.settle = "USDT"; }},
        {filters_missing, [](TestTrade& t) { t.instrument.limits.quantity_min.reset(); },
         [](TestTrade& t) { t.instrument.limits.quantity_min = Decimal{}; }, false},
        {venue_degraded, [](TestTrade& t) { t.is_venue_degraded = true; },
         [](TestTrade& t) { t.is_venue_degraded = false; }},
        {latency_high, [](TestTrade& t) { t.venue_latency = 1s + 1ns; }, [](TestTrade& t) { t.venue_latency = 1s; }},
        {book_stale, [](TestTrade& t) { t.book_age = 2s + 1ns; }, [](TestTrade& t) { t.book_age = 2s; }},
        {mark_stale, [](TestTrade& t) { t.mark_age = 5s + 1ns; }, [](TestTrade& t) { t.mark_age = 5s; }},
        {spread_wide, [](TestTrade& t) { t.spread_bps = 15.01; }, [](TestTrade& t) { t.spread_bps = 15; }},
    };
}

/// A chance whose costs are no matter.
WinChance chance(double probability, double low) {
    return {.probability = probability, .low = low, .standard_error = 0, .payoff = 1};
}

std::vector<DenialCase> trade_cases() {
    return {
        {position_opposed, [](TestTrade& t) { t.hold(-1); }, [](TestTrade& t) { t.hold(1); }, false},
        {stop_missing, [](TestTrade& t) { t.intent.stop.reset(); }, [](TestTrade&) {}, false},
        {stop_side, [](TestTrade& t) { t.intent.stop = Ticks{1000}; },
         [](TestTrade& t) { t.intent.stop = Ticks{999}; }, false},
        {volatility_unknown, [](TestTrade& t) { t.annual_volatility.reset(); },
         [](TestTrade& t) { t.annual_volatility = 0.01; }},
        {no_edge, [](TestTrade& t) { t.intent.chance = chance(.7, .5); },
         [](TestTrade& t) { t.intent.chance = chance(.7, .51); }, false},
        // loss 195 bps, costs 15: .60 brings 39 after and 54 before costs, .62 brings 46.8 and 61.8: 27.8 and 24.3 %
        {cost_high, [](TestTrade& t) { t.intent.chance = chance(.60, .55); },
         [](TestTrade& t) { t.intent.chance = chance(.62, .55); }},
        {size_below_lot, [](TestTrade& t) { t.instrument.limits.quantity_min = Decimal{25'642, 3}; },
         [](TestTrade& t) { t.instrument.limits.quantity_min = Decimal{25'641, 3}; }},
        {size_off_step,
         [](TestTrade& t) { t.instrument.limits.quantity_step = Decimal{1, 2}, t.intent.quantity = Lots{25'005}; },
         [](TestTrade& t) { t.instrument.limits.quantity_step = Decimal{1, 2}, t.intent.quantity = Lots{25'010}; }},
        {size_above_allowed, [](TestTrade& t) { t.intent.quantity = Lots{25'642}; },
         [](TestTrade& t) { t.intent.quantity = Lots{25'641}; }},
        {notional_below_min, [](TestTrade& t) { t.instrument.limits.notional_min = Decimal{25'642, 1}; },
         [](TestTrade& t) { t.instrument.limits.notional_min = Decimal{25'641, 1}; }},
    };
}

/// Not filled, the trade would leave nothing but the short: that alone is what the net limit looks at.
void only_gross_limits(TestTrade& t) {
    t.params.net_max = t.params.gross_max;
    t.terms.beta_bound = t.other_terms.beta_bound = .9;
}

/// A tenth is lost in every half hour that is known.
void limit_shortfall(TestTrade& t) {
    t.params.expected_shortfall_max = .05;
    t.terms.moves = t.other_terms.moves = std::make_shared<MarketMoves>(
        MarketMoves{.first = 1, .moves = std::vector<std::optional<double>>(kMovesLeast, -.1)});
}

// The trade is worth 2,564.1, loses 49.99995 at its stop, and is made with leverage 5.
std::vector<DenialCase> open_cases() {
    return {
        {open_risk, [](TestTrade& t) { t.hold_other(15'001, Ticks{900}); },  // 150.01
         [](TestTrade& t) { t.hold_other(15'000, Ticks{900}); }},
        {max_position, [](TestTrade& t) { t.hold(50'000), t.instrument.limits.notional_min = Decimal{1, 1}; },
         [](TestTrade& t) { t.hold(49'999), t.instrument.limits.notional_min = Decimal{1, 1}; }, false},
        {max_cluster, [](TestTrade& t) { t.other_terms.cluster = t.terms.cluster, t.hold_other(74'360, Ticks{999}); },
         [](TestTrade& t) { t.other_terms.cluster = t.terms.cluster, t.hold_other(74'359, Ticks{999}); }},
        {max_net, [](TestTrade& t) { t.hold_other(124'360, Ticks{999}); },
         [](TestTrade& t) { t.hold_other(124'359, Ticks{999}); }},
        {max_gross, [](TestTrade& t) { only_gross_limits(t), t.hold_other(-174'360, Ticks{1001}); },
         [](TestTrade& t) { only_gross_limits(t), t.hold_other(-174'359, Ticks{1001}); }},
        {max_beta,
         [](TestTrade& t) { t.terms.beta_bound = t.other_terms.beta_bound = 2, t.hold_other(-74'360, Ticks{1001}); },
         [](TestTrade& t) { t.terms.beta_bound = t.other_terms.beta_bound = 2, t.hold_other(-74'359, Ticks{1001}); }},
        // with 10 % lost of both, (2,564.1 + 2,435.9) x .1 is a twentieth of the equity
        {max_shortfall, [](TestTrade& t) { limit_shortfall(t), t.hold_other(24'360, Ticks{999}); },
         [](TestTrade& t) { limit_shortfall(t), t.hold_other(24'359, Ticks{999}); }},
        {max_positions, [](TestTrade& t) { t.params.positions_max = 1, t.hold_other(1, Ticks{990}); },
         [](TestTrade& t) { t.params.positions_max = 2, t.hold_other(1, Ticks{990}); }},
        {max_orders, [](TestTrade& t) { t.params.orders_max = 1, ordered_other(t, {1, 2}); },
         [](TestTrade& t) { t.params.orders_max = 2, ordered_other(t, {1, 2}); }},
        // .018 of 1/22 - .01 is 50.8 %, of 1/21 - .01 is 47.8 %
        {liquidation_near, [](TestTrade& t) { t.hold(1, 22); }, [](TestTrade& t) { t.hold(1, 21); }},
        // 2,564.1 and the .1 that are open, 21 times; above the first tier 20 times are allowed
        {margin_tier,
         [](TestTrade& t) { t.hold(1, 21), t.instrument.margin_tiers = test_tiers(256'419, {1, 2}, 20); },
         [](TestTrade& t) { t.hold(1, 21), t.instrument.margin_tiers = test_tiers(256'420, {1, 2}, 20); }},
        {margin_short, [](TestTrade& t) { t.hold_other(54'872, Ticks{999}, 1); },  // 5,487.2 + 512.82
         [](TestTrade& t) { t.hold_other(54'871, Ticks{999}, 1); }},
    };
}

void reduced(TestTrade& t, Side side, std::int64_t lots) {
    t.hold(5);
    t.intent.is_reduce_only = true;
    t.intent.side = side;
    t.intent.quantity = Lots{lots};
}

std::vector<DenialCase> denial_cases() {
    std::vector<DenialCase> all;
    for (const auto& part : {account_cases(), market_cases(), trade_cases(), open_cases()})
        all.insert(all.end(), part.begin(), part.end());
    all.push_back({not_reducing, [](TestTrade& t) { reduced(t, Side::sell, 6); },
                   [](TestTrade& t) { reduced(t, Side::sell, 5); }});
    return all;
}

std::string listed(const Decision& decision) {
    std::string out;
    for (const Check& check : decision.checks) {
        if (check.denies()) out += words(check) + "\n";
    }
    return out;
}

TEST(Denial, EachCodeIsTrippedAndJustInsideApproved) {
    for (const DenialCase& each : denial_cases()) {
        SCOPED_TRACE(std::string(name(each.code)));
        TestTrade tripped;
        each.trips(tripped);
        const Decision denied = tripped.decide();
        const auto codes = denied.denials();
        EXPECT_FALSE(denied.is_approved());
        EXPECT_NE(std::ranges::find(codes, each.code), codes.end()) << listed(denied);
        if (each.is_alone) {
            EXPECT_EQ(codes.size(), 1U) << listed(denied);
        }

        TestTrade inside;
        each.inside(inside);
        const Decision approved = inside.decide();
        EXPECT_TRUE(approved.is_approved()) << listed(approved);
    }
}

TEST(Denial, EveryCodeHasItsCase) {
    std::set<DenialCode> seen;
    for (const DenialCase& each : denial_cases()) seen.insert(each.code);
    EXPECT_EQ(seen.size(), kDenialCodes);
}

TEST(Denial, AllQuestionsAreAskedInTheSameOrderWhateverIsMissing) {
    const TestTrade whole;
    TestTrade empty;
    empty.intent.stop.reset();
    empty.terms = {};
    empty.spread_bps.reset();
    empty.book_age = empty.mark_age = empty.venue_latency = {};
    empty.is_venue_degraded.reset();
    empty.annual_volatility = empty.turnover_24h = {};
    empty.instrument.limits = {};
    const auto asked_of_whole = whole.decide().checks;
    const auto asked_of_empty = empty.decide().checks;
    ASSERT_EQ(asked_of_whole.size(), kDenialCodes - 1) << "all but the one of a reduction";
    ASSERT_EQ(asked_of_empty.size(), asked_of_whole.size());
    for (std::size_t i = 0; i < asked_of_whole.size(); ++i) {
        EXPECT_EQ(asked_of_whole[i].code, static_cast<DenialCode>(i));
        EXPECT_EQ(asked_of_empty[i].code, static_cast<DenialCode>(i));
    }
}

TEST(Denial, WhatIsNotKnownDenies) {
    const std::vector<std::pair<DenialCode, Change>> cases = {
        {venue_degraded, [](TestTrade& t) { t.is_venue_degraded.reset(); }},
        {latency_high, [](TestTrade& t) { t.venue_latency.reset(); }},
        {book_stale, [](TestTrade& t) { t.book_age.reset(); }},
        {mark_stale, [](TestTrade& t) { t.mark_age.reset(); }},
        {spread_wide, [](TestTrade& t) { t.spread_bps.reset(); }},
        {max_beta, [](TestTrade& t) { t.terms.beta_bound.reset(); }},
        {max_shortfall, [](TestTrade& t) { t.params.expected_shortfall_max = 1; }},
        {cost_high, [](TestTrade& t) { t.intent.chance = chance(.7, .6), t.turnover_24h.reset(); }},
    };
    for (const auto& [code, change] : cases) {
        TestTrade trade;
        change(trade);
        EXPECT_EQ(trade.decide().denials(), std::vector{code}) << name(code);
    }
}

TEST(Denial, APositionBeyondEveryTierIsNone) {
    TestTrade trade;
    trade.instrument.margin_tiers = {{.worth_max = {2'500, 0}, .maintenance_rate = {5, 3}, .leverage_max = {50, 0}}};
    EXPECT_EQ(trade.decide().denials(), (std::vector{liquidation_near, margin_tier}));
}

TEST(Denial, WordsNameValueLimitAndRemedy) {
    EXPECT_EQ(words(at_most(max_gross, 2.3125, 2, "of the equity")),
              "MAX_GROSS: 2.3125 of the equity, at most 2: close a position (gross_max)");
    EXPECT_EQ(words(at_most(spread_wide, std::nullopt, 15, "bps")),
              "SPREAD_WIDE: bps: not known: wait for a narrower spread (spread_max_bps)");
    EXPECT_EQ(words(at_least(size_below_lot, 2, 1, "units")), "SIZE_BELOW_LOT: 2 units, at least 1");
    for (std::size_t code = 0; code < kDenialCodes; ++code) {
        EXPECT_FALSE(name(static_cast<DenialCode>(code)).empty());
        EXPECT_FALSE(remedy(static_cast<DenialCode>(code)).empty());
    }
}

TEST(Denial, TheManualNamesEveryCode) {
    std::ifstream file(VT_SOURCE_DIR "/docs/risk.md");
    const std::string manual{std::istreambuf_iterator<char>(file), {}};
    for (std::size_t code = 0; code < kDenialCodes; ++code) {
        const std::string_view written = name(static_cast<DenialCode>(code));
        EXPECT_NE(manual.find(written), std::string::npos) << written;
    }
}

TEST(Denial, IsWrittenAsJson) {
    JsonWriter out;
    write_checks(out, {at_most(max_gross, 2.5, 2, "of the equity"), asked(halted, true, "trading is not halted")});
    EXPECT_EQ(out.text(),
              R"json([{"name":"MAX_GROSS","value":2.5,"limit":2,"unit":"of the equity","passes":false,)json"
              R"json("distance":-0.5,"remedy":"close a position (gross_max)"},{"name":"HALTED","value":null,)json"
              R"json("limit":null,"unit":"trading is not halted","passes":true,"distance":null}])json");
}

}  // namespace
}  // namespace vt::risk
