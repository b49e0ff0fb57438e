#include "cache/tiered_cache.hpp"

#include "base/prng.hpp"
#include "cache/test_fake_server.hpp"
#include "cache/test_loop.hpp"
#include "obs/log.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace vt::cache {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Health = FakeServer::Health;

constexpr Key kKey{.ttl_class = TtlClass::overview, .text = "overview"};  // 15 s, 30 s, 120 s

class TieredCacheTest : public testing::Test {
protected:
    obs::LogCapture log_;
    TestLoop loop_;
    FakeServer second_;
    FakeServer third_;
    std::atomic<std::int64_t> now_ms_ = 1'700'000'000'000;
    std::atomic<int> runs_ = 0;

    std::unique_ptr<RemoteTier> tier(const char* name, FakeServer& server, Nanos deadline) {
        return std::make_unique<RemoteTier>(
            RemoteTierParams{.name = name,
                             .connect = server.connect(),
                             .connections = 4,
                             .deadline = deadline,
                             .breaker = {.first_wait = milliseconds{1}, .longest_wait = milliseconds{2}}});
    }
    std::unique_ptr<TieredCache> cache(bool has_second, bool has_third, Nanos deadline = seconds{20}) {
        return std::make_unique<TieredCache>(
            TieredCacheParams{.clock = [this] { return from_ms(now_ms_); }, .executor = loop_.executor()},
            has_second ? tier("second", second_, deadline) : nullptr,
            has_third ? tier("third", third_, deadline) : nullptr);
    }
    void pass(milliseconds time) { now_ms_ += time.count(); }

    /// An answer that says when it was made.
    TieredCache::Origin origin(std::string_view key) {
        return [this, key = std::string(key)]() -> Result<SharedBytes> {
            ++runs_;
            return shared_bytes(key + "@" + std::to_string(now_ms_));
        };
    }
    Answer ask(TieredCache& cache, Key key = kKey) {
        std::optional<Result<Answer>> got;
        cache.fetch(key, origin(key.text), [&](const Result<Answer>& answer) { got = answer; });
        EXPECT_TRUE(loop_.run_until([&] { return got.has_value(); }));
        EXPECT_TRUE(got && *got);
        return got && *got ? **got : Answer{};
    }
    /// Until the writes that are under way have ended.
    void settle(TieredCache& cache, std::uint64_t second, std::uint64_t third) {
        EXPECT_TRUE(loop_.run_until([&] {
            const TieredCacheCounters all = cache.counters();
            return (!all.second || all.second->writes >= second) && (!all.third || all.third->writes >= third);
        }));
    }
};

TEST_F(TieredCacheTest, WithoutServersEverythingHappensWithinTheCall) {
    const auto alone = cache(false, false);
    bool is_done = false;
    alone->fetch(kKey, origin("overview"), [&](const Result<Answer>& answer) {
        is_done = true;
        EXPECT_EQ(answer->source, Source::origin);
    });
    EXPECT_TRUE(is_done);
    EXPECT_EQ(ask(*alone).source, Source::memory);
    EXPECT_EQ(runs_, 1);
}

TEST_F(TieredCacheTest, WritesThroughAndPromotes) {
    {
        const auto first = cache(true, true);
        EXPECT_EQ(ask(*first).source, Source::origin);
        settle(*first, 1, 1);
    }
    const auto second = cache(true, true);  // another process: its memory is empty
    EXPECT_EQ(ask(*second).source, Source::second);
    EXPECT_EQ(ask(*second).source, Source::memory);
    EXPECT_EQ(second->counters().promotions, 1U);
    second_.flush();  // by somebody else
    const auto third = cache(true, true);
    EXPECT_EQ(ask(*third).source, Source::third);
    settle(*third, 1, 0);
    EXPECT_EQ(third->counters().promotions, 2U);
    const auto fourth = cache(true, true);
    EXPECT_EQ(ask(*fourth).source, Source::second);
    EXPECT_EQ(runs_, 1);
}

