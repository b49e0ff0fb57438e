// A hit costs no allocation. Sanitizers bring their own allocator and do not bear another beside it.

#include "base/sanitized.hpp"

#if !VT_IS_SANITIZED

#include "cache/memory_tier.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> allocations = 0;

}  // namespace

// Replaces the program's allocator: every `new` of this test program is counted here. Not inlined, or GCC takes the
// pair of malloc and free apart and warns that they do not match.
[[gnu::noinline]] void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace vt::cache {
namespace {

TEST(MemoryTier, AHitAllocatesNothing) {
    MemoryTier tier({});
    const Timestamp now = from_ms(1'700'000'000'000);
    const std::string key = "symbols/bybit-linear-BTCUSDT/minute/28333333";
    const Value value{.bytes = shared_bytes(std::string(4'000, 'x')), .made_at = now};
    ASSERT_TRUE(tier.put(key, value, {.refresh_at = now, .expires_at = now + std::chrono::seconds{30}}, now));
    const std::size_t before = allocations;
    EXPECT_GT(before, 0U);  // the counter counts
    std::size_t bytes = 0;
    for (int i = 0; i < 1'000; ++i) {
        const auto found = tier.find(key, now);
        bytes += found ? found->value.bytes->size() : 0;
    }
    EXPECT_EQ(allocations, before);
    EXPECT_EQ(bytes, 4'000'000U);
}

}  // namespace
}  // namespace vt::cache

#endif
