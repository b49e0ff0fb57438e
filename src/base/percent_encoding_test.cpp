#include "base/percent_encoding.hpp"

#include <gtest/gtest.h>

namespace vt {
namespace {

TEST(PercentEncoding, LeavesWhatIsPlain) {
    EXPECT_EQ(percent_encoded("a-b_c.d~e"), "a-b_c.d~e");
    EXPECT_EQ(percent_encoded("a-b_c.d", "-_"), "a-b_c%2Ed");
    EXPECT_EQ(percent_encoded("a%2Cb", "%"), "a%2Cb");
}

TEST(PercentEncoding, EncodesEveryOtherByte) {
    EXPECT_EQ(percent_encoded("+/= ,"), "%2B%2F%3D%20%2C");
    EXPECT_EQ(percent_encoded("\xEF\xBC\x91"), "%EF%BC%91");
}

}  // namespace
}  // namespace vt
