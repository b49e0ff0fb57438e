#include "cache/server_questions.hpp"

#include "cache/test_servers.hpp"

#include <gtest/gtest.h>

namespace vt::cache {
namespace {

using std::chrono::milliseconds;

Deadline in_ten_seconds() { return std::chrono::steady_clock::now() + std::chrono::seconds{10}; }

TEST(ServerQuestions, OfMemcached) {
    ServerProcess server(memcached_with({"-m", "32"}));
    if (!server.is_running()) GTEST_SKIP() << "needs memcached; tools/bootstrap test installs it";
    const ServerAddress address{.port = server.port()};
    const auto settings = memcached_settings(address, in_ten_seconds());
    ASSERT_TRUE(settings) << settings.error().what;
    EXPECT_EQ(settings->at("maxbytes"), std::to_string(32U << 20U));
    const auto statistics = memcached_statistics(address, in_ten_seconds());
    ASSERT_TRUE(statistics) << statistics.error().what;
    EXPECT_EQ(statistics->at("limit_maxbytes"), std::to_string(32U << 20U));
    EXPECT_FALSE(statistics->at("version").empty());
    (void)exchange_with(server.port(), "set brief 0 100 1\r\nx\r\n", "STORED");
    (void)exchange_with(server.port(), "set lasting 0 0 1\r\nx\r\n", "STORED");
    const auto left = memcached_time_left(address, "brief", in_ten_seconds());
    ASSERT_TRUE(left && *left);
    EXPECT_LE(**left, std::chrono::seconds{100});
    EXPECT_GE(**left, std::chrono::seconds{50});
    EXPECT_EQ(memcached_time_left(address, "lasting", in_ten_seconds()).value(), milliseconds::max());
    EXPECT_EQ(memcached_time_left(address, "none", in_ten_seconds()).value(), std::nullopt);
    const auto refused = memcached_time_left(address, std::string(300, 'k'), in_ten_seconds());
    ASSERT_FALSE(refused) << "a key that is too long";
    EXPECT_EQ(refused.error().code, Errc::refused);
    ASSERT_TRUE(flush_memcached(address, in_ten_seconds()));
    EXPECT_EQ(memcached_time_left(address, "lasting", in_ten_seconds()).value(), std::nullopt);
}

TEST(ServerQuestions, OfRedis) {
    ServerProcess server(redis_with());
    if (!server.is_running()) GTEST_SKIP() << "needs redis-server; tools/bootstrap test installs it";
    const ServerAddress address{.port = server.port()};
    (void)exchange_with(server.port(), "SET brief x PX 100000\r\n", "OK");
    (void)exchange_with(server.port(), "SET lasting x\r\n", "OK");
    const auto left = redis_time_left(address, "brief", in_ten_seconds());
    ASSERT_TRUE(left && *left);
    EXPECT_LE(**left, std::chrono::seconds{100});
    EXPECT_GE(**left, std::chrono::seconds{50});
    EXPECT_EQ(redis_time_left(address, "lasting", in_ten_seconds()).value(), milliseconds::max());
    EXPECT_EQ(redis_time_left(address, "none", in_ten_seconds()).value(), std::nullopt);
    const auto information = redis_information(address, in_ten_seconds());
    ASSERT_TRUE(information) << information.error().what;
    EXPECT_EQ(information->at("role"), "master");
    EXPECT_FALSE(information->at("redis_version").empty());
    const auto run = redis_run_id(address, in_ten_seconds());
    ASSERT_TRUE(run) << run.error().what;
    EXPECT_EQ(run->size(), 40U) << *run;
    EXPECT_EQ(redis_run_id(address, in_ten_seconds()).value(), *run);
    server.end(SIGKILL);
    server.start();
    EXPECT_NE(redis_run_id(address, in_ten_seconds()).value(), *run);
}

TEST(ServerQuestions, OfSomebodyElse) {
    NonsenseServer server([] { return std::string("STAT nothing\r\nhello\r\n"); });
    const ServerAddress address{.port = server.port()};
    EXPECT_EQ(memcached_time_left(address, "key", in_ten_seconds()).error().code, Errc::malformed);
    EXPECT_EQ(flush_memcached(address, in_ten_seconds()).error().code, Errc::malformed);
    EXPECT_EQ(redis_time_left(address, "key", in_ten_seconds()).error().code, Errc::malformed);
    const auto late = memcached_settings(address, std::chrono::steady_clock::now() + milliseconds{50});
    EXPECT_EQ(late.error().code, Errc::unavailable) << "its end never comes";
    const auto away = memcached_settings({.port = free_port()}, in_ten_seconds());
    EXPECT_EQ(away.error().code, Errc::unavailable);
}

}  // namespace
}  // namespace vt::cache
