#include "api/kept_writes.hpp"

#include "api/route.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vt::api {
namespace {

using net::PreparedResponsePtr;

/// Writes of which each carried out one counts.
class KeptWritesTest : public testing::Test {
protected:
    PreparedResponsePtr send(std::string_view key, std::string_view body = "{}", const std::string& user = "ann") {
        Visitor visitor;
        visitor.place.address = "127.0.0.1";
        visitor.caller = login::Caller{.user = user, .session = "s1"};
        const auto reply =
            writes.answer({.method = net::Method::post, .path = path, .body = body}, visitor, key, [&] {
                ++carried_out;
                return net::HttpReply(answer());
            });
        return std::get<PreparedResponsePtr>(reply);
    }
    [[nodiscard]] PreparedResponsePtr answer() const {
        if (status >= 400) return problem(status, "no");
        return net::prepare({.status = status, .content_type = "text/plain", .body = std::to_string(carried_out)});
    }

    Timestamp now = from_ms(1'800'000'000'000);
    KeptWrites writes{[this] { return now; }};
    int carried_out = 0;
    int status = 200;
    std::string path = "/api/tokens";
};

TEST_F(KeptWritesTest, TheSameChangeIsCarriedOutOnceAndAnsweredAlike) {
    const auto first = send("a");
    const auto again = send("a");
    EXPECT_EQ(carried_out, 1);
    EXPECT_EQ(again->identity.body, first->identity.body);
    EXPECT_EQ(first->identity.head.find("Idempotency-Replayed"), std::string::npos);
    EXPECT_NE(again->identity.head.find("\r\nIdempotency-Replayed: true\r\n"), std::string::npos);
    EXPECT_EQ(send("b")->identity.body, "2") << "another key is another change";
    path = "/api/cache/flush";
    EXPECT_EQ(send("a")->identity.body, "3") << "and so is another route";
}

TEST_F(KeptWritesTest, AnotherBodyIsRefusedAndAnotherCallerKnowsNothingOfIt) {
    (void)send("a", R"({"label":"one"})");
    EXPECT_EQ(send("a", R"({"label":"two"})")->status, 422);
    EXPECT_EQ(carried_out, 1);
    EXPECT_EQ(send("a", R"({"label":"two"})", "bob")->status, 200) << "his key, his change";
    EXPECT_EQ(carried_out, 2);
}

TEST_F(KeptWritesTest, WhatFailedMayBeSentAgain) {
    for (const int failed : {503, 429, 403, 409}) {
        status = failed;
        EXPECT_EQ(send("a")->status, failed);
    }
    status = 200;
    EXPECT_EQ(send("a")->status, 200);
    EXPECT_EQ(send("a")->identity.body, "5");
    EXPECT_EQ(carried_out, 5);
}

TEST_F(KeptWritesTest, AThrowingChangeIsNotUnderWayForEver) {
    const auto failing = [&] {
        (void)writes.answer({.method = net::Method::post, .path = path}, {}, "a",
                            []() -> net::HttpReply { throw std::runtime_error("out of memory"); });
    };
    EXPECT_THROW(failing(), std::runtime_error);
    EXPECT_THROW(failing(), std::runtime_error) << "it is carried out again, not answered 409";
}

TEST_F(KeptWritesTest, OneThatIsUnderWayIsNotBegunTwice) {
    std::vector<net::PendingResponse::Done> waiting;
    const auto begin = [&](std::string_view key) {
        auto reply = writes.answer({.method = net::Method::post, .path = path}, {}, key, [&] {
            return net::HttpReply(net::PendingResponse{.begin = [&](const auto& done) { waiting.push_back(done); }});
        });
        if (auto* pending = std::get_if<net::PendingResponse>(&reply))
            pending->begin([](const PreparedResponsePtr&) {});
        return reply;
    };
    (void)begin("a");
    ASSERT_EQ(waiting.size(), 1U);
    EXPECT_EQ(std::get<PreparedResponsePtr>(begin("a"))->status, 409);
    waiting.front()(answer());
    EXPECT_EQ(std::get<PreparedResponsePtr>(begin("a"))->status, 200);
    EXPECT_EQ(waiting.size(), 1U);
}

TEST_F(KeptWritesTest, AreBoundedInNumberAndAge) {
    (void)send("first");
    for (std::size_t i = 0; i < KeptWrites::kWritesMax - 1; ++i) (void)send("k" + std::to_string(i));
    const int before = carried_out;
    (void)send("first");
    EXPECT_EQ(carried_out, before) << "still kept";
    (void)send("one-more");
    (void)send("and-one");
    (void)send("first");
    EXPECT_EQ(carried_out, before + 3) << "the oldest went";
    now += KeptWrites::kKeptFor + std::chrono::seconds{1};
    (void)send("and-one");
    EXPECT_EQ(carried_out, before + 4) << "an hour later it is another change";
}

TEST_F(KeptWritesTest, AKeyIsShortAndPlain) {
    for (const std::string& key :
         {std::string(), std::string("a b"), std::string("\xc3\xa9"), std::string(KeptWrites::kKeyBytesMax + 1, 'k')})
        EXPECT_EQ(send(key)->status, 400) << key;
    EXPECT_EQ(carried_out, 0);
    EXPECT_EQ(send(std::string(KeptWrites::kKeyBytesMax, 'k'))->status, 200);
}

}  // namespace
}  // namespace vt::api
