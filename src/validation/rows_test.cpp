// The rows on real servers of Debian's packages memcached and redis-server, and without any.

#include "validation/rows.hpp"

#include "cache/test_servers.hpp"
#include "obs/log.hpp"

#include <gtest/gtest.h>

namespace vt::validation {
namespace {

using cache::memcached_with;
using cache::redis_with;
using cache::ServerProcess;
using report::Finding;
using report::Verdict;

#define VT_NEED_SERVER(server)                                                         \
    if (!(server).is_running())                                                        \
    GTEST_SKIP() << "needs memcached and redis-server; tools/bootstrap test installs " \
                    "them"

ServerSetup at(const ServerProcess& server) { return {.address = {.host = "127.0.0.1", .port = server.port()}}; }

const Finding& row(const Findings& findings, std::string_view name) {
    for (const Finding& finding : findings)
        if (finding.name == name) return finding;
    static const Finding none{.name = "no such row"};
    ADD_FAILURE() << "no row " << name;
    return none;
}

void expect_verdict(const Findings& findings, std::string_view name, Verdict verdict) {
    const Finding& finding = row(findings, name);
    EXPECT_EQ(finding.verdict, verdict) << report::text_of(std::vector<Finding>{finding});
}

std::vector<WorkloadKey> some_keys(std::size_t count) {
    std::vector<WorkloadKey> keys;
    for (std::size_t i = 0; i < count; ++i)
        keys.push_back({.text = "key " + std::to_string(i), .ttl_class = cache::TtlClass::scores});
    return keys;
}

Workload brief(std::string name) {
    return {.keys = some_keys(300),
            .rate_per_second = 100,
            .warm_up = std::chrono::seconds{60},
            .length = std::chrono::seconds{120},
            .name = std::move(name)};
}

TEST(ValidationOfMemory, TimesRealHits) {
    const Findings found = memory_hits({}, 20'000);
    const Finding& finding = row(found, "l1_hit_p99");
    EXPECT_NE(finding.verdict, Verdict::not_measured);
    EXPECT_GT(finding.value.value(), 0.0);  // how fast this machine is now is not what is tested
}

TEST(ValidationOfMemory, SaysWhenTooFewWereHits) {
    expect_verdict(memory_hits({.memory = {.max_items = 1'000, .max_bytes = 1}}, 1'000), "l1_hit_p99",
                   Verdict::not_measured);
}

TEST(ValidationOfMemory, CountsWhatItHoldsAfterEachInsert) {
    const Findings found = memory_limits({.memory = {.max_items = 100}}, 2'000);
    expect_verdict(found, "l1_limits", Verdict::passed);
    EXPECT_EQ(row(found, "l1_limits").value, 100.0) << "it was full, so that the limit was met";
}

TEST(ValidationOfMemory, ExpiryByClassAndByTheRealClock) {
    Findings found = expiry({});
    expect_verdict(found, "l1_expiry", Verdict::passed);
    expect_verdict(found, "l2_expiry", Verdict::not_configured);
    expect_verdict(found, "l3_expiry", Verdict::not_configured);
}

TEST(ValidationOfShares, AHotSetIsServedFromMemory) {
    Workload workload = brief("hot");
    workload.keys.resize(100);
    const Findings found = shares({}, workload);
    expect_verdict(found, "hot", Verdict::passed);
    expect_verdict(found, "hot_age", Verdict::passed);
    EXPECT_NE(row(found, "hot").measured.find("L2 not configured"), std::string::npos);
}

TEST(ValidationOfShares, EachMinutesKeysAreComputedForTheirMinute) {
    Workload workload = brief("minutes");
    workload.keys.resize(20);
    for (WorkloadKey& key : workload.keys) key.is_of_a_minute = true;
    const Finding finding = row(shares({}, workload), "minutes");
    // Twenty keys in each of two or three minutes, of 12,000 requests; 45 s to live, so once more at most in each.
    const double origin = 1 - finding.value.value();
    EXPECT_GE(origin, 39 / 12'000.0) << finding.measured;
    EXPECT_LE(origin, 120 / 12'000.0) << finding.measured;
}

TEST(ValidationOfShares, RealKeysAreOfTheInstruments) {
    const std::vector<WorkloadKey> keys = real_keys({"bybit-linear-A", "bybit-linear-B"});
    EXPECT_EQ(keys.size(), 1U + 2 * 7 + 2 * 3);
    EXPECT_EQ(keys[1].text, "/api/symbols/bybit-linear-A/scores");
    EXPECT_TRUE(keys[1].is_of_a_minute);
    EXPECT_FALSE(keys.back().is_of_a_minute) << "what is over does not change";
}

TEST(ValidationOfShares, AMemoryThatIsTooSmallFails) {
    const Findings found = shares({.memory = {.max_items = 10}}, brief("small"));
    expect_verdict(found, "small", Verdict::failed);
    EXPECT_LT(row(found, "small").value.value(), 0.85);
    EXPECT_FALSE(row(found, "small").remedy.empty());
}

TEST(ValidationOfShares, WhatIsNotJudgedIsInformation) {
    Workload workload = brief("small");
    workload.is_judged = false;
    expect_verdict(shares({.memory = {.max_items = 10}}, workload), "small", Verdict::information);
}

TEST(ValidationOfServers, WithoutThemEachRowSaysSo) {
    for (const Findings& found : {connections({}), memcached_setup({}), disturbed({}, {.may_flush = true})})
        for (const Finding& finding : found) EXPECT_EQ(finding.verdict, Verdict::not_configured) << finding.name;
}

TEST(ValidationOfServers, AServerThatIsAwayIsNotMeasured) {
    const obs::LogCapture log;
    const std::uint16_t port = cache::free_port();
    const TierSetup setup{.memcached = ServerSetup{.address = {.port = port}},
                          .redis = ServerSetup{.address = {.port = port}}};
    const Findings expired = expiry(setup);
    expect_verdict(expired, "l2_expiry", Verdict::not_measured);
    expect_verdict(expired, "l3_expiry", Verdict::not_measured);
    const Findings connected = connections(setup, 8, 2);
    expect_verdict(connected, "l2_connections", Verdict::not_measured);
    EXPECT_FALSE(row(connected, "l2_connections").remedy.empty());
    const Findings set_up = memcached_setup(setup);
    expect_verdict(set_up, "memcached_memory", Verdict::not_measured);
    EXPECT_NE(row(set_up, "memcached_memory").measured.find(std::to_string(port)), std::string::npos);
}

class ValidationOnServers : public testing::Test {
protected:
    obs::LogCapture log;
    ServerProcess memcached{memcached_with({"-m", "64", "-c", "2048"})};
    ServerProcess redis{redis_with()};
    [[nodiscard]] TierSetup setup() const { return {.memcached = at(memcached), .redis = at(redis)}; }
};

TEST_F(ValidationOnServers, ExpiryByClass) {
    VT_NEED_SERVER(memcached);
    VT_NEED_SERVER(redis);
    const Findings found = expiry(setup());
    for (const char* name : {"l1_expiry", "l2_expiry", "l3_expiry"}) expect_verdict(found, name, Verdict::passed);
}

TEST_F(ValidationOnServers, ExpiryByTheRealClock) {
    VT_NEED_SERVER(memcached);
    VT_NEED_SERVER(redis);
    const Findings found = expiry_in_real_time(setup());
    ASSERT_EQ(found.size(), 3U);
    for (const Finding& finding : found) {
        EXPECT_NE(finding.verdict, Verdict::not_measured) << finding.measured;
        EXPECT_GE(finding.value.value_or(0), 0.9) << finding.name << " had it for its time: " << finding.measured;
    }
}

TEST_F(ValidationOnServers, TheConnectionsOfManyLookUps) {
    VT_NEED_SERVER(memcached);
    VT_NEED_SERVER(redis);
    Findings found = connections(setup(), 64, 50);
    expect_verdict(found, "l2_connections", Verdict::passed);
    expect_verdict(found, "l3_connections", Verdict::passed);
    TierSetup many = setup();
    many.memcached->connections = 40;
    found = connections(many, 64, 50);
    const Finding& finding = row(found, "l2_connections");
    EXPECT_EQ(finding.verdict == Verdict::passed, finding.value <= 20.0) << finding.measured;
}

TEST_F(ValidationOnServers, SharesOfAllFour) {
    VT_NEED_SERVER(memcached);
    VT_NEED_SERVER(redis);
    TierSetup small = setup();
    small.memory.max_items = 50;
    Workload workload = brief("small");
    workload.length = std::chrono::seconds{30};
    workload.warm_up = std::chrono::seconds{30};
    const Findings found = shares(small, workload);
    EXPECT_NE(row(found, "small").measured.find("L2 "), std::string::npos);
    EXPECT_EQ(row(found, "small").measured.find("L2 0.00"), std::string::npos) << row(found, "small").measured;
    expect_verdict(found, "small_age", Verdict::passed);
}

TEST_F(ValidationOnServers, MemcachedsOwnLimits) {
    VT_NEED_SERVER(memcached);
    const Findings found = memcached_setup(setup());
    expect_verdict(found, "memcached_memory", Verdict::warning);
    EXPECT_EQ(row(found, "memcached_memory").value, 64.0 * 1024 * 1024);
    EXPECT_NE(row(found, "memcached_memory").remedy.find("-m 4096"), std::string::npos);
    expect_verdict(found, "memcached_connection_limit", Verdict::passed);
}

TEST_F(ValidationOnServers, AnswersStayRightThroughAFlushAndARestart) {
    VT_NEED_SERVER(memcached);
    VT_NEED_SERVER(redis);
    (void)cache::exchange_with(memcached.port(), "set foreign 0 0 1\r\nx\r\n", "STORED");
    const auto restart = [this]() -> Result<void> {
        redis.end(SIGKILL);
        redis.start();
        return {};
    };
    Findings found = disturbed(setup(), {.restart_redis = restart, .answers = 500});
    expect_verdict(found, "foreign_flush", Verdict::passed);
    expect_verdict(found, "redis_restart", Verdict::passed);
    const auto has_foreign = [this] {
        return cache::exchange_with(memcached.port(), "get foreign\r\n", "END").find("VALUE") != std::string::npos;
    };
    EXPECT_TRUE(has_foreign()) << "what others keep there was left alone";
    TierSetup another = setup();
    ++another.schema;
    found = disturbed(another, {.may_flush = true, .answers = 500});
    expect_verdict(found, "foreign_flush", Verdict::passed);
    expect_verdict(found, "redis_restart", Verdict::not_measured);
    EXPECT_FALSE(has_foreign()) << "a flush was allowed and made";
}

// Who does not know that keys have changed serves what was right before: the check must see it.
TEST_F(ValidationOnServers, AnswersFromBeforeAChangeAreSeenAsWrong) {
    VT_NEED_SERVER(memcached);
    VT_NEED_SERVER(redis);
    expect_verdict(disturbed(setup(), {.answers = 500}), "foreign_flush", Verdict::passed);
    const Findings again =
        disturbed(setup(), {.answers = 500});  // begins with version 0 of each key, and the servers do not
    expect_verdict(again, "foreign_flush", Verdict::failed);
    EXPECT_GT(row(again, "foreign_flush").value.value(), 0.0);
}

TEST_F(ValidationOnServers, ARestartThatDoesNotSucceedIsNotMeasured) {
    VT_NEED_SERVER(memcached);
    VT_NEED_SERVER(redis);
    const Findings found = disturbed(
        setup(), {.restart_redis = [] { return Result<void>(fail(Errc::refused, "not allowed")); }, .answers = 200});
    expect_verdict(found, "redis_restart", Verdict::not_measured);
    EXPECT_EQ(row(found, "redis_restart").remedy, "not allowed");
    TierSetup another = setup();
    ++another.schema;
    const Findings idle = disturbed(another, {.restart_redis = [] { return Result<void>{}; }, .answers = 200});
    expect_verdict(idle, "redis_restart", Verdict::not_measured);
    EXPECT_NE(row(idle, "redis_restart").remedy.find("the one from before"), std::string::npos);
}

}  // namespace
}  // namespace vt::validation
