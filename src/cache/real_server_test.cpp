// The tiers on real servers of Debian's packages memcached and redis-server, and on servers that talk nonsense.

#include "cache/envelope.hpp"
#include "cache/redis_announcements.hpp"
#include "cache/remote_tier.hpp"
#include "cache/test_loop.hpp"
#include "cache/test_servers.hpp"
#include "cache/tiered_cache.hpp"
#include "obs/log.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <future>
#include <thread>

namespace vt::cache {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Timestamp wall_now() { return std::chrono::time_point_cast<Nanos>(std::chrono::system_clock::now()); }

enum class Kind : std::uint8_t { memcached, redis };

std::string kind_name(const testing::TestParamInfo<Kind>& info) {
    return info.param == Kind::memcached ? "Memcached" : "Redis";
}

class RealServerTest : public testing::TestWithParam<Kind> {
protected:
    obs::LogCapture log_;

    [[nodiscard]] static bool is_memcached() { return GetParam() == Kind::memcached; }
    [[nodiscard]] static ServerProcess::Arguments with(std::vector<std::string> memcached,
                                                       std::vector<std::string> redis) {
        return is_memcached() ? memcached_with(std::move(memcached)) : redis_with(std::move(redis));
    }
    [[nodiscard]] static Connect connect_to(std::uint16_t port) {
        const ServerAddress address{.host = "127.0.0.1", .port = port};
        return is_memcached() ? memcached_at(address) : redis_at(address);
    }
    /// in: deadline: generous where it is not what is tested, since the machine may be busy
    [[nodiscard]] static RemoteTierParams params(std::uint16_t port, Nanos deadline = seconds{10}) {
        return {.name = is_memcached() ? "memcached" : "redis",
                .connect = connect_to(port),
                .deadline = deadline,
                .breaker = {.first_wait = milliseconds{20}, .longest_wait = milliseconds{50}}};
    }
    static std::optional<std::string> text_in(RemoteTier& tier, std::string_view key) {
        std::promise<std::optional<Value>> promise;
        auto answer = promise.get_future();
        tier.find(key, wall_now(), [&](std::optional<Value> value) { promise.set_value(std::move(value)); });
        const auto value = answer.get();
        return value && value->bytes ? std::optional(*value->bytes) : std::nullopt;
    }
    static void put(RemoteTier& tier, std::string_view key, std::string text, Nanos ttl = seconds{60}) {
        const auto ended = [&] {
            const RemoteTierCounters counters = tier.counters();
            return counters.writes + counters.failed_writes + counters.dropped_writes;
        };
        const std::uint64_t before = ended();
        tier.put(key, {.bytes = shared_bytes(std::move(text)), .made_at = wall_now()}, ttl);
        while (ended() == before) std::this_thread::yield();
    }
    /// Asks until the answer is that; the breaker may still be open.
    static bool comes_back(RemoteTier& tier, std::string_view key, const std::optional<std::string>& text) {
        const auto end = std::chrono::steady_clock::now() + seconds{30};
        while (std::chrono::steady_clock::now() < end) {
            if (text_in(tier, key) == text && tier.counters().breaker == Breaker::State::closed) return true;
            ::poll(nullptr, 0, 1);
        }
        return false;
    }
    /// The deadline by which no look-up may be late, and what a busy machine adds before a thread runs again.
    static void expect_in_time(std::chrono::steady_clock::time_point begun, Nanos deadline) {
        EXPECT_LT(std::chrono::steady_clock::now() - begun, deadline + seconds{2});
    }
};

#define VT_NEED_RUNNING(server)                                                      \
    if (!(server).is_running())                                                      \
    GTEST_SKIP() << "the server's Debian package is not installed (tools/bootstrap " \
                    "test)"

TEST_P(RealServerTest, GivesBackWhatWasPutWhateverItIs) {
    ServerProcess server(with({}, {}));
    VT_NEED_RUNNING(server);
    RemoteTier tier(params(server.port()));
    EXPECT_EQ(text_in(tier, "nothing"), std::nullopt);
    std::string all(256, '\0');
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<char>(i);
    const std::string odd_key = "a key\r\nwith \0 and more than 250 bytes " + std::string(300, 'k');
    for (const std::string& text :
         {std::string("v"), std::string(), all, std::string("END\r\n$-1\r\n"), std::string(900'000, 'x')}) {
        put(tier, odd_key, text);
        EXPECT_EQ(text_in(tier, odd_key), text);
    }
    tier.erase(odd_key);
    while (tier.counters().writes < 6) std::this_thread::yield();
    EXPECT_EQ(text_in(tier, odd_key), std::nullopt);
    EXPECT_EQ(tier.counters().errors + tier.counters().corrupt + tier.counters().timeouts, 0U);
    EXPECT_TRUE(log_.warnings().empty());
}

TEST_P(RealServerTest, TheServerForgetsAtTheEndOfTheTime) {
    ServerProcess server(with({}, {}));
    VT_NEED_RUNNING(server);
    RemoteTier tier(params(server.port()));
    put(tier, "short", "v", milliseconds{1'000});
    const auto end = std::chrono::steady_clock::now() + seconds{20};
    while (text_in(tier, "short") && std::chrono::steady_clock::now() < end) ::poll(nullptr, 0, 20);
    EXPECT_EQ(text_in(tier, "short"), std::nullopt);
}

TEST_P(RealServerTest, SixtyFourAtOnceShareTwentyConnections) {
    ServerProcess server(with({}, {}));
    VT_NEED_RUNNING(server);
    RemoteTier tier(params(server.port()));
    put(tier, "key", "value");
    std::atomic<int> hits = 0;
    std::atomic<int> answered = 0;
    for (int round = 1; round <= 50; ++round) {
        for (int i = 0; i < 64; ++i)
            tier.find("key", wall_now(), [&](const std::optional<Value>& value) {
                if (value) ++hits;
                ++answered;
            });
        while (answered < 64 * round) std::this_thread::yield();
    }
    EXPECT_EQ(hits, 3'200);
    EXPECT_LE(tier.counters().most_connections, 20U);
    // What the server counted, this question's own connection and those of the test's look whether it listens
    // included.
    const std::string asked = is_memcached() ? exchange_with(server.port(), "stats\r\n", "END\r\n")
                                             : exchange_with(server.port(), "INFO stats\r\n", "total_commands");
    const std::string_view field = is_memcached() ? "STAT total_connections " : "total_connections_received:";
    const auto at = asked.find(field);
    ASSERT_NE(at, std::string::npos) << asked;
    EXPECT_LE(std::atoi(asked.c_str() + at + field.size()), 20 + 6);
}

TEST_P(RealServerTest, KilledAndStartedAgain) {
    ServerProcess server(with({}, {}));
    VT_NEED_RUNNING(server);
    RemoteTier tier(params(server.port()));
    put(tier, "key", "value");
    server.end(SIGKILL);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(text_in(tier, "key"), std::nullopt);
    EXPECT_GE(tier.counters().breaker_openings, 1U);
    EXPECT_EQ(log_.warnings().size(), 1U);
    server.start();
    ASSERT_TRUE(comes_back(tier, "key", std::nullopt));  // it came back empty
    put(tier, "key", "value again");
    EXPECT_TRUE(comes_back(tier, "key", "value again"));
}

/// The program's own breaker, and every connection dead: none of them may cost the server another wait.
TEST_P(RealServerTest, IsUsedAgainWithinFiveSecondsOfItsStart) {
    ServerProcess server(with({}, {}));
    VT_NEED_RUNNING(server);
    RemoteTierParams as_in_the_program = params(server.port(), milliseconds{500});
    as_in_the_program.breaker = {};
    RemoteTier tier(as_in_the_program);
    ASSERT_TRUE(comes_back(tier, "key", std::nullopt));
    std::atomic<int> answered = 0;
    int asked = 0;
    while (tier.counters().connections < 20) {
        for (int i = 0; i < 64; ++i) tier.find("key", wall_now(), [&](const std::optional<Value>&) { ++answered; });
        asked += 64;
        while (answered < asked) std::this_thread::yield();
    }
    server.end(SIGKILL);
    // Until the wait between two tries has become as long as it becomes.
    const auto down_until = std::chrono::steady_clock::now() + seconds{3};
    while (std::chrono::steady_clock::now() < down_until) {
        EXPECT_EQ(text_in(tier, "key"), std::nullopt);
        ::poll(nullptr, 0, 1);
    }
    EXPECT_NE(tier.counters().breaker, Breaker::State::closed);
    const auto begun = std::chrono::steady_clock::now();
    server.start();
    while (text_in(tier, "key") != "value" && std::chrono::steady_clock::now() < begun + seconds{30})
        put(tier, "key", "value");
    const auto taken = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun);
    EXPECT_LT(taken, seconds{5});
    std::printf("used again after %lld ms, its start included\n", static_cast<long long>(taken.count()));
    for (int i = 0; i < 100; ++i) EXPECT_EQ(text_in(tier, "key"), "value") << "and it stays in use";
}

TEST_P(RealServerTest, PausedAndResumed) {
    ServerProcess server(with({}, {}));
    VT_NEED_RUNNING(server);
    constexpr Nanos kDeadline = milliseconds{200};
    RemoteTier tier(params(server.port(), kDeadline));
    while (text_in(tier, "key") != "value") put(tier, "key", "value");
    server.pause();
    for (int i = 0; i < 20; ++i) {
        const auto begun = std::chrono::steady_clock::now();
        EXPECT_EQ(text_in(tier, "key"), std::nullopt);
        expect_in_time(begun, kDeadline);
    }
    EXPECT_GE(tier.counters().breaker_openings, 1U);
    server.go_on();
    EXPECT_TRUE(comes_back(tier, "key", "value"));
}

TEST_P(RealServerTest, FullAndStillRight) {
    ServerProcess server(
        with({"-m", "1", "-M", "-I", "512k"}, {"--maxmemory", "3mb", "--maxmemory-policy", "noeviction"}));
    VT_NEED_RUNNING(server);
    RemoteTier tier(params(server.port()));
    put(tier, "early", "value");
    for (int i = 0; i < 60; ++i)
        put(tier, "large" + std::to_string(i), std::string(200'000, static_cast<char>('a' + i % 26)));
    EXPECT_GT(tier.counters().failed_writes, 10U);
    EXPECT_EQ(text_in(tier, "early"), "value");
    for (int i = 0; i < 60; ++i) {
        const std::string whole(200'000, static_cast<char>('a' + i % 26));
        EXPECT_EQ(text_in(tier, "large" + std::to_string(i)).value_or(whole), whole);
    }
    EXPECT_EQ(tier.counters().breaker, Breaker::State::closed);
}

TEST_P(RealServerTest, SomebodyElseEmptiesIt) {
    ServerProcess server(with({}, {}));
    VT_NEED_RUNNING(server);
    RemoteTier tier(params(server.port()));
    put(tier, "key", "value");
    (void)exchange_with(server.port(), is_memcached() ? "flush_all\r\n" : "FLUSHALL\r\n", "OK");
    EXPECT_EQ(text_in(tier, "key"), std::nullopt);
    put(tier, "key", "value");
    EXPECT_EQ(text_in(tier, "key"), "value");
}

TEST_P(RealServerTest, NonsenseIsNoAnswer) {
    Prng prng(1, "nonsense");
    constexpr Nanos kDeadline = milliseconds{20};
    // libmemcached 1.1.4 ends the process on some of these: its assertions are on in Debian's build.
    const std::vector<std::string> pieces = {"VALUE ",
                                             "END\r\n",
                                             "vt:1:",
                                             " 0 5\r\n",
                                             "hello\r\n",
                                             "STORED\r\n",
                                             "ERROR\r\n",
                                             "SERVER_ERROR x\r\n",
                                             "$5\r\nhello\r\n",
                                             "$-1\r\n",
                                             "*1000000000\r\n",
                                             "+OK\r\n",
                                             "-ERR x\r\n",
                                             ":9999999999999999999999\r\n",
                                             "$99999999999\r\n",
                                             "\r\n"};
    NonsenseServer server([&] {
        std::string text;
        for (std::uint64_t count = prng.below(6); count > 0; --count) {
            text += pieces[prng.below(pieces.size())];
            if (prng.below(3) == 0) text += static_cast<char>(prng.below(256));
        }
        return text;
    });
    RemoteTierParams nonsense = params(server.port(), kDeadline);
    nonsense.breaker.failures_to_open = 1'000'000;  // each is to be asked
    RemoteTier tier(nonsense);
    for (int i = 0; i < 200; ++i) {
        const auto begun = std::chrono::steady_clock::now();
        EXPECT_EQ(text_in(tier, "key" + std::to_string(i % 7)), std::nullopt);
        expect_in_time(begun, kDeadline);
        if (i % 10 == 0) tier.put("key", {.bytes = shared_bytes("v"), .made_at = wall_now()}, seconds{60});
    }
    EXPECT_EQ(tier.counters().hits, 0U);
}

INSTANTIATE_TEST_SUITE_P(Servers, RealServerTest, testing::Values(Kind::memcached, Kind::redis), kind_name);

/// Both tiers on real servers, killed and emptied under questions: the answers stay right.
TEST(TieredCacheOnServers, AnswersStayRightThroughRestartsAndFlushes) {
    const obs::LogCapture log;
    ServerProcess memcached(memcached_with());
    ServerProcess redis(redis_with());
    VT_NEED_RUNNING(memcached);
    VT_NEED_RUNNING(redis);
    const auto tier = [](const char* name, Connect connect) {
        return std::make_unique<RemoteTier>(
            RemoteTierParams{.name = name,
                             .connect = std::move(connect),
                             .deadline = milliseconds{500},
                             .breaker = {.first_wait = milliseconds{5}, .longest_wait = milliseconds{20}}});
    };
    TestLoop loop;
    TieredCache tiers({.clock = wall_now, .executor = loop.executor()},
                      tier("memcached", memcached_at({.port = memcached.port()})),
                      tier("redis", redis_at({.port = redis.port()})));
    Prng prng(1, "keys");
    int answered = 0;
    for (int step = 1; step <= 1'200; ++step) {
        if (step == 300) (void)exchange_with(memcached.port(), "flush_all\r\n", "OK");
        if (step == 400) redis.end(SIGKILL);
        if (step == 600) redis.start();
        if (step == 700) memcached.end(SIGKILL);
        if (step == 900) memcached.start();
        if (step % 5 == 0) tiers.clear_memory();
        const std::string text = "key" + std::to_string(prng.below(30));
        const auto is_right = [&, text](const Result<Answer>& answer) {
            EXPECT_TRUE(answer && answer->value.bytes && *answer->value.bytes == "answer to " + text);
            ++answered;
        };
        tiers.fetch(
            {.text = text}, [text]() -> Result<SharedBytes> { return shared_bytes("answer to " + text); }, is_right);
        ASSERT_TRUE(loop.run_until([&] { return answered == step; }));
    }
    const TieredCacheCounters counters = tiers.counters();
    EXPECT_GT(counters.served_by_second, 20U);
    EXPECT_GT(counters.served_by_third, 5U);
    // How soon a server is asked again after its restart hangs on the machine: some 250 runs on an idle one.
    EXPECT_LT(counters.origin_runs, 900U);
}

/// Two processes' worth of caches on one Redis: what one forgets leaves the other's memory, too.
TEST(RedisAnnouncements, WhatOneProcessForgetsTheOtherForgets) {
    const obs::LogCapture log;
    ServerProcess redis(redis_with());
    VT_NEED_RUNNING(redis);
    TestLoop loop;
    struct Process {
        Process(std::uint16_t port, std::uint64_t sender, TestLoop& loop)
            : cache({.clock = wall_now,
                     .executor = loop.executor(),
                     .announce = [this](std::string_view key) { channel.announce(key); }},
                    nullptr,
                    std::make_unique<RemoteTier>(RemoteTierParams{
                        .name = "redis", .connect = redis_at({.port = port}), .deadline = seconds{10}})),
              channel({.address = {.port = port},
                       .sender = sender,
                       .deadline = seconds{10},
                       .longest_wait = milliseconds{250},
                       .on_forgotten = [this](std::string_view key) { cache.erase_here(key); }}) {}
        TieredCache cache;
        RedisAnnouncements channel;
    };
    Process one(redis.port(), 1, loop);
    Process two(redis.port(), 2, loop);
    const auto are_listening = [&] {
        return one.channel.counters().is_listening && two.channel.counters().is_listening;
    };
    ASSERT_TRUE(loop.run_until(are_listening));
    const auto holds = [](Process& process) { return process.cache.find({.text = "key"}).has_value(); };
    const auto fill = [&] {
        int filled = 0;
        for (Process* process : {&one, &two})
            process->cache.fetch(
                {.text = "key"}, [] { return Result<SharedBytes>(shared_bytes("v")); },
                [&](const auto&) { ++filled; });
        return loop.run_until([&] { return filled == 2; }) && holds(one) && holds(two);
    };
    ASSERT_TRUE(fill());
    one.cache.erase({.text = "key"});
    EXPECT_FALSE(holds(one));
    EXPECT_TRUE(loop.run_until([&] { return !holds(two); }));
    EXPECT_EQ(two.channel.counters().received, 1U);
    EXPECT_EQ(one.channel.counters().received, 0U);  // its own does not come back to it

    redis.end(SIGKILL);
    ASSERT_TRUE(loop.run_until([&] { return !one.channel.counters().is_listening; }));
    one.channel.announce("lost");
    EXPECT_TRUE(loop.run_until([&] { return one.channel.counters().dropped == 1; }));
    redis.start();
    ASSERT_TRUE(loop.run_until(are_listening));
    ASSERT_TRUE(fill());
    two.cache.erase({.text = "key"});
    EXPECT_TRUE(loop.run_until([&] { return !holds(one); }));
}

}  // namespace
}  // namespace vt::cache
