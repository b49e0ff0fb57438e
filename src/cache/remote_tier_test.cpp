#include "cache/remote_tier.hpp"

#include "cache/envelope.hpp"
#include "cache/test_fake_server.hpp"
#include "obs/log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

namespace vt::cache {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Health = FakeServer::Health;

const Timestamp kNow = from_ms(1'700'000'000'000);

/// What a look-up ends with, whatever thread says so.
std::optional<Value> found_in(RemoteTier& tier, std::string_view key) {
    std::promise<std::optional<Value>> promise;
    auto answer = promise.get_future();
    tier.find(key, kNow, [&](std::optional<Value> value) { promise.set_value(std::move(value)); });
    return answer.get();
}

std::string text_in(RemoteTier& tier, std::string_view key) {
    const auto value = found_in(tier, key);
    return !value ? "(none)" : value->bytes ? *value->bytes : "(absent)";
}

class RemoteTierTest : public testing::Test {
protected:
    obs::LogCapture log_;
    FakeServer server_;

    RemoteTierParams params(Nanos deadline = seconds{20}) {
        return {.name = "fake", .connect = server_.connect(), .connections = 4, .deadline = deadline};
    }
    /// Writes, and waits until the write has ended.
    void put(RemoteTier& tier, std::string_view key, std::string text) {
        const auto ended = [&] {
            const RemoteTierCounters counters = tier.counters();
            return counters.writes + counters.failed_writes + counters.dropped_writes;
        };
        const std::uint64_t before = ended();
        tier.put(key, {.bytes = shared_bytes(std::move(text)), .made_at = kNow}, seconds{60});
        while (ended() == before) std::this_thread::yield();
    }
};

TEST_F(RemoteTierTest, GivesBackWhatWasPut) {
    RemoteTier tier(params());
    EXPECT_EQ(text_in(tier, "key"), "(none)");
    put(tier, "key", "value");
    EXPECT_EQ(text_in(tier, "key"), "value");
    const RemoteTierCounters counters = tier.counters();
    EXPECT_EQ(counters.hits, 1U);
    EXPECT_EQ(counters.misses, 1U);
    EXPECT_EQ(counters.writes, 1U);
    EXPECT_EQ(counters.calls, 3U);
    EXPECT_TRUE(counters.p50);
}

TEST_F(RemoteTierTest, KeepsNothingForLessThanASecond) {
    RemoteTier tier(params());
    tier.put("key", {.bytes = shared_bytes("v"), .made_at = kNow}, milliseconds{999});
    tier.put("key", {.bytes = shared_bytes("v"), .made_at = kNow}, seconds{-1});
    EXPECT_EQ(tier.counters().dropped_writes, 2U);
    EXPECT_EQ(text_in(tier, "key"), "(none)");
}

TEST_F(RemoteTierTest, AnswersAtTheDeadlineThoughTheServerNeverDoes) {
    RemoteTier tier(params(milliseconds{30}));
    server_.set(Health::hanging);
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(text_in(tier, "key"), "(none)");  // comes while the server hangs: nothing else lets it go on
    EXPECT_GE(std::chrono::steady_clock::now() - begun, milliseconds{30});
    EXPECT_EQ(tier.counters().timeouts, 1U);
    server_.set(Health::well);
}

TEST_F(RemoteTierTest, DoesNotPileUpBehindAServerThatHangs) {
    RemoteTier tier(params(milliseconds{30}));
    server_.set(Health::hanging);
    std::atomic<int> answered = 0;
    for (int i = 0; i < 1'000; ++i) tier.find("key" + std::to_string(i), kNow, [&](auto) { ++answered; });
    while (answered < 1'000) std::this_thread::yield();
    const RemoteTierCounters counters = tier.counters();
    EXPECT_LE(counters.timeouts, 260U);  // as many as may be queued or under way; the rest was never sent
    EXPECT_GE(counters.timeouts, 3U);
    EXPECT_EQ(counters.timeouts + counters.skipped, 1'000U);
    EXPECT_EQ(counters.breaker_openings, 1U);
    EXPECT_EQ(counters.breaker, Breaker::State::open);
    server_.set(Health::well);
}

TEST_F(RemoteTierTest, LeavesAServerAloneThatIsDownAndFindsItAgain) {
    RemoteTierParams quick = params();
    quick.breaker = {.first_wait = milliseconds{20}, .longest_wait = milliseconds{40}};
    RemoteTier tier(quick);
    put(tier, "key", "value");
    server_.set(Health::down);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(text_in(tier, "key"), "(none)");
    EXPECT_EQ(tier.counters().breaker, Breaker::State::open);
    const std::size_t reached = server_.gets();
    for (int i = 0; i < 100; ++i) EXPECT_EQ(text_in(tier, "key"), "(none)");
    EXPECT_LE(server_.gets(), reached + 10);
    server_.set(Health::well);
    const auto end = std::chrono::steady_clock::now() + seconds{30};
    while (text_in(tier, "key") != "value" && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    EXPECT_EQ(text_in(tier, "key"), "value");
    while (tier.counters().breaker != Breaker::State::closed && std::chrono::steady_clock::now() < end)
        (void)text_in(tier, "key");
    EXPECT_EQ(tier.counters().breaker, Breaker::State::closed);
}

TEST_F(RemoteTierTest, WritesOneLineForManyFailures) {
    RemoteTier tier(params());
    server_.set(Health::down);
    for (int i = 0; i < 50; ++i) (void)text_in(tier, "key");
    ASSERT_EQ(log_.warnings().size(), 1U);
    EXPECT_NE(log_.warnings()[0].find("cache.fake: connection refused"), std::string::npos) << log_.warnings()[0];
}

TEST_F(RemoteTierTest, ServesNothingThatIsDamaged) {
    RemoteTier tier(params());
    for (int i = 0; i < 10; ++i) put(tier, "key" + std::to_string(i), "value" + std::to_string(i));
    for (const Health health : {Health::garbage, Health::flipped, Health::mixed_up}) {
        server_.set(health);
        for (int i = 0; i < 300; ++i) EXPECT_EQ(text_in(tier, "key" + std::to_string(i % 10)), "(none)");
    }
    EXPECT_EQ(tier.counters().corrupt, 900U);
    EXPECT_EQ(tier.counters().breaker, Breaker::State::closed);  // one poisoned key must not cost all others the tier
    EXPECT_GE(tier.counters().connects, 290U);                   // replies of other keys: the line may be out of step
    server_.set(Health::well);
    EXPECT_EQ(text_in(tier, "key3"), "value3");
}

TEST_F(RemoteTierTest, AFullServerIsStillRead) {
    RemoteTier tier(params());
    put(tier, "old", "value");
    server_.set(Health::full);
    for (int i = 0; i < 10; ++i) put(tier, "new", "value");
    EXPECT_EQ(tier.counters().failed_writes, 10U);
    EXPECT_EQ(text_in(tier, "old"), "value");
    EXPECT_EQ(text_in(tier, "new"), "(none)");
    EXPECT_EQ(tier.counters().breaker, Breaker::State::closed);
    EXPECT_LE(tier.counters().connects, 4U);  // twelve calls on up to four links: a refusal throws none away
}

TEST_F(RemoteTierTest, ValuesOfAnotherSchemaAreMisses) {
    RemoteTierParams old = params();
    RemoteTierParams next = params();
    next.schema = old.schema + 1;
    RemoteTier old_tier(old);
    RemoteTier next_tier(next);
    put(old_tier, "key", "old form");
    EXPECT_EQ(text_in(next_tier, "key"), "(none)");
    put(next_tier, "key", "new form");
    EXPECT_EQ(text_in(old_tier, "key"), "old form");  // both versions can run beside each other
}

TEST_F(RemoteTierTest, OpensNoMoreConnectionsThanItMay) {
    RemoteTier tier(params());
    put(tier, "key", "value");
    std::atomic<int> answered = 0;
    for (int round = 0; round < 50; ++round) {
        for (int i = 0; i < 64; ++i) tier.find("key", kNow, [&](auto) { ++answered; });
        while (answered < 64 * (round + 1)) std::this_thread::yield();
    }
    const RemoteTierCounters counters = tier.counters();
    EXPECT_EQ(counters.hits, 3'200U);
    EXPECT_LE(counters.most_connections, 4U);
    EXPECT_LE(counters.connects, 4U);  // 3,201 calls: more than 99 of 100 went over one that was there
}

TEST_F(RemoteTierTest, EveryLookUpIsAnsweredThoughItEnds) {
    std::atomic<int> answered = 0;
    {
        RemoteTier tier(params());
        server_.set(Health::hanging);
        for (int i = 0; i < 100; ++i) tier.find("key", kNow, [&](auto) { ++answered; });
        std::thread release([&] { server_.set(Health::well); });
        tier.stop();
        release.join();
        EXPECT_EQ(answered, 100);
        tier.find("key", kNow, [&](auto) { ++answered; });
    }
    EXPECT_EQ(answered, 101);
}

TEST_F(RemoteTierTest, ForgetsWhatItIsToldToForget) {
    RemoteTier tier(params());
    put(tier, "key", "value");
    tier.erase("key");
    while (tier.counters().writes < 2) std::this_thread::yield();
    EXPECT_EQ(text_in(tier, "key"), "(none)");
    EXPECT_EQ(server_.size(), 0U);
}

}  // namespace
}  // namespace vt::cache
