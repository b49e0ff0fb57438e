#include "paper/outbox.hpp"

#include <gtest/gtest.h>

namespace vt::paper {
namespace {

trading::Report report_of(std::uint64_t number) { return {.at = from_ms(1), .body = trading::Accepted{{1, number}}}; }
std::vector<std::uint64_t> numbers(const std::vector<trading::Report>& reports) {
    std::vector<std::uint64_t> found;
    for (const auto& report : reports) found.push_back(std::get<trading::Accepted>(report.body).id.sequence);
    return found;
}

TEST(Outbox, GivesWhatIsDueInOrderOfTime) {
    Outbox outbox;
    outbox.push(report_of(1), Outbox::Way::answer, from_ms(30));
    outbox.push(report_of(2), Outbox::Way::answer, from_ms(10));
    outbox.push(report_of(3), Outbox::Way::stream, from_ms(10));
    outbox.push(report_of(4), Outbox::Way::answer, from_ms(20));
    EXPECT_TRUE(outbox.take(from_ms(9)).empty());
    EXPECT_EQ(numbers(outbox.take(from_ms(20))), (std::vector<std::uint64_t>{2, 3, 4}));
    EXPECT_EQ(numbers(outbox.take(from_ms(99))), (std::vector<std::uint64_t>{1}));
    EXPECT_TRUE(outbox.take(from_ms(99)).empty());
}

TEST(Outbox, HoldsTheStreamWhileItIsDown) {
    Outbox outbox;
    outbox.push(report_of(1), Outbox::Way::stream, from_ms(10));
    outbox.push(report_of(2), Outbox::Way::answer, from_ms(11));
    outbox.set_stream_down(true);
    EXPECT_EQ(numbers(outbox.take(from_ms(50))), (std::vector<std::uint64_t>{2}));
    outbox.set_stream_down(false);
    EXPECT_EQ(numbers(outbox.take(from_ms(50))), (std::vector<std::uint64_t>{1}));
}

TEST(Outbox, LosesTheOldestOfTheStreamWhenItIsFull) {
    Outbox outbox;
    outbox.set_stream_down(true);
    outbox.push(report_of(0), Outbox::Way::answer, from_ms(1));
    for (std::uint64_t i = 1; i < Outbox::kHeldMax; ++i) outbox.push(report_of(i), Outbox::Way::stream, from_ms(1));
    EXPECT_EQ(outbox.lost(), 0U);
    outbox.push(report_of(77'777), Outbox::Way::stream, from_ms(1));
    EXPECT_EQ(outbox.lost(), 1U);
    outbox.set_stream_down(false);
    const auto taken = numbers(outbox.take(from_ms(1)));
    ASSERT_EQ(taken.size(), Outbox::kHeldMax);
    EXPECT_EQ(taken[0], 0U);
    EXPECT_EQ(taken[1], 2U);
    EXPECT_EQ(taken.back(), 77'777U);
}

}  // namespace
}  // namespace vt::paper
