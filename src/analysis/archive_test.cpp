#include "analysis/archive.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace vt::analysis {

TEST(StateReader, ANumberThatIsNoneIsRefused) {
    for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity()}) {
        double written = bad;
        std::string bytes;
        StateWriter writer(bytes);
        double before = 1.5;
        writer(before, written);
        StateReader reader(bytes);
        double first = 0;
        double second = 7;
        reader(first, second);
        EXPECT_EQ(first, 1.5);
        EXPECT_EQ(second, 0);
        EXPECT_TRUE(reader.failed());
    }
}

}  // namespace vt::analysis
