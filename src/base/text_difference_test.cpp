#include "base/text_difference.hpp"

#include <gtest/gtest.h>

namespace vt {

TEST(TextDifference, IsShownWithWhatStandsBeforeIt) {
    EXPECT_FALSE(first_difference("same", "same"));
    const auto longer = first_difference("same", "same and more");
    ASSERT_TRUE(longer);
    EXPECT_EQ(longer->at, 4U);
    const std::string before(100, '.');
    const auto changed = first_difference(before + "1.25}", before + "1.26}");
    ASSERT_TRUE(changed);
    EXPECT_EQ(changed->at, 103U);
    EXPECT_EQ(changed->kept, std::string(21, '.') + "1.25}");
    EXPECT_EQ(changed->made, std::string(21, '.') + "1.26}");
}

}  // namespace vt
