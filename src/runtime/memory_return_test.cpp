#include "runtime/memory_return.hpp"

#include "base/sanitized.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace vt::runtime {
namespace {

/// A thread's arena, freed but for a piece here and there: nothing of it goes back by itself.
TEST(ReturnFreeMemory, GivesBackWhatLiesBetweenThatWhichStays) {
    if (VT_IS_SANITIZED) GTEST_SKIP() << "the sanitizers have an allocator of their own";
    constexpr std::size_t kPieces = 32'768;
    std::vector<std::unique_ptr<char[]>> pieces(kPieces);
    std::thread([&] {
        for (auto& piece : pieces) {
            piece = std::make_unique<char[]>(2'000);  // written to by being zeroed
        }
    }).join();
    for (std::size_t i = 0; i < kPieces; ++i) {
        if (i % 64 != 0) pieces[i].reset();
    }
    EXPECT_GT(return_free_memory(), kPieces * 2'000 * 3 / 4);
    EXPECT_LT(return_free_memory(), std::size_t{4} << 20U) << "the second time there is little left";
}

TEST(MemoryReturn, EndsAtOnce) {
    MemoryReturn memory;
    memory.start();
    memory.stop();
    memory.stop();
}

}  // namespace
}  // namespace vt::runtime
