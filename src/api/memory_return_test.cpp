#include "api/memory_return.hpp"

#include <gtest/gtest.h>

namespace vt::api {

TEST(MemoryReturn, IsDueOnceHalfOfManyHaveLeft) {
    MemoryReturn memory;
    for (std::size_t readers = 1; readers <= 1'000; ++readers) EXPECT_FALSE(memory.is_due(readers));
    std::size_t due = 0;
    for (std::size_t readers = 1'000; readers-- > 0;) {
        if (!memory.is_due(readers)) continue;
        ++due;
        EXPECT_TRUE(readers == 500 || readers == 250 || readers == 125 || readers == 25) << readers;
    }
    EXPECT_EQ(due, 4U) << "the last are too few";
}

TEST(MemoryReturn, AFewWhoComeAndGoAreNotWorthIt) {
    MemoryReturn memory;
    for (std::size_t i = 0; i < 1'000; ++i) {
        EXPECT_FALSE(memory.is_due(MemoryReturn::kLeftMin - 1));
        EXPECT_FALSE(memory.is_due(0));
    }
    EXPECT_FALSE(memory.is_due(MemoryReturn::kLeftMin));
    EXPECT_TRUE(memory.is_due(0));
}

}  // namespace vt::api
