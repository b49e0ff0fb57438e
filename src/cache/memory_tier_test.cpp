#include "cache/memory_tier.hpp"

#include "base/prng.hpp"
#include "cache/test_policies.hpp"
#include "cache/test_tier_model.hpp"
#include "cache/test_traces.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace vt::cache {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Timestamp kStart = from_ms(1'700'000'000'000);
const Lifetime kLong{.refresh_at = kStart + std::chrono::hours{24}, .expires_at = kStart + std::chrono::hours{24}};

Value value_of(std::string text, Timestamp at = kStart) {
    return {.bytes = shared_bytes(std::move(text)), .made_at = at};
}

std::string text_of(const std::optional<Found>& found) {
    if (!found) return "(none)";
    return found->value.bytes ? *found->value.bytes : "(absent)";
}

std::size_t overhead() {
    MemoryTier tier({});
    EXPECT_TRUE(tier.put("", value_of(""), kLong, kStart));
    return tier.counters().bytes;
}

/// The same random operations on the tier and on the model, which must agree after each.
void agree_with_model(std::uint64_t seed, const MemoryTierParams& params, std::uint32_t keys) {
    Prng prng(seed, "operations");
    const ZipfKeys zipf(keys, 0.8);
    MemoryTier tier(params);
    TierModel model(params, overhead());
    Timestamp now = kStart;
    for (int step = 0; step < 20'000; ++step) {
        now += milliseconds{prng.below(40)};
        const std::string key = "key" + std::to_string(zipf.draw(prng));
        const std::uint64_t choice = prng.below(100);
        if (choice < 55) {
            const auto ours = tier.find(key, now);
            const auto theirs = model.find(key, now);
            ASSERT_EQ(text_of(ours), text_of(theirs)) << "seed " << seed << " step " << step;
            ASSERT_EQ(ours && ours->is_refresh_due, theirs && theirs->is_refresh_due)
                << "seed " << seed << " step " << step;
        } else if (choice < 92) {
            Value value = value_of(std::string(prng.below(300), static_cast<char>('a' + prng.below(26))), now);
            if (prng.below(10) == 0) value.bytes = nullptr;
            const Timestamp refresh_at = now + milliseconds{prng.below(2'000)};
            const Lifetime lifetime{.refresh_at = refresh_at,
                                    .expires_at = refresh_at + milliseconds{prng.below(900)}};
            ASSERT_EQ(tier.put(key, value, lifetime, now), model.put(key, value, lifetime, now)) << "step " << step;
        } else if (choice < 98) {
            ASSERT_EQ(tier.erase(key), model.erase(key)) << "seed " << seed << " step " << step;
        } else {
            ASSERT_EQ(tier.sweep(now), model.sweep(now)) << "seed " << seed << " step " << step;
        }
        const MemoryTierCounters counters = tier.counters();
        ASSERT_EQ(counters.items, model.items()) << "seed " << seed << " step " << step;
        ASSERT_EQ(counters.bytes, model.bytes()) << "seed " << seed << " step " << step;
        ASSERT_LE(counters.items, params.max_items);
        ASSERT_LE(counters.bytes, params.max_bytes);
    }
}

TEST(MemoryTier, DoesWhatAPlainModelDoesWhenItemsAreScarce) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) agree_with_model(seed, {.max_items = 40, .seed = seed}, 150);
}

