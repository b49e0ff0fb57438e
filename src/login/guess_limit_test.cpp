#include "login/guess_limit.hpp"

#include <gtest/gtest.h>

#include <string>

namespace vt::login {
namespace {

const Timestamp kGuessStart = from_ms(1'800'000'000'000);

TEST(GuessLimit, TenGuessesAMinuteOfAnAddressAndItHeals) {
    GuessLimit limit;
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(limit.take("192.0.2.1", kGuessStart).has_value()) << i;
    const auto wait = limit.take("192.0.2.1", kGuessStart);
    ASSERT_TRUE(wait.has_value());
    EXPECT_NEAR(to_seconds(*wait), 6, 0.001);
    EXPECT_FALSE(limit.take("192.0.2.2", kGuessStart).has_value()) << "another address is none of its business";
    EXPECT_FALSE(limit.take("192.0.2.1", kGuessStart + *wait).has_value());
    EXPECT_TRUE(limit.take("192.0.2.1", kGuessStart + *wait).has_value());
    int taken = 0;
    for (int second = 60; second < 3660; ++second)
        taken += limit.take("192.0.2.1", kGuessStart + std::chrono::seconds{second}) ? 0 : 1;
    EXPECT_NEAR(taken, 600, 12) << "an hour of guessing is ten a minute";
}

TEST(GuessLimit, AFloodOfOthersKeepsItsUserNotOut) {
    GuessLimit limit;
    const Timestamp earlier = kGuessStart - std::chrono::hours{24};
    ASSERT_FALSE(limit.take("198.51.100.7", earlier).has_value());
    limit.was_right("198.51.100.7", earlier);
    int passed = 0;
    for (int second = 0; second < 600; ++second) {
        const Timestamp now = kGuessStart + std::chrono::seconds{second};
        for (int bot = 0; bot < 50; ++bot)
            passed += limit.take("192.0.2." + std::to_string(bot + second % 4 * 50), now) ? 0 : 1;
        if (second % 60 == 30) {
            EXPECT_FALSE(limit.take("198.51.100.7", now).has_value()) << second;
            limit.was_right("198.51.100.7", now);
        }
    }
    EXPECT_LE(passed, 60 + 600) << "sixty a minute in all";
    EXPECT_GE(passed, 600);
}

TEST(GuessLimit, ARightGuessCostsNothing) {
    GuessLimit limit;
    for (int i = 0; i < 1000; ++i) {
        ASSERT_FALSE(limit.take("192.0.2.1", kGuessStart).has_value()) << i;
        limit.was_right("192.0.2.1", kGuessStart);
    }
}

TEST(GuessLimit, AnIpv6UserIsOneAddress) {
    EXPECT_EQ(guess_source("2001:db8:1:2::1"), guess_source("2001:db8:1:2:ffff::9"));
    EXPECT_NE(guess_source("2001:db8:1:2::1"), guess_source("2001:db8:1:3::1"));
    EXPECT_EQ(guess_source("::ffff:192.0.2.1"), "192.0.2.1");
}

TEST(GuessLimit, TheTableIsBoundedAndTheClockMayGoBack) {
    GuessLimit limit({.all_per_minute = 1e9, .addresses_max = 100, .trusted_max = 10});
    for (int i = 0; i < 1000; ++i) {
        const std::string address = "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250);
        (void)limit.take(address, kGuessStart - std::chrono::seconds{i});
        limit.was_right(address, kGuessStart - std::chrono::seconds{i});
    }
    EXPECT_EQ(limit.address_count(), 100U);
}

}  // namespace
}  // namespace vt::login
