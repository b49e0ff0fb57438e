#include "notify/answer.hpp"

#include "notify/alert_fixture.hpp"

#include <gtest/gtest.h>

namespace vt::notify {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Outcome read(ChannelKind kind, int status, std::string body = {}, std::vector<net::HttpHeader> headers = {}) {
    return read_answer(kind,
                       net::HttpResponse{.status = status, .headers = std::move(headers), .body = std::move(body)});
}

TEST(Answer, DiscordsYesIsItsMessage) {
    const Outcome yes = read(ChannelKind::discord, 200, R"({"id":"1199","type":0,"embeds":[]})",
                             {{"X-RateLimit-Remaining", "4"}, {"X-RateLimit-Reset-After", "1.0"}});
    EXPECT_EQ(yes.fate, Fate::delivered);
    EXPECT_EQ(yes.receipt, "1199");
    EXPECT_FALSE(yes.wait);
    EXPECT_FALSE(yes.may_have_arrived);
    EXPECT_TRUE(yes.problem.empty());
    const Outcome last = read(ChannelKind::discord, 200, R"({"id":"1200"})",
                              {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset-after", "1.337"}});
    EXPECT_EQ(last.fate, Fate::delivered);
    EXPECT_EQ(last.wait, milliseconds{1337}) << "the next message would be refused";
    EXPECT_EQ(read(ChannelKind::discord, 204).fate, Fate::delivered);
    for (const char* body : {"", "<html>hello</html>", "[]", "{}", R"({"id":{}})"}) {
        const Outcome odd = read(ChannelKind::discord, 200, body);
        EXPECT_EQ(odd.fate, Fate::retry) << body;
        EXPECT_TRUE(odd.may_have_arrived) << body;
    }
}

TEST(Answer, DiscordsLimitsAreKeptAsItSaysThem) {
    const Outcome own = read(ChannelKind::discord, 429,
                             R"({"message":"You are being rate limited.","retry_after":0.6,"global":false})",
                             {{"Retry-After", "1"}, {"X-RateLimit-Scope", "user"}});
    EXPECT_EQ(own.fate, Fate::retry);
    EXPECT_EQ(own.wait, milliseconds{600}) << "the body is the more exact";
    EXPECT_FALSE(own.is_wait_global);
    EXPECT_FALSE(own.may_have_arrived);
    EXPECT_TRUE(read(ChannelKind::discord, 429, R"({"retry_after":2,"global":true})").is_wait_global);
    EXPECT_TRUE(
        read(ChannelKind::discord, 429, "", {{"X-RateLimit-Global", "true"}, {"Retry-After", "3"}}).is_wait_global);
    const Outcome edge = read(ChannelKind::discord, 429, "<html>error 1015</html>", {{"Retry-After", "65"}});
    EXPECT_EQ(edge.wait, seconds{65});
    const Outcome both = read(ChannelKind::discord, 429, R"({"retry_after":0.5})",
                              {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset-After", "2.5"}});
    EXPECT_EQ(both.wait, milliseconds{2500}) << "the later of the two";
}

TEST(Answer, AWaitIsAtMostADayAndNeverNonsense) {
    for (const char* most : {"86400", "86401", "1e300", "9223372036854775807"}) {
        EXPECT_EQ(read(ChannelKind::webhook, 503, "", {{"Retry-After", most}}).wait, kDay) << most;
        EXPECT_EQ(read(ChannelKind::discord, 429, std::string(R"({"retry_after":)") + most + "}").wait, kDay) << most;
    }
    for (const char* bad :
         {"", " ", "-1", "nan", "inf", "soon", "1s", "0x10", "1,5", "Wed, 21 Oct 2026 07:28:00 GMT"}) {
        EXPECT_FALSE(read(ChannelKind::webhook, 503, "", {{"Retry-After", bad}}).wait) << bad;
    }
    for (const char* bad : {"-1", "\"5\"", "null", "true", "[5]"}) {
        const std::string body = std::string(R"({"retry_after":)") + bad + "}";
        EXPECT_FALSE(read(ChannelKind::discord, 429, body).wait) << bad;
        EXPECT_EQ(read(ChannelKind::discord, 429, body, {{"Retry-After", "7"}}).wait, seconds{7}) << bad;
    }
    EXPECT_EQ(read(ChannelKind::webhook, 429, "", {{"Retry-After", "0"}}).wait, Nanos{0});
}

TEST(Answer, WhatWillNeverBeTakenIsRefusedWithTheRemedy) {
    struct Row {
        ChannelKind kind;
        int status;
        const char* body;
        const char* part;
    };
    for (
        const Row& row : std::vector<Row>{
            {ChannelKind::discord, 404, R"({"message":"Unknown Webhook","code":10015})",
             "Unknown Webhook (10015); the webhook is gone"},
            {ChannelKind::discord, 401, R"({"message":"Invalid Webhook Token","code":50027})", "copy it again"},
            {ChannelKind::discord, 400, R"({"message":"Invalid Form Body","code":50035,"errors":{}})",
             "Invalid Form Body (50035)"},
            {ChannelKind::discord, 413, R"({"message":"Request entity too large","code":40005})",
             "pictures are too large"},
            {ChannelKind::discord, 302, "", "a redirect is not followed"},
            {ChannelKind::telegram, 401, R"({"ok":false,"error_code":401,"description":"Unauthorized"})",
             "Unauthorized; the bot's token"},
            {ChannelKind::telegram, 404, R"({"ok":false,"error_code":404,"description":"Not Found"})", "@BotFather"},
            {ChannelKind::telegram, 403,
             R"({"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"})",
             "start it in the chat"},
            {ChannelKind::telegram, 400,
             R"({"ok":false,"error_code":400,"description":"Bad Request: chat not found"})",
             "check the chat's number"},
            {ChannelKind::telegram, 400,
             R"({"ok":false,"error_code":400,"description":"group upgraded","parameters":{"migrate_to_chat_id":-1001234567890}})",
             "set the chat to -1001234567890"},
            {ChannelKind::telegram, 200, R"({"ok":false,"error_code":400,"description":"Bad Request"})",
             "answered 400"},
            {ChannelKind::webhook, 400, "no", "docs/alerts.md"},
            {ChannelKind::webhook, 401, "", "check both"},
            {ChannelKind::webhook, 404, "", "nothing takes alerts"},
            {ChannelKind::webhook, 405, "", "takes no POST"},
            {ChannelKind::webhook, 410, "", "nothing takes alerts"},
            {ChannelKind::webhook, 422, "", "answered 422"},
            {ChannelKind::webhook, 301, "", "put the final address"},
            {ChannelKind::webhook, 308, "", "put the final address"},
        }) {
        const Outcome no = read(row.kind, row.status, row.body);
        EXPECT_EQ(no.fate, Fate::refused) << row.status << row.body;
        EXPECT_TRUE(contains(no.problem, row.part)) << no.problem;
        EXPECT_FALSE(no.may_have_arrived);
        EXPECT_TRUE(no.receipt.empty());
    }
}

TEST(Answer, WhatPassesIsTriedAgain) {
    for (const ChannelKind kind : {ChannelKind::discord, ChannelKind::webhook, ChannelKind::telegram}) {
        for (const int status : {408, 425, 429, 500, 502, 503, 504, 520, 599}) {
            const Outcome later = read(kind, status, "<html>bad gateway</html>");
            EXPECT_EQ(later.fate, Fate::retry) << status;
            EXPECT_EQ(later.may_have_arrived, status >= 500) << status;
            EXPECT_EQ(later.status, status);
            EXPECT_FALSE(later.wait);
        }
        for (const Errc code : {Errc::unavailable, Errc::malformed, Errc::out_of_range, Errc::unsupported}) {
            const Outcome none = read_answer(kind, fail(code, "cut off"));
            EXPECT_EQ(none.fate, Fate::retry);
            EXPECT_TRUE(none.may_have_arrived) << "nobody knows";
        }
        const Outcome certificate = read_answer(kind, fail(Errc::refused, "certificate of x refused"));
        EXPECT_EQ(certificate.fate, Fate::retry);
        EXPECT_FALSE(certificate.may_have_arrived);
        const Outcome vetted = read_answer(kind, fail(Errc::configuration, "host x is at 10.0.0.1"));
        EXPECT_EQ(vetted.fate, Fate::refused);
        EXPECT_TRUE(contains(vetted.problem, "allow_private")) << vetted.problem;
    }
    EXPECT_EQ(read(ChannelKind::webhook, 409).fate, Fate::retry);
}

TEST(Answer, TelegramSaysItInTheBody) {
    const Outcome yes = read(ChannelKind::telegram, 200, R"({"ok":true,"result":{"message_id":77,"chat":{"id":1}}})");
    EXPECT_EQ(yes.fate, Fate::delivered);
    EXPECT_EQ(yes.receipt, "77");
    const Outcome busy = read(
        ChannelKind::telegram, 429,
        R"({"ok":false,"error_code":429,"description":"Too Many Requests: retry after 35","parameters":{"retry_after":35}})");
    EXPECT_EQ(busy.fate, Fate::retry);
    EXPECT_EQ(busy.wait, seconds{35});
    EXPECT_FALSE(busy.is_wait_global);
    for (const char* body : {"", "{}", R"({"ok":true})", R"({"ok":"true","result":{"message_id":1}})",
                             R"({"result":{"message_id":1}})"}) {
        EXPECT_EQ(read(ChannelKind::telegram, 200, body).fate, Fate::retry) << body;
    }
    EXPECT_EQ(read(ChannelKind::telegram, 204).fate, Fate::retry);
}

TEST(Answer, AnyYesOfAWebhookIsOne) {
    EXPECT_EQ(read(ChannelKind::webhook, 200, "ok").receipt, "");
    EXPECT_EQ(read(ChannelKind::webhook, 201, R"({"id":"evt_1"})").receipt, "evt_1");
    EXPECT_EQ(read(ChannelKind::webhook, 202, R"({"id":12})").receipt, "12");
    EXPECT_EQ(read(ChannelKind::webhook, 204).fate, Fate::delivered);
    EXPECT_EQ(read(ChannelKind::webhook, 200, R"({"id":")" + std::string(1000, 'x') + "\"}").receipt, "");
    EXPECT_EQ(read(ChannelKind::webhook, 200, "{\"id\":\"a\\u001b[31m\\n\\u202eb\"}").receipt, "a b");
}

TEST(Answer, WhatAServiceSaysIsShortAndInert) {
    const Outcome no = read(ChannelKind::webhook, 400, "\x1b[31m" + std::string(50'000, 'x') + "\xff\n\n");
    EXPECT_LT(no.problem.size(), 400U);
    EXPECT_FALSE(contains(no.problem, "\x1b"));
    const Outcome deep = read(ChannelKind::discord, 400, std::string(60'000, '['));
    EXPECT_EQ(deep.fate, Fate::refused);
}

TEST(Answer, MailRepliesAreJudgedByTheirCode) {
    const Outcome yes = read_mail_reply(250, "250 2.0.0 Ok: queued as 4F2", true);
    EXPECT_EQ(yes.fate, Fate::delivered);
    EXPECT_EQ(yes.receipt, "250 2.0.0 Ok: queued as 4F2");
    EXPECT_EQ(read_mail_reply(250, "250 ok", false).fate, Fate::retry) << "to another command";
    for (const int code : {421, 450, 451, 452, 454})
        EXPECT_EQ(read_mail_reply(code, "later", false).fate, Fate::retry);
    for (const int code : {500, 530, 535, 550, 552, 554}) {
        EXPECT_EQ(read_mail_reply(code, "no", false).fate, Fate::refused) << code;
    }
    EXPECT_TRUE(contains(read_mail_reply(535, "535 5.7.8 bad", false).problem, "the user and the password"));
    EXPECT_TRUE(
        contains(read_mail_reply(550, "550 no such user", false).problem, "550 no such user; check from and to"));
}

}  // namespace
}  // namespace vt::notify
