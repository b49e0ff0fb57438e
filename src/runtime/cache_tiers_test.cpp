#include "runtime/cache_tiers.hpp"

#include "cache/test_loop.hpp"
#include "cache/test_servers.hpp"
#include "obs/log.hpp"

#include <gtest/gtest.h>

#include <string>

namespace vt::runtime {
namespace {

using cache::Answer;
using cache::Source;

config::Config::Cache configured(std::string type, std::string memcached_host = "", std::string redis_host = "") {
    config::Config::Cache config;
    config.type = std::move(type);
    config.memcached.host = std::move(memcached_host);
    config.redis.host = std::move(redis_host);
    return config;
}

std::string servers_of(const config::Config::Cache& config) {
    const CacheServers servers = cache_servers(config);
    std::string text;
    if (servers.memcached)
        text += "memcached " + servers.memcached->host + ":" + std::to_string(servers.memcached->port) + " ";
    if (servers.redis) text += "redis " + servers.redis->host + ":" + std::to_string(servers.redis->port);
    return text;
}

constexpr cache::Key kSharedKey{.ttl_class = cache::TtlClass::scores, .text = "key"};

/// A process with a cache on the servers that a configuration names.
struct Process {
    cache::TestLoop loop;
    CacheTiers tiers;
    int runs = 0;

