#include "risk/trading_state.hpp"

#include <gtest/gtest.h>

#include <string>

namespace vt::risk {
namespace {

constexpr Timestamp kPressed = from_ms(1'772'625'600'000);

TEST(TradingState, BecomesSaferByItselfOnly) {
    for (const Mode from : {Mode::active, Mode::reducing, Mode::halted}) {
        for (const Mode to : {Mode::active, Mode::reducing, Mode::halted}) {
            TradingState state;
            state.make_safer(from, kPressed, "test", "so it begins");
            const auto change = state.make_safer(to, kPressed, "drawdown", "fell");
            EXPECT_EQ(change.has_value(), to > from);
            EXPECT_EQ(state.mode(), std::max(from, to));
            if (change) {
                EXPECT_EQ(*change, (ModeChange{from, to, kPressed, "drawdown", "fell"}));
            }
        }
    }
}

TEST(TradingState, IsReleasedBySomebodyWithAReasonOnly) {
    for (const Mode from : {Mode::active, Mode::reducing, Mode::halted}) {
        for (const Mode to : {Mode::active, Mode::reducing, Mode::halted}) {
            TradingState state;
            state.make_safer(from, kPressed, "test", "so it begins");
            EXPECT_FALSE(state.release(to, kPressed, "", "looked at it"));
            EXPECT_FALSE(state.release(to, kPressed, " \t", "looked at it"));
            EXPECT_FALSE(state.release(to, kPressed, "ada", ""));
            EXPECT_FALSE(state.release(to, kPressed, "ada", " \n"));
            EXPECT_EQ(state.mode(), from) << "a refusal changes nothing";
            const auto change = state.release(to, kPressed, "ada", "looked at it");
            EXPECT_EQ(change.has_value(), to < from);
            EXPECT_EQ(state.mode(), std::min(from, to));
            if (!change) {
                EXPECT_EQ(change.error().code, Errc::refused);
            }
        }
    }
}

TEST(TradingState, SurvivesARestart) {
    TradingState state;
    std::string bytes;
    state.encode(bytes);
    EXPECT_EQ(TradingState::decode(bytes).value().mode(), Mode::active);
    EXPECT_FALSE(TradingState::decode(bytes).value().last_change());

    state.make_safer(Mode::halted, kPressed, "ada", "kill switch");
    bytes.clear();
    state.encode(bytes);
    const auto read = TradingState::decode(bytes).value();
    EXPECT_EQ(read.mode(), Mode::halted);
    EXPECT_EQ(read.last_change(), state.last_change());
    EXPECT_EQ(TradingState::restored(bytes, kPressed).mode(), Mode::halted);
}

TEST(TradingState, WhatIsDamagedIsHalted) {
    TradingState state;
    state.make_safer(Mode::reducing, kPressed, "ada", "a look");
    std::string bytes;
    state.encode(bytes);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        EXPECT_FALSE(TradingState::decode(std::string_view(bytes).substr(0, length))) << length;
        EXPECT_EQ(TradingState::restored(std::string_view(bytes).substr(0, length), kPressed).mode(), Mode::halted);
    }
    EXPECT_FALSE(TradingState::decode(bytes + "x"));
    std::string other = bytes;
    other[0] = 9;
    EXPECT_EQ(TradingState::decode(other).error().code, Errc::unsupported);
    for (const std::size_t at : {std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
        other = bytes;
        other[at] = 3;
        EXPECT_EQ(TradingState::decode(other).error().code, Errc::malformed) << at;
    }
}

TEST(TradingState, LongTextsAreCut) {
    TradingState state;
    state.make_safer(Mode::halted, kPressed, std::string(70'000, 'w'), std::string(70'000, 'r'));
    std::string bytes;
    state.encode(bytes);
    EXPECT_EQ(TradingState::decode(bytes).value().last_change()->reason, std::string(1000, 'r'));
}

}  // namespace
}  // namespace vt::risk
