#include "views/trading_view.hpp"

#include "engine/paper_trading.hpp"

#include <gtest/gtest.h>

namespace vt::views {
namespace {

constexpr Timestamp kSaid = from_ms(1'780'272'000'000);

TEST(TradingView, SaysWhyNothingIsTraded) {
    const TradingView off = trading_view_of(engine::PaperTrading({}), {}, kSaid);
    EXPECT_EQ(off.state, TradingState::off);
    EXPECT_NE(off.reason.find("--trade paper"), std::string::npos);
    EXPECT_FALSE(off.is_halted());
    engine::PaperTrading trading({.is_on = true});
    EXPECT_EQ(trading_view_of(trading, {}, kSaid).state, TradingState::waiting);
    desk::SavedTrading saved;
    saved.trades.push_back({.trade = 1, .instrument = "bybit-linear-BTCUSDT"});
    trading.resume(saved, kSaid);
    const TradingView waiting = trading_view_of(trading, {}, kSaid);
    EXPECT_EQ(waiting.state, TradingState::waiting);
    EXPECT_NE(waiting.reason.find("bybit-linear-BTCUSDT"), std::string::npos) << waiting.reason;
    EXPECT_FALSE(waiting.is_halted()) << "not known before it has begun";
}

TEST(TradingTalk, KeepsTheNewestDenialsAndWarningsAndNoTrade) {
    TradingTalk talk;
    for (std::size_t i = 0; i < TradingTalk::kDenialsShown + 5; ++i) {
        engine::TradingStep step{.at = kSaid + Nanos{static_cast<std::int64_t>(i)}};
        step.outputs.emplace_back(desk::Judgement{.signal = std::to_string(i), .obstacle = "halted"});
        step.outputs.emplace_back(desk::Judgement{.signal = "taken", .trade = 1});
        step.outputs.emplace_back(desk::Judgement{.signal = "other", .obstacle = desk::kStrategyNotTraded});
        step.outputs.emplace_back(execution::Warning{.text = std::to_string(i)});
        talk.hear(step);
    }
    ASSERT_EQ(talk.denials().size(), TradingTalk::kDenialsShown);
    EXPECT_EQ(talk.denials().front().signal, "24");
    EXPECT_EQ(talk.denials().back().signal, "5");
    ASSERT_EQ(talk.warnings().size(), TradingTalk::kWarningsShown);
    EXPECT_EQ(talk.warnings().front().warning.text, "24");
    EXPECT_EQ(talk.warnings().front().at, kSaid + Nanos{24});
    using Counts = std::map<std::string_view, std::uint64_t>;
    EXPECT_EQ(talk.denial_counts(), (Counts{{"halted", 25}})) << "all, not the newest";
    engine::TradingStep step{.at = kSaid};
    step.outputs.emplace_back(desk::Judgement{.signal = "two reasons",
                                              .checks = {risk::at_most(risk::DenialCode::spread_wide, 20, 15, "bps"),
                                                         risk::at_most(risk::DenialCode::max_gross, 1, 2, "times"),
                                                         risk::at_most(risk::DenialCode::max_beta, {}, 2, "times")}});
    talk.hear(step);
    EXPECT_EQ(talk.denial_counts(), (Counts{{"MAX_BETA", 1}, {"SPREAD_WIDE", 1}, {"halted", 25}}));
}

}  // namespace
}  // namespace vt::views
