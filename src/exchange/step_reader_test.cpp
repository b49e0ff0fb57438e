#include "exchange/step_reader.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <string>

namespace vt::exchange {
namespace {

TEST(StepReader, AgreesWithParseStepsOrLeavesItToIt) {
    Prng prng(11, "steps");
    const Decimal steps[] = {{1, 0}, {1, 1}, {5, 1}, {1, 3}, {25, 4}, {1, 8}, {5, 6}, {10, 0}};
    constexpr std::string_view kAlphabet = "0123456789.00-e";
    std::size_t read_count = 0;
    for (int i = 0; i < 200'000; ++i) {
        const Decimal step = steps[prng.below(std::size(steps))];
        std::string text;
        if (prng.below(2) == 0) {
            text = format_steps(static_cast<std::int64_t>(prng.below(1'000'000'000)), step);
            if (prng.below(2) == 0 && text.find('.') != std::string::npos) text += "00";
        } else {
            for (std::uint64_t n = prng.below(22); n > 0; --n) text += kAlphabet[prng.below(kAlphabet.size())];
        }
        const std::string quoted = text + "\"";
        const char* at = quoted.data();
        std::int64_t count = 0;
        const bool was_read = StepReader{step}.read(at, count) && *at == '"';
        const auto expected = parse_steps(text, step);
        if (was_read) {
            ++read_count;
            ASSERT_TRUE(expected) << text;
            EXPECT_EQ(count, *expected) << text;
        }
    }
    EXPECT_GT(read_count, 90'000U);
}

}  // namespace
}  // namespace vt::exchange