TEST(MemoryTier, DoesWhatAPlainModelDoesWhenBytesAreScarce) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed)
        agree_with_model(seed, {.max_items = 200, .max_bytes = 8'000, .seed = seed}, 150);
}

TEST(MemoryTier, DoesWhatAPlainModelDoesWithRoomForOneItem) {
    agree_with_model(7, {.max_items = 1}, 4);
    agree_with_model(8, {.max_items = 3, .max_bytes = 700}, 9);
}

TEST(MemoryTier, NeverHoldsMoreThanItMay) {
    for (const std::size_t max_items : {1U, 7U, 1'000U, 1'001U, 5'003U}) {
        MemoryTier tier({.max_items = max_items});
        for (int i = 0; i < 10'000; ++i) {
            ASSERT_TRUE(tier.put("key" + std::to_string(i), value_of("v"), kLong, kStart));
            ASSERT_LE(tier.counters().items, max_items);
        }
        EXPECT_GE(tier.counters().items * 10, std::min<std::size_t>(max_items, 10'000) * 9);
    }
}

TEST(MemoryTier, ServesUntilTheLastNanosecondAndNotAfter) {
    MemoryTier tier({});
    const Timestamp end = kStart + seconds{15};
    ASSERT_TRUE(tier.put("key", value_of("v"), {.refresh_at = end, .expires_at = end}, kStart));
    EXPECT_EQ(text_of(tier.find("key", end - Nanos{1})), "v");
    EXPECT_EQ(text_of(tier.find("key", end)), "(none)");
    EXPECT_EQ(tier.counters().items, 1U);
    EXPECT_EQ(tier.sweep(end - Nanos{1}), 0U);
    EXPECT_EQ(tier.sweep(end), 1U);
    EXPECT_EQ(tier.counters().items, 0U);
    EXPECT_EQ(tier.counters().expirations, 1U);
}

TEST(MemoryTier, TakesNothingThatHasExpired) {
    MemoryTier tier({});
    ASSERT_TRUE(tier.put("key", value_of("old"), kLong, kStart));
    EXPECT_FALSE(tier.put("key", value_of("late"), {.refresh_at = kStart, .expires_at = kStart}, kStart));
    EXPECT_EQ(text_of(tier.find("key", kStart)), "(none)");  // nor does what it was to replace live on
}

TEST(MemoryTier, AsksOneReaderToRenew) {
    MemoryTier tier({.refresh_claim = seconds{1}});
    const Lifetime lifetime{.refresh_at = kStart + seconds{20}, .expires_at = kStart + seconds{30}};
    ASSERT_TRUE(tier.put("key", value_of("v"), lifetime, kStart));
    EXPECT_FALSE(tier.find("key", kStart + seconds{19})->is_refresh_due);
    EXPECT_TRUE(tier.find("key", kStart + seconds{20})->is_refresh_due);
    EXPECT_FALSE(tier.find("key", kStart + seconds{20})->is_refresh_due);
    EXPECT_FALSE(tier.find("key", kStart + milliseconds{20'999})->is_refresh_due);
    EXPECT_TRUE(
        tier.find("key", kStart + seconds{21})->is_refresh_due);  // the first did not come back: another is asked
    EXPECT_EQ(text_of(tier.find("key", kStart + seconds{29})), "v");
    EXPECT_FALSE(tier.find("key", kStart + seconds{30}));
    EXPECT_EQ(tier.counters().refreshes, 3U);  // at 20, 21 and 29
}

TEST(MemoryTier, KnowsWhatIsAbsent) {
    MemoryTier tier({});
    ASSERT_TRUE(tier.put("key", {.bytes = nullptr, .made_at = kStart}, kLong, kStart));
    const auto found = tier.find("key", kStart);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->value.bytes, nullptr);
    EXPECT_EQ(tier.counters().absent_hits, 1U);
    EXPECT_EQ(tier.counters().hits, 1U);
}

TEST(MemoryTier, RefusesWhatIsTooLargeAndForgetsWhatItWasToReplace) {
    MemoryTier tier({.max_items = 10, .max_bytes = 1'000});
    ASSERT_TRUE(tier.put("key", value_of("small"), kLong, kStart));
    EXPECT_FALSE(tier.put("key", value_of(std::string(1'000, 'x')), kLong, kStart));
    EXPECT_EQ(text_of(tier.find("key", kStart)), "(none)");
    EXPECT_EQ(tier.counters().rejections, 1U);
    EXPECT_EQ(tier.counters().bytes, 0U);
}

TEST(MemoryTier, AValueOutlivesItsItem) {
    MemoryTier tier({.max_items = 1});
    ASSERT_TRUE(tier.put("a", value_of("first"), kLong, kStart));
    const auto held = tier.find("a", kStart);
    ASSERT_TRUE(tier.put("b", value_of("second"), kLong, kStart));
    tier.clear();
    EXPECT_EQ(text_of(held), "first");
    EXPECT_EQ(tier.counters().items, 0U);
    EXPECT_EQ(tier.counters().bytes, 0U);
}

TEST(MemoryTier, HitsMoreOftenThanLruAndNearTheBestOnEveryTrace) {
    for (const Trace& trace :
         {zipf_trace("zipf", 10'000, 0.99, 150'000), scan_trace(150'000), shifting_trace(150'000)}) {
        MemoryTier tier({});
        LruModel lru(1'000);
        std::size_t lru_hits = 0;
        for (const std::uint32_t number : trace.keys) {
            const std::string key = "symbols/" + std::to_string(number);
            if (!tier.find(key, kStart)) {
                ASSERT_TRUE(tier.put(key, value_of("v"), kLong, kStart));
            }
            if (lru.access(number)) ++lru_hits;
        }
        const double points = 100.0 / static_cast<double>(trace.keys.size());
        EXPECT_GT(static_cast<double>(tier.counters().hits) * points, static_cast<double>(lru_hits) * points + 3)
            << trace.name;
    }
}

/// Several threads on few keys: every value that comes back must be whole and of its key, the limits hold at each
/// moment, and hits and misses add up.
TEST(MemoryTier, ManyThreadsAgree) {
    constexpr std::size_t kMaxItems = 600;
    constexpr int kCalls = 20'000;
    MemoryTier tier({.max_items = kMaxItems, .max_bytes = 600'000});
    std::atomic<int> running = 3;
    std::atomic<std::uint64_t> finds = 0;
    const auto work = [&](std::uint64_t seed) {
        Prng prng(seed, "thread");
        std::uint64_t mine = 0;
        for (int i = 0; i < kCalls; ++i) {
            const Timestamp now = kStart + milliseconds{i};
            const std::string key = "key" + std::to_string(prng.below(900));
            const std::uint64_t choice = prng.below(10);
            if (choice < 6) {
                ++mine;
                const auto found = tier.find(key, now);
                if (found && found->value.bytes->compare(0, key.size() + 1, key + "=") != 0)
                    ADD_FAILURE() << key << " holds " << *found->value.bytes;
            } else if (choice < 9) {
                (void)tier.put(key, value_of(key + "=" + std::string(prng.below(1'500), 'x'), now),
                               {.refresh_at = now + seconds{1}, .expires_at = now + seconds{2}}, now);
            } else {
                (void)tier.erase(key);
            }
        }
        finds += mine;
        --running;
    };
    std::vector<std::thread> threads;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) threads.emplace_back(work, seed);
    std::size_t looks = 0;
    for (; running > 0 || looks == 0; ++looks) {
        const MemoryTierCounters counters = tier.counters();
        ASSERT_LE(counters.items, kMaxItems);
        ASSERT_LE(counters.bytes, 600'000U);
        (void)tier.sweep(kStart + milliseconds{looks});
        std::this_thread::yield();
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(tier.counters().hits + tier.counters().misses, finds.load());
    EXPECT_GT(tier.counters().hits, 0U);
}

}  // namespace
}  // namespace vt::cache
