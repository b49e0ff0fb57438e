#include "net/blocking_call.hpp"

#include "net/served_fixture.hpp"

#include <gtest/gtest.h>

#include <string>

namespace vt::net {
namespace {

using BlockingCallServed = ServedTest;

TEST_F(BlockingCallServed, WaitsForTheAnswer) {
    serve([](const HttpRequest& request) -> HttpReply {
        return text(200, std::string(name(request.method)) + " " + std::string(request.body));
    });
    const auto answer = call_and_wait({.url = base_url + "/x", .method = Method::post, .body = "hello"});
    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "POST hello");
}

TEST(BlockingCall, SaysWhenNobodyIsThere) {
    const auto answer = call_and_wait({.url = "http://127.0.0.1:1/"});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::unavailable);
}

}  // namespace
}  // namespace vt::net
