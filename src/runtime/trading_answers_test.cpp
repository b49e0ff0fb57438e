#include "runtime/trading_answers.hpp"

#include <gtest/gtest.h>

namespace vt::runtime {
namespace {

TEST(TradingAnswers, EachIsTakenOnceAndOneTooManyIsToldSo) {
    TradingAnswers answers;
    int told = 0, refused = 0;
    const auto done = [&](const Result<api::TradingDone>& answer) { ++(answer ? told : refused); };
    for (std::size_t i = 1; i <= TradingAnswers::kWaitingMax; ++i) EXPECT_EQ(answers.expect(done), i);
    EXPECT_EQ(answers.expect(done), 0U);
    EXPECT_EQ(refused, 1);
    const auto first = answers.take(1);
    ASSERT_TRUE(first);
    first(api::TradingDone{});
    EXPECT_EQ(told, 1);
    EXPECT_FALSE(answers.take(1)) << "once";
    EXPECT_FALSE(answers.take(1000));
    EXPECT_EQ(answers.expect(done), TradingAnswers::kWaitingMax + 1) << "there is room again";
}

}  // namespace
}  // namespace vt::runtime
