// Commands to trading, and their answers.

#include "engine/engine.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vt::engine {
namespace {

constexpr Timestamp kAsked = from_ms(1'780'272'000'000);

class Commanded {
public:
    explicit Commanded(bool trades) : engine_(params(trades)) {}
    /// The answer to a command, after what was said because of it.
    TradingAnswered ask(TradingWish wish, std::uint64_t number, std::uint64_t trade = 0,
                        std::string_view reason = "test") {
        const auto effects =
            step(TradingCommand{.number = number, .wish = wish, .trade = trade, .who = "ann", .reason = reason});
        EXPECT_FALSE(effects.empty());
        const auto* const answer = effects.empty() ? nullptr : std::get_if<TradingAnswered>(&effects.back());
        if (answer == nullptr) {
            ADD_FAILURE() << "no answer comes last";
            return {};
        }
        return *answer;
    }
    std::vector<Effect> step(EventBody body) {
        std::vector<Effect> effects;
        at_ += std::chrono::milliseconds{250};
        engine_.step({.sequence = ++sequence_, .at = at_, .body = std::move(body)}, effects);
        return effects;
    }
    void list() {
        market::Instrument instrument{.symbol = "BTCUSDT", .base = "BTC", .quote = "USDT", .settle = "USDT"};
        instrument.category = market::Category::linear;
        instrument.tick_size = {1, 1};
        instrument.lot_size = {1, 3};
        (void)step(ListInstrument{.instrument = instrument});
        (void)step(Tick{});
    }

private:
    static Params params(bool trades) {
        Params made;
        made.trading.is_on = trades;
        return made;
    }
    Engine engine_;
    std::uint64_t sequence_ = 0;
    Timestamp at_ = kAsked;
};

TEST(TradingCommands, AreAnsweredUnderTheirNumberWithTheModeOrTheReason) {
    Commanded engine(true);
    engine.list();
    const TradingAnswered halted = engine.ask(TradingWish::halt, 11);
    EXPECT_EQ(halted.number, 11U);
    EXPECT_FALSE(halted.refusal) << halted.refusal->what;
    EXPECT_EQ(halted.mode, risk::Mode::halted);
    const TradingAnswered none = engine.ask(TradingWish::close, 12, 41);
    ASSERT_TRUE(none.refusal);
    EXPECT_EQ(none.refusal->code, Errc::not_found);
    const TradingAnswered nameless = engine.ask(TradingWish::release, 13, 0, "");
    ASSERT_TRUE(nameless.refusal);
    EXPECT_EQ(nameless.refusal->code, Errc::refused);
    EXPECT_EQ(nameless.mode, risk::Mode::halted);
    EXPECT_EQ(engine.ask(TradingWish::release, 14).mode, risk::Mode::active);
    const TradingAnswered no_order = engine.ask(TradingWish::cancel, 15);
    ASSERT_TRUE(no_order.refusal);
    EXPECT_EQ(no_order.refusal->code, Errc::not_found);
}

TEST(TradingCommands, AKillSwitchPressedBesideTheEndOfReduceOnlyHolds) {
    Commanded engine(true);
    engine.list();
    EXPECT_EQ(engine.ask(TradingWish::reduce, 1).mode, risk::Mode::reducing);
    EXPECT_EQ(engine.ask(TradingWish::halt, 2).mode, risk::Mode::halted);
    const TradingAnswered ended = engine.ask(TradingWish::end_reducing, 3);  // asked before anybody saw the halt
    ASSERT_TRUE(ended.refusal);
    EXPECT_EQ(ended.refusal->code, Errc::refused);
    EXPECT_EQ(ended.mode, risk::Mode::halted);
    EXPECT_EQ(engine.ask(TradingWish::release, 4).mode, risk::Mode::active);
    EXPECT_EQ(engine.ask(TradingWish::reduce, 5).mode, risk::Mode::reducing);
    EXPECT_EQ(engine.ask(TradingWish::end_reducing, 6).mode, risk::Mode::active);
}

TEST(TradingCommands, AHaltBeforeTradingBeginsHoldsFromItsFirstMomentAndIsNotPromisedBeyond) {
    Commanded engine(true);
    const TradingAnswered early = engine.ask(TradingWish::halt, 1);
    ASSERT_TRUE(early.refusal);
    EXPECT_EQ(early.refusal->code, Errc::unavailable);
    EXPECT_FALSE(early.mode);
    engine.list();
    const TradingAnswered release = engine.ask(TradingWish::release, 2);
    EXPECT_FALSE(release.refusal) << "it was halted: there is something to release";
    EXPECT_EQ(release.mode, risk::Mode::active);
}

TEST(TradingCommands, WithoutTradingNothingIsDone) {
    Commanded engine(false);
    engine.list();
    for (const TradingWish wish : {TradingWish::halt, TradingWish::release, TradingWish::close}) {
        const TradingAnswered answer = engine.ask(wish, 3);
        ASSERT_TRUE(answer.refusal);
        EXPECT_EQ(answer.refusal->code, Errc::unavailable);
        EXPECT_NE(answer.refusal->what.find("--trade paper"), std::string::npos);
    }
}

}  // namespace
}  // namespace vt::engine
