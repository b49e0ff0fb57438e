#include "engine/occurrence_watch.hpp"

#include "engine/test_listed.hpp"
#include "engine/test_two_markets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>

namespace vt::engine {
namespace {

using AlertKind = alerts::Kind;
using alerts::Occurrence;
using alerts::Severity;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::TwoMarkets;

constexpr Timestamp kBegin = from_ms(1'700'006'400'000);

std::vector<Occurrence> noticed_in(const std::vector<Effect>& effects) {
    std::vector<Occurrence> found;
    for (const Effect& effect : effects)
        if (const auto* noticed = std::get_if<Noticed>(&effect)) found.push_back(*noticed->occurrence);
    return found;
}

/// What was noticed of the symbol with a planted truth, until a minute of the session.
std::vector<Occurrence> noticed_until(int minute, sim::Truth truth) {
    TwoMarkets run(4, truth);
    std::vector<Occurrence> found;
    for (int second = 1; second <= minute * 60; ++second) {
        run.second();
        for (Occurrence& one : noticed_in(run.take_effects()))
            if (one.symbol == "TRUEUSDT") found.push_back(std::move(one));
    }
    return found;
}

const Occurrence* first_of(const std::vector<Occurrence>& found, AlertKind kind) {
    const auto at = std::ranges::find(found, kind, &Occurrence::kind);
    return at == found.end() ? nullptr : &*at;
}

double minute_of(const Occurrence& one) { return to_seconds(one.at - test::kStart) / 60; }

TEST(OccurrenceWatch, ACascadeIsNoticedWithinAMinuteWithTheSideThatLost) {
    const auto found = noticed_until(92, sim::Truth::cascade);
    const Occurrence* cascade = first_of(found, AlertKind::cascade);
    ASSERT_NE(cascade, nullptr);
    EXPECT_GE(minute_of(*cascade), 90);
    EXPECT_LE(minute_of(*cascade), 91);
    EXPECT_EQ(cascade->side, alerts::Side::down) << "longs were liquidated";
    EXPECT_GE(cascade->size, 2) << "per cent of open interest";
    const Occurrence* burst = first_of(found, AlertKind::liquidation_burst);
    ASSERT_NE(burst, nullptr);
    EXPECT_GE(minute_of(*burst), 90);
    EXPECT_GE(burst->count, 3U);
    EXPECT_EQ(burst->side, alerts::Side::down);
    EXPECT_LE(std::ranges::count(found, AlertKind::liquidation_burst, &Occurrence::kind), 3)
        << "once a minute, however many there are";
}

TEST(OccurrenceWatch, AThinBookIsNoticedAfterTenSecondsBesideWhatIsUsual) {
    const auto found = noticed_until(76, sim::Truth::thin);
    const Occurrence* wide = first_of(found, AlertKind::spread_blowout);
    ASSERT_NE(wide, nullptr);
    EXPECT_NEAR(minute_of(*wide), 75 + 9. / 60, .02);
    EXPECT_NEAR(wide->size, 6, .5) << "times the usual spread, as planted";
    const Occurrence* thin = first_of(found, AlertKind::depth_drop);
    ASSERT_NE(thin, nullptr);
    EXPECT_GE(minute_of(*thin), 75);
    EXPECT_EQ(first_of(found, AlertKind::cascade), nullptr);
}

/// Liquidations of one instrument, a second each.
class OneMarket {
public:
    OneMarket() : symbol_(listed_perpetual(0, "SOL"), confluence::Params{}) { second(); }
    void liquidate(double quote, market::LiquidatedSide side = market::LiquidatedSide::long_position) {
        (void)symbol_.apply({.exchange_time = now_ - milliseconds{500},
                             .receive_time = now_,
                             .body = market::Liquidation{.side = side, .price = 100, .quantity = quote / 100}});
    }
    std::vector<Occurrence> second() {
        std::vector<Occurrence> seen;
        made_.on_second(symbol_, now_, seen);
        now_ += seconds{1};
        return seen;
    }

private:
    Symbol symbol_;
    SymbolOccurrences made_;
    Timestamp now_ = kBegin + seconds{1};
};

TEST(OccurrenceWatch, ALiquidationIsHeldAgainstTheLargestThousandthOfTheWeek) {
    OneMarket market;
    market.liquidate(24'000);
    EXPECT_TRUE(market.second().empty());
    market.liquidate(26'000, market::LiquidatedSide::short_position);
    const auto single = market.second();
    ASSERT_EQ(single.size(), 1U);
    EXPECT_EQ(single[0].kind, AlertKind::liquidation_single);
    EXPECT_EQ(single[0].side, alerts::Side::up);
    EXPECT_EQ(single[0].size, 26'000);
    EXPECT_EQ(single[0].usual, std::nullopt) << "nobody knows yet what is usual";
    for (int i = 0; i < 1'100; ++i) {
        market.liquidate(60'000);
        (void)market.second();
    }
    market.liquidate(30'000);
    const auto usual = market.second();
    EXPECT_EQ(first_of(usual, AlertKind::liquidation_single), nullptr) << "not among such as there are here";
    market.liquidate(90'000);
    const auto large = market.second();
    const Occurrence* told = first_of(large, AlertKind::liquidation_single);
    ASSERT_NE(told, nullptr);
    ASSERT_TRUE(told->usual.has_value());
    EXPECT_NEAR(*told->usual, 60'000, 60'000 * .023) << "within a bin";
}

TEST(OccurrenceWatch, ThreeLiquidationsOfOneSideAreABurst) {
    OneMarket market;
    market.liquidate(20'000);
    market.liquidate(20'000, market::LiquidatedSide::short_position);
    EXPECT_TRUE(market.second().empty());
    market.liquidate(20'000);
    EXPECT_TRUE(market.second().empty());
    market.liquidate(20'000);
    const auto burst = market.second();
    ASSERT_EQ(burst.size(), 1U);
    EXPECT_EQ(burst[0].kind, AlertKind::liquidation_burst);
    EXPECT_EQ(burst[0].size, 60'000);
    EXPECT_EQ(burst[0].count, 3U);
    market.liquidate(20'000);
    EXPECT_TRUE(market.second().empty()) << "not again within a minute";
}

TEST(OccurrenceWatch, AWeekForgetsItsOldestDay) {
    TrailingWeek week;
    for (int day = 0; day < 8; ++day) week.add(kBegin + day * kDay, day == 0 ? 1'000 : 10);
    EXPECT_EQ(week.n(), 8U);
    EXPECT_NEAR(*week.quantile(1, 8), 1'000, 23);
    EXPECT_EQ(week.quantile(1, 9), std::nullopt);
    week.add(kBegin + 8 * kDay, 10);
    EXPECT_EQ(week.n(), 8U);
    EXPECT_NEAR(*week.quantile(1, 8), 10, .3);
    week.add(kBegin + 7 * kDay, 20);
    EXPECT_EQ(week.n(), 9U) << "late, of the day before: it loses nothing";
    week.add(kBegin, 20);
    EXPECT_EQ(week.n(), 9U) << "older than the week";
    week.add(kBegin + 30 * kDay, 7);
    EXPECT_EQ(week.n(), 1U);
}

class Streams : public testing::Test {
protected:
    Streams() {
        for (std::uint32_t i = 0; i < 4; ++i) {
            symbols.push_back(
                std::make_unique<Symbol>(listed_perpetual(i, "C" + std::to_string(i)), confluence::Params{}));
            set(i, exchange::StreamState::down);
        }
    }
    void set(std::size_t i, exchange::StreamState state) { symbols[i]->stream_states.fill(state); }
    std::vector<Occurrence> after(int count) {
        std::vector<Effect> effects;
        for (int i = 0; i < count; ++i) watch.on_streams(market::Venue::bybit, now += seconds{1}, symbols, effects);
        return noticed_in(effects);
    }
    std::vector<std::unique_ptr<Symbol>> symbols;
    OccurrenceWatch watch;
    Timestamp now = kBegin;
};

TEST_F(Streams, AVenueThatFallsSilentIsOneAlertAndNotOneForEachMarket) {
    EXPECT_TRUE(after(60).empty()) << "what never spoke is not silent";
    for (std::size_t i = 0; i < 4; ++i) set(i, exchange::StreamState::live);
    EXPECT_TRUE(after(5).empty());
    set(0, exchange::StreamState::stale);
    EXPECT_TRUE(after(10).empty());
    const auto one = after(1);
    ASSERT_EQ(one.size(), 1U);
    EXPECT_EQ(one[0].kind, AlertKind::feed_stale);
    EXPECT_EQ(one[0].count, 5U) << "five streams";
    EXPECT_NE(one[0].what.find("bybit is silent: 1 x "), std::string::npos) << one[0].what;
    EXPECT_TRUE(after(600).empty()) << "told once";
    for (std::size_t i = 0; i < 4; ++i) set(i, exchange::StreamState::down);
    EXPECT_TRUE(after(5).empty()) << "for a moment";
    EXPECT_EQ(after(6).size(), 1U) << "far worse";
    set(0, exchange::StreamState::down);
    for (std::size_t i = 1; i < 4; ++i) set(i, exchange::StreamState::live);
    EXPECT_TRUE(after(60).empty()) << "better";
    for (std::size_t i = 0; i < 4; ++i) set(i, exchange::StreamState::down);
    EXPECT_EQ(after(11).size(), 1U) << "as bad as before, beside one that stayed silent";
    for (std::size_t i = 0; i < 4; ++i) set(i, exchange::StreamState::live);
    EXPECT_TRUE(after(5).empty());
    set(0, exchange::StreamState::stale);
    EXPECT_EQ(after(11).size(), 1U) << "another time";
}

TEST(OccurrenceWatch, TradingIsToldByHowMuchItAsks) {
    market::InstrumentDirectory instruments;
    (void)instruments.list(listed_perpetual(0, "SOL"));
    OccurrenceWatch watch;
    std::vector<Effect> effects;
    const auto says = [&](desk::Output output) {
        effects.clear();
        TradingStep step{.at = kBegin};
        step.outputs.push_back(std::move(output));
        watch.on_trading(step, instruments, effects);
        return noticed_in(effects);
    };
    const auto unprotected =
        says(execution::Warning{.kind = execution::WarningKind::unprotected, .trade = 5, .text = "no stop"});
    ASSERT_EQ(unprotected.size(), 1U);
    EXPECT_EQ(unprotected[0].severity, Severity::critical);
    EXPECT_EQ(unprotected[0].what, "unprotected, trade 5: no stop");
    EXPECT_EQ(says(execution::Warning{.kind = execution::WarningKind::order_absent})[0].severity, Severity::info);
    const risk::ModeChange halt{.to = risk::Mode::halted, .who = "ann", .reason = "news"};
    EXPECT_EQ(says(halt)[0].severity, Severity::critical);
    EXPECT_EQ(says(halt)[0].what, "trading is HALTED by ann: news");

    execution::Trade trade;
    trade.id = 7;
    trade.plan.strategy = "confluence";
    trade.plan.stop = Ticks{9'500};
    trade.plan.reference = Ticks{10'000};
    EXPECT_TRUE(says(execution::RecordTrade{trade}).empty()) << "nothing is filled";
    trade.first_fill_at = kBegin;
    const auto entered = says(execution::RecordTrade{trade});
    ASSERT_EQ(entered.size(), 1U);
    EXPECT_EQ(entered[0].kind, AlertKind::trade);
    EXPECT_EQ(entered[0].what, "Trade 7 was entered, confluence.");
    EXPECT_EQ(entered[0].levels->stop, "95.00");
    EXPECT_TRUE(says(execution::RecordTrade{trade}).empty()) << "told once";
    trade.ended_at = kBegin + seconds{60};
    trade.closing = execution::TradeEnd::stop;
    const auto ended = says(execution::RecordTrade{trade});
    ASSERT_EQ(ended.size(), 1U);
    EXPECT_EQ(ended[0].what.rfind("Trade 7 has ended (stop)", 0), 0U) << ended[0].what;
    EXPECT_TRUE(says(execution::RecordTrade{trade}).empty());

    execution::Trade resumed;
    resumed.id = 3;
    resumed.first_fill_at = kBegin - seconds{60};
    EXPECT_TRUE(says(execution::RecordTrade{resumed}).empty()) << "an earlier run told its entry";
    resumed.ended_at = kBegin + seconds{90};
    EXPECT_EQ(says(execution::RecordTrade{resumed}).size(), 1U) << "its end is news";
    execution::Trade old = resumed;
    old.id = 2;
    old.ended_at = kBegin - seconds{5};
    EXPECT_TRUE(says(execution::RecordTrade{old}).empty());
}

}  // namespace
}  // namespace vt::engine