TEST_F(TieredCacheTest, NoTierServesWhatIsOlderThanItsOwnTime) {
    {
        const auto first = cache(true, true);
        (void)ask(*first);
        settle(*first, 1, 1);
    }
    pass(milliseconds{29'999});
    EXPECT_EQ(ask(*cache(true, true)).source, Source::second);
    pass(milliseconds{1});
    const auto later = cache(true, true);
    EXPECT_EQ(ask(*later).source, Source::third);  // 30 s: no longer the second's to give
    EXPECT_EQ(later->counters().too_old, 1U);
    pass(milliseconds{89'999});
    EXPECT_EQ(ask(*cache(true, true)).source, Source::third);
    pass(milliseconds{1});
    EXPECT_EQ(ask(*cache(true, true)).source, Source::origin);
    EXPECT_EQ(runs_, 2);
}

TEST_F(TieredCacheTest, APromotedCopyEndsWhenItWouldHaveEndedWhereItWas) {
    {
        const auto first = cache(false, true);
        (void)ask(*first);
        settle(*first, 0, 1);
    }
    pass(seconds{115});
    const auto later = cache(false, true);
    EXPECT_EQ(ask(*later).source, Source::third);
    pass(milliseconds{4'999});
    EXPECT_TRUE(later->find(kKey));
    pass(milliseconds{1});  // 120 s old: the memory's 15 s have not passed, but the third tier's 120 have
    EXPECT_FALSE(later->find(kKey));
}

TEST_F(TieredCacheTest, ManyWhoAskAtOnceWaitForOneComputation) {
    const auto tiers = cache(true, true);
    std::atomic<int> answered = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 100; ++i)
                tiers->fetch(kKey, origin("overview"), [&](const Result<Answer>& answer) {
                    EXPECT_TRUE(answer);
                    ++answered;
                });
        });
    for (std::thread& thread : threads) thread.join();  // the loop has not run: nothing can have been computed
    EXPECT_TRUE(loop_.run_until([&] { return answered == 300; }));
    EXPECT_EQ(runs_, 1);
    EXPECT_EQ(tiers->counters().joined, 299U);
    EXPECT_EQ(tiers->counters().served_by_origin, 300U);
}

TEST_F(TieredCacheTest, RenewsBeforeItExpiresAndServesMeanwhile) {
    const auto tiers = cache(false, false);
    EXPECT_EQ(ask(*tiers).source, Source::origin);
    pass(seconds{10});
    EXPECT_EQ(ask(*tiers).source, Source::memory);
    EXPECT_EQ(runs_, 1);
    pass(milliseconds{2'500});  // within the last fifth
    const Answer served = ask(*tiers);
    EXPECT_EQ(served.source, Source::memory);
    EXPECT_EQ(*served.value.bytes, "overview@1700000000000");
    EXPECT_EQ(runs_, 2);
    EXPECT_EQ(tiers->counters().renewals, 1U);
    EXPECT_EQ(*ask(*tiers).value.bytes, "overview@1700000012500");
    EXPECT_EQ(runs_, 2);
}

TEST_F(TieredCacheTest, AFailedRenewalLeavesWhatIsServed) {
    const auto tiers = cache(false, false);
    (void)ask(*tiers);
    pass(seconds{14});
    bool is_done = false;
    tiers->fetch(
        kKey, []() -> Result<SharedBytes> { return fail(Errc::unavailable, "no data"); },
        [&](const Result<Answer>& answer) { is_done = answer.has_value(); });
    EXPECT_TRUE(is_done);
    EXPECT_EQ(tiers->counters().origin_failures, 1U);
    EXPECT_TRUE(tiers->find(kKey));
}

TEST_F(TieredCacheTest, AFailureReachesAllAndIsNotKept) {
    const auto tiers = cache(true, false);
    int failed = 0;
    const auto count = [&](const Result<Answer>& answer) { failed += answer ? 0 : 1; };
    for (int i = 0; i < 5; ++i)
        tiers->fetch(kKey, [&]() -> Result<SharedBytes> { throw std::runtime_error("broken"); }, count);
    EXPECT_TRUE(loop_.run_until([&] { return failed == 5; }));
    EXPECT_EQ(tiers->counters().origin_runs, 1U);
    EXPECT_EQ(ask(*tiers).source, Source::origin);
}

TEST_F(TieredCacheTest, WhatIsAbsentIsKnownForFiveSeconds) {
    const auto tiers = cache(false, false);
    int runs = 0;
    const auto look = [&] {
        bool is_absent = false;
        tiers->fetch(
            kKey, [&]() -> Result<SharedBytes> { return ++runs, nullptr; },
            [&](const Result<Answer>& answer) { is_absent = answer && answer->value.bytes == nullptr; });
        return is_absent;
    };
    EXPECT_TRUE(look());
    pass(milliseconds{3'000});
    EXPECT_TRUE(look());
    EXPECT_EQ(runs, 1);
    pass(milliseconds{2'000});
    EXPECT_TRUE(look());
    EXPECT_EQ(runs, 2);
}

TEST_F(TieredCacheTest, WhatIsForgottenIsNotFoundAgainThoughAServerWasAway) {
    const auto tiers = cache(true, true);
    (void)ask(*tiers);
    settle(*tiers, 1, 1);
    second_.set(Health::down);
    third_.set(Health::down);
    tiers->erase(kKey);
    EXPECT_TRUE(loop_.run_until([&] { return tiers->counters().third->failed_writes == 1; }));
    second_.set(Health::well);
    third_.set(Health::well);
    pass(milliseconds{1});
    EXPECT_EQ(ask(*tiers).source, Source::origin);
    EXPECT_EQ(runs_, 2);
}

TEST_F(TieredCacheTest, WhatIsForgottenWhileItIsComputedIsNotKept) {
    const auto tiers = cache(false, false);
    const auto forgetful = [&]() -> Result<SharedBytes> {
        tiers->erase(kKey);
        return shared_bytes("of before");
    };
    std::string got;
    tiers->fetch(kKey, forgetful, [&](const Result<Answer>& answer) { got = *answer->value.bytes; });
    EXPECT_EQ(got, "of before");
    EXPECT_FALSE(tiers->find(kKey));
}

TEST_F(TieredCacheTest, WhoWaitsAtTheEndIsTold) {
    auto tiers = cache(true, true);
    second_.set(Health::hanging);
    int failed = 0;
    for (int i = 0; i < 10; ++i)
        tiers->fetch(kKey, origin("overview"), [&](const Result<Answer>& answer) { failed += answer ? 0 : 1; });
    std::thread release([&] { second_.set(Health::well); });
    tiers.reset();
    release.join();
    EXPECT_EQ(failed, 10);
    EXPECT_EQ(runs_, 0);
}

/// The promise of the whole module. Servers change their health at random under random questions; every answer must
/// be the origin's for that key, and no older than the tier that gave it may serve.
TEST_F(TieredCacheTest, AnswersAreRightWhateverTheServersDo) {
    constexpr std::array kHealths = {Health::well, Health::well,    Health::down,     Health::hanging,
                                     Health::full, Health::garbage, Health::mixed_up, Health::flipped};
    constexpr std::array kClasses = {TtlClass::overview, TtlClass::movers, TtlClass::signals, TtlClass::scores};
    const TtlParams ttl;
    std::array<std::uint64_t, 4> by_source{};
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        Prng prng(seed, "health");
        auto tiers = cache(seed != 2, seed != 3, milliseconds{10});
        const std::shared_ptr<void> release(nullptr,
                                            [&](void*) {  // or a failed assertion would hang with the servers
                                                second_.set(Health::well);
                                                third_.set(Health::well);
                                            });
        for (int step = 0; step < 1'500; ++step) {
            pass(milliseconds{prng.below(3'000)});
            if (prng.below(20) == 0) second_.set(kHealths[prng.below(kHealths.size())]);
            if (prng.below(20) == 0) third_.set(kHealths[prng.below(kHealths.size())]);
            if (prng.below(50) == 0) second_.flush();
            if (prng.below(10) == 0) tiers->clear_memory();
            if (prng.below(100) == 0) {
                second_.set(Health::well);
                third_.set(Health::well);
                tiers = cache(seed != 2, seed != 3, milliseconds{10});
            }
            const std::string text = "key" + std::to_string(prng.below(12));
            const Key key{.ttl_class = kClasses[static_cast<std::size_t>(text.back()) % kClasses.size()],
                          .text = text};
            const Answer answer = ask(*tiers, key);
            ASSERT_NE(answer.value.bytes, nullptr);
            ASSERT_EQ(*answer.value.bytes, text + "@" + std::to_string(to_ms(answer.value.made_at)));
            const Nanos age = from_ms(now_ms_) - answer.value.made_at;
            // A copy in memory may come from any tier.
            const Tier judge = answer.source == Source::second ? Tier::second : Tier::third;
            ASSERT_LT(age, ttl.ttl(key.ttl_class, judge, false)) << name(answer.source) << " step " << step;
            ++by_source[static_cast<std::size_t>(answer.source)];
        }
    }
    for (const std::uint64_t count : by_source) EXPECT_GT(count, 20U);  // each way was gone
}

}  // namespace
}  // namespace vt::cache
