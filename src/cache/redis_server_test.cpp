// What is Redis' own of the third tier: passwords, and a server that is shared with another program.

#include "cache/envelope.hpp"
#include "cache/remote_tier.hpp"
#include "cache/test_loop.hpp"
#include "cache/test_servers.hpp"
#include "cache/tiered_cache.hpp"
#include "obs/log.hpp"

#include <gtest/gtest.h>

#include <future>

namespace vt::cache {
namespace {

using std::chrono::seconds;

constexpr const char* kNoRedis = "needs redis-server; tools/bootstrap test installs it";

Timestamp redis_test_now() { return std::chrono::time_point_cast<Nanos>(std::chrono::system_clock::now()); }

TEST(RedisServer, APasswordThatItWantsIsSaidOnceWithTheRemedy) {
    const obs::LogCapture log;
    ServerProcess redis(redis_with({"--requirepass", "hush"}));
    if (!redis.is_running()) GTEST_SKIP() << kNoRedis;
    RemoteTier tier({.name = "redis", .connect = redis_at({.port = redis.port()}), .deadline = seconds{10}});
    for (int i = 0; i < 5; ++i) {
        std::promise<std::optional<Value>> promise;
        auto answer = promise.get_future();
        tier.find("key", redis_test_now(), [&](std::optional<Value> value) { promise.set_value(std::move(value)); });
        EXPECT_FALSE(answer.get().has_value());
    }
    ASSERT_EQ(log.warnings().size(), 1U);
    EXPECT_NE(log.warnings()[0].find("NOAUTH"), std::string::npos) << log.warnings()[0];
    EXPECT_NE(log.warnings()[0].find("REDIS_PASSWORD"), std::string::npos) << log.warnings()[0];
}

std::optional<std::string> kept_by(const ServerAddress& redis, RemoteTierCounters& counters) {
    RemoteTier tier({.name = "redis", .connect = redis_at(redis), .deadline = seconds{10}});
    std::optional<std::string> text;
    for (int i = 0; i < 5; ++i) {
        tier.put("key", {.bytes = shared_bytes("value"), .made_at = redis_test_now()}, seconds{60});
        std::promise<std::optional<Value>> promise;
        auto answer = promise.get_future();
        tier.find("key", redis_test_now(), [&](std::optional<Value> value) { promise.set_value(std::move(value)); });
        if (const auto value = answer.get(); value && value->bytes) text = *value->bytes;
    }
    counters = tier.counters();
    return text;
}

TEST(RedisServer, TheRightPasswordOfTheDefaultUserAndOfAnotherIsTaken) {
    const obs::LogCapture log;
    ServerProcess redis(redis_with({"--requirepass", "hush hush", "--user", "virtuoso", "on", ">quiet", "~vt:*",
                                    "&vt:*", "+@all"}));
    if (!redis.is_running()) GTEST_SKIP() << kNoRedis;
    RemoteTierCounters counters;
    EXPECT_EQ(kept_by({.port = redis.port(), .password = "hush hush"}, counters), "value");
    EXPECT_EQ(kept_by({.port = redis.port(), .user = "virtuoso", .password = "quiet"}, counters), "value");
    EXPECT_TRUE(log.warnings().empty()) << log.warnings()[0];
}

TEST(RedisServer, AWrongPasswordIsSaidOnceWithTheRemedyAndTheServerIsLeftAlone) {
    ServerProcess redis(redis_with({"--requirepass", "hush"}));
    if (!redis.is_running()) GTEST_SKIP() << kNoRedis;
    for (const char* user : {"", "nobody"}) {
        const obs::LogCapture log;
        RemoteTierCounters counters;
        EXPECT_EQ(kept_by({.port = redis.port(), .user = user, .password = "canary"}, counters), std::nullopt);
        ASSERT_EQ(log.warnings().size(), 1U);
        EXPECT_NE(log.warnings()[0].find("WRONGPASS"), std::string::npos) << log.warnings()[0];
        EXPECT_NE(log.warnings()[0].find("check REDIS_PASSWORD"), std::string::npos) << log.warnings()[0];
        EXPECT_EQ(log.warnings()[0].find("canary"), std::string::npos) << "never shown";
        EXPECT_EQ(counters.breaker, Breaker::State::open);
    }
}

TEST(RedisServer, APasswordThatNobodyAskedForIsSaid) {
    const obs::LogCapture log;
    ServerProcess redis(redis_with());
    if (!redis.is_running()) GTEST_SKIP() << kNoRedis;
    RemoteTierCounters counters;
    EXPECT_EQ(kept_by({.port = redis.port(), .password = "canary"}, counters), std::nullopt);
    ASSERT_EQ(log.warnings().size(), 1U);
    EXPECT_NE(log.warnings()[0].find("asks for no password"), std::string::npos) << log.warnings()[0];
}

/// Another program's keys lie beside ours; one of ours that it made into something else is a miss, and ours again.
TEST(RedisServer, AKeyThatAnotherProgramTookIsAMissAndThenOurs) {
    const obs::LogCapture log;
    ServerProcess redis(redis_with());
    if (!redis.is_running()) GTEST_SKIP() << kNoRedis;
    const std::string key = wire_key("key", 1);
    (void)exchange_with(redis.port(), "SET key theirs\r\nRPUSH " + key + " theirs\r\n", ":1\r\n");
    TestLoop loop;
    TieredCache cache({.clock = redis_test_now, .executor = loop.executor()}, nullptr,
                      std::make_unique<RemoteTier>(RemoteTierParams{
                          .name = "redis", .connect = redis_at({.port = redis.port()}), .deadline = seconds{10}}));
    for (int i = 0; i < 2; ++i) {
        bool is_right = false;
        cache.fetch(
            {.text = "key"}, [] { return Result<SharedBytes>(shared_bytes("ours")); },
            [&](const Result<Answer>& answer) {
                is_right = answer && answer->value.bytes && *answer->value.bytes == "ours";
            });
        ASSERT_TRUE(loop.run_until([&] { return is_right; }));
        ASSERT_TRUE(loop.run_until([&] { return cache.counters().third->writes == 1; }));
        cache.clear_memory();
    }
    EXPECT_EQ(cache.counters().third->errors, 1U) << "WRONGTYPE";
    EXPECT_EQ(cache.counters().served_by_third, 1U);
    EXPECT_NE(exchange_with(redis.port(), "GET key\r\n", "theirs\r\n").find("theirs"), std::string::npos);
}

}  // namespace
}  // namespace vt::cache
