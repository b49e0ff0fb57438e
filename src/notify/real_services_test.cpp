// The services themselves, by hand: docs/alerts.md says how. Skipped unless the environment names a channel.

#include "notify/alert_fixture.hpp"
#include "notify/sender.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

namespace vt::notify {
namespace {

/// The smallest picture: one grey point.
constexpr std::string_view kPicture(
    "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\0\0\0\nIDATx\x9c"
    "ch\0\0\0\x82\0\x81"
    "\x77\xcd\x72\xb6\0\0\0\0IEND\xae\x42\x60\x82",
    67);

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : value;
}

/// A plain alert, one with a picture and one whose texts try everything: all are delivered, with receipts.
void deliver_all(Result<Channel> made) {
    ASSERT_TRUE(made) << made.error().what;
    const auto channel = std::make_shared<const Channel>(std::move(*made));
    net::Loop loop;
    auto sender = Sender::make(loop, {});
    ASSERT_TRUE(sender) << sender.error().what;
    alerts::Alert hostile;
    for (const std::string& text : hostile_texts()) {
        if (text.size() < 300) hostile.text += text + "\n";
    }
    hostile.title = "@everyone **this** <b>is</b> a test";
    for (const bool has_picture : {false, true, false}) {
        hostile.id = full_alert().id;
        const std::vector<alerts::Alert> alerts{has_picture || hostile.count > 1 ? hostile : full_alert()};
        std::vector<Attachment> files;
        if (has_picture) files.push_back({"point.png", "image/png", std::string(kPicture)});
        std::optional<Outcome> outcome;
        ASSERT_TRUE((*sender)->send(channel, alerts, files, [&](Outcome one) { outcome = std::move(one); }));
        ASSERT_TRUE(loop.run_until([&] { return outcome.has_value(); }, std::chrono::seconds{60}));
        EXPECT_EQ(outcome->fate, Fate::delivered) << outcome->problem;
        std::printf("receipt: %s\n", outcome->receipt.c_str());
        if (outcome->wait) (void)loop.run_until([] { return false; }, *outcome->wait);
        hostile.count += has_picture ? 1 : 0;
    }
}

TEST(RealService, Discord) {
    const std::string url = environment("VIRTUOSO_TEST_DISCORD");
    if (url.empty()) GTEST_SKIP() << "VIRTUOSO_TEST_DISCORD holds no webhook's address";
    deliver_all(make_discord("test", Secret(std::string(url))));
}

TEST(RealService, Telegram) {
    const std::string token = environment("VIRTUOSO_TEST_TELEGRAM");
    if (token.empty()) GTEST_SKIP() << "VIRTUOSO_TEST_TELEGRAM holds no bot's token";
    deliver_all(make_telegram("test", Secret(std::string(token)), environment("VIRTUOSO_TEST_TELEGRAM_CHAT")));
}

TEST(RealService, Webhook) {
    const std::string url = environment("VIRTUOSO_TEST_WEBHOOK");
    if (url.empty()) GTEST_SKIP() << "VIRTUOSO_TEST_WEBHOOK holds no address";
    deliver_all(make_webhook(
        "test", {.url = Secret(std::string(url)), .signing_key = Secret(environment("VIRTUOSO_TEST_WEBHOOK_KEY"))}));
}

TEST(RealService, Mail) {
    const std::string host = environment("VIRTUOSO_TEST_MAIL_HOST");
    if (host.empty()) GTEST_SKIP() << "VIRTUOSO_TEST_MAIL_HOST names no mail server";
    deliver_all(make_email("test", {.host = host,
                                    .user = environment("VIRTUOSO_TEST_MAIL_USER"),
                                    .password = Secret(environment("VIRTUOSO_TEST_MAIL_PASSWORD")),
                                    .from = environment("VIRTUOSO_TEST_MAIL_FROM"),
                                    .to = {environment("VIRTUOSO_TEST_MAIL_TO")}}));
}

}  // namespace
}  // namespace vt::notify
