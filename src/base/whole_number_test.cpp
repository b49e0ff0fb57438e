#include "base/whole_number.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace vt {
namespace {

TEST(WholeNumber, IsAllOfTheText) {
    EXPECT_EQ(whole_number<std::uint32_t>("0"), 0U);
    EXPECT_EQ(whole_number<std::uint32_t>("4294967295"), 4294967295U);
    EXPECT_EQ(whole_number<std::int64_t>("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
    for (const std::string_view text : {"", " 1", "1 ", "+1", "1.0", "0x10", "4294967296", "-1", "one"})
        EXPECT_EQ(whole_number<std::uint32_t>(text), std::nullopt) << text;
}

}  // namespace
}  // namespace vt