    Process(const config::Config::Cache& config, std::uint64_t seed)
        : tiers(config, {.executor = loop.executor(),
                         .clock = [] { return std::chrono::floor<Nanos>(std::chrono::system_clock::now()); },
                         .seed = seed}) {}
    [[nodiscard]] std::optional<Result<Answer>> ask() {
        std::optional<Result<Answer>> got;
        tiers.cache().fetch(
            kSharedKey,
            [this]() -> Result<cache::SharedBytes> {
                ++runs;
                return cache::shared_bytes("value");
            },
            [&](const Result<Answer>& answer) { got = answer; });
        EXPECT_TRUE(loop.run_until([&] { return got.has_value(); }));
        return got;
    }
    [[nodiscard]] bool is_written(bool to_both) {
        return loop.run_until([&] {
            const cache::TieredCacheCounters all = tiers.cache().counters();
            return (!to_both || all.second->writes > 0) && all.third->writes > 0;
        });
    }
};

}  // namespace

TEST(CacheTiers, TheTypeAndTheHostsSayWhichServersThereAre) {
    EXPECT_EQ(servers_of(configured("")), "");
    EXPECT_EQ(servers_of(configured("memcached")), "memcached 127.0.0.1:11211 redis 127.0.0.1:6379");
    EXPECT_EQ(servers_of(configured("redis")), "redis 127.0.0.1:6379");
    EXPECT_EQ(servers_of(configured("", "m.example")), "memcached m.example:11211 ");
    EXPECT_EQ(servers_of(configured("", "", "r.example")), "redis r.example:6379");
    EXPECT_EQ(servers_of(configured("", "m.example", "r.example")), "memcached m.example:11211 redis r.example:6379");
    EXPECT_EQ(servers_of(configured("memcached", "m.example")), "memcached m.example:11211 redis 127.0.0.1:6379");
    EXPECT_EQ(servers_of(configured("redis", "m.example", "r.example")), "redis r.example:6379");
    EXPECT_EQ(servers_of(configured("memory", "m.example", "r.example")), "");
}

TEST(CacheTiers, WithNothingSetTheMemoryAnswers) {
    config::Config::Cache config;
    config.l1.max_items = 3;
    Process process(config, 1);
    EXPECT_EQ((*process.ask())->source, Source::origin);
    EXPECT_EQ((*process.ask())->source, Source::memory);
    EXPECT_FALSE(process.tiers.announcements());
    for (int i = 0; i < 10; ++i)
        process.tiers.cache().fetch(
            {.ttl_class = cache::TtlClass::other, .text = std::to_string(i)},
            [] { return Result<cache::SharedBytes>(cache::shared_bytes("v")); }, [](const Result<Answer>&) {});
    EXPECT_LE(process.tiers.cache().counters().memory.items, 3U) << "the configured limit";
}

TEST(CacheTiers, AServerThatIsNotThereCostsNoAnswer) {
    const obs::LogCapture log;
    config::Config::Cache config = configured("memcached");
    config.memcached.port = config.redis.port = cache::free_port();
    Process process(config, 1);
    const auto answer = process.ask();
    ASSERT_TRUE(*answer);
    EXPECT_EQ((*answer)->source, Source::origin);
    EXPECT_EQ(*(*answer)->value.bytes, "value");
    const auto states = [&] {
        std::string text;
        for (const views::TierRow& tier : process.tiers.rows())
            text += tier.name + " " + tier.server + (tier.is_in_use ? " ok\n" : " down\n");
        return text;
    };
    const std::string port = std::to_string(config.redis.port);
    EXPECT_TRUE(process.loop.run_until([&] {
        process.tiers.cache().clear_memory();
        (void)process.ask();
        return states() ==
               "l1 memory ok\nl2 memcached 127.0.0.1:" + port + " down\nl3 redis 127.0.0.1:" + port + " down\n";
    })) << states();
}

TEST(CacheTiers, ProcessesShareBothServersAndForgetTogether) {
    const cache::ServerProcess memcached(cache::memcached_with()), redis(cache::redis_with());
    if (!memcached.is_running() || !redis.is_running())
        GTEST_SKIP() << "memcached or redis-server is missing: tools/bootstrap test";
    config::Config::Cache config = configured("memcached");
    config.memcached.port = memcached.port();
    config.redis.port = redis.port();
    config.memcached.deadline_ms = config.redis.deadline_ms = 1'000;  // the machine may be busy
    Process one(config, 1), other(config, 2);
    ASSERT_TRUE(one.loop.run_until(
        [&] { return one.tiers.announcements()->is_listening && other.tiers.announcements()->is_listening; }));
    EXPECT_EQ((*one.ask())->source, Source::origin);
    ASSERT_TRUE(one.is_written(true));
    EXPECT_EQ((*other.ask())->source, Source::second);
    EXPECT_EQ((*other.ask())->source, Source::memory);
    one.tiers.cache().erase_all();
    ASSERT_TRUE(other.loop.run_until([&] { return other.tiers.announcements()->received == 1; }));
    ASSERT_TRUE(other.loop.run_until([&] { return !other.tiers.cache().find(kSharedKey); }));
    EXPECT_EQ((*other.ask())->source, Source::origin) << "what the servers hold is from before";
    EXPECT_EQ(one.runs + other.runs, 2);
}

TEST(CacheTiers, RedisAloneIsTheThirdTier) {
    const cache::ServerProcess redis(cache::redis_with());
    if (!redis.is_running()) GTEST_SKIP() << "redis-server is missing: tools/bootstrap test";
    config::Config::Cache config = configured("redis");
    config.redis.port = redis.port();
    config.redis.deadline_ms = 1'000;
    Process one(config, 1), other(config, 2);
    (void)one.ask();
    ASSERT_TRUE(one.is_written(false));
    EXPECT_EQ((*other.ask())->source, Source::third);
}

TEST(CacheTiers, ADatabaseIsNamedByItsAddressAndWhereThatIsLocalByTheMachine) {
    const auto is_shared = [](const std::string& url) {
        return records_identity(url, "one") == records_identity(url, "other");
    };
    EXPECT_FALSE(is_shared("sqlite:///var/records.db"));
    EXPECT_FALSE(is_shared("postgresql://user@localhost/records"));
    EXPECT_FALSE(is_shared("postgresql://user@127.0.0.1:5432/records"));
    EXPECT_FALSE(is_shared("postgresql:///records"));
    EXPECT_FALSE(is_shared("postgresql://%2Fvar%2Frun/records"));
    EXPECT_TRUE(is_shared("postgresql://user@db.example:5432/records"));
    EXPECT_NE(records_identity("postgresql://user@db.example/a", "one"),
              records_identity("postgresql://user@db.example/b", "one"));
    EXPECT_EQ(records_identity("postgresql://user:x@db.example/a", "one"),
              records_identity("postgresql://user:y@db.example/a", "one"))
        << "a changed password is the same database";
    EXPECT_FALSE(machine_name().empty());
}

TEST(CacheTiers, TheScheduleHasTheConfiguredZone) {
    config::Config::Cache config;
    config.warm.zone = "UTC0";
    const Timestamp monday{std::chrono::sys_days(std::chrono::year{2026} / 1 / 5)};
    EXPECT_EQ(warm_schedule(config)->hours_at(monday + std::chrono::hours{10}), cache::MarketHours::open);
    EXPECT_EQ(warm_schedule(config::Config::Cache{})->hours_at(monday + std::chrono::hours{10}),
              cache::MarketHours::before)
        << "five in the morning in New York";
    config.warm.zone = "nowhere";
    EXPECT_EQ(warm_schedule(config).error().code, Errc::configuration);
}

}  // namespace vt::runtime
