#include "base/decimal.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

namespace vt {

TEST(Decimal, ReadsPlainAndScientific) {
    EXPECT_EQ(*parse_decimal("123.4500"), (Decimal{12345, 2}));
    EXPECT_EQ(*parse_decimal("-0.1"), (Decimal{-1, 1}));
    EXPECT_EQ(*parse_decimal("1e-5"), (Decimal{1, 5}));
    EXPECT_EQ(*parse_decimal("0.000"), (Decimal{0, 0}));
    EXPECT_EQ(*parse_decimal("100"), (Decimal{100, 0}));
    EXPECT_EQ(*parse_decimal("2E3"), (Decimal{2000, 0}));
}

TEST(Decimal, RefusesWhatIsNotANumber) {
    for (const char* bad :
         {"", "-", ".", "1.2.3", "abc", "1e", "1e99", "0x10", " 1", "1 ", "nan", "99999999999999999999"}) {
        EXPECT_FALSE(parse_decimal(bad)) << bad;
    }
}

TEST(Decimal, CountsInSteps) {
    EXPECT_EQ(*parse_steps("61760.30", Decimal{1, 1}), 617603);
    EXPECT_EQ(*parse_steps("0.5", Decimal{5, 2}), 10);
    EXPECT_EQ(*parse_steps("1000", Decimal{10, 0}), 100);
    EXPECT_FALSE(parse_steps("61760.35", Decimal{1, 1})) << "off tick";
    EXPECT_FALSE(parse_steps("15", Decimal{10, 0}));
    EXPECT_FALSE(parse_steps("9223372036854775807", Decimal{1, 8}));
}

TEST(Decimal, StepsRoundTrip) {
    Prng prng(7);
    for (int i = 0; i < 20000; ++i) {
        const Decimal step{static_cast<std::int64_t>(1 + prng.below(50)), static_cast<std::int8_t>(prng.below(9))};
        const auto count = static_cast<std::int64_t>(prng.below(1'000'000'000)) - 500'000'000;
        EXPECT_EQ(*parse_steps(format_steps(count, step), step), count) << format_steps(count, step);
    }
}

}  // namespace vt
