#include "net/blocking_call.hpp"

#include "net/http_server.hpp"
#include "net/loop.hpp"
#include "obs/fail_on_warning.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace vt::net {
namespace {

TEST(BlockingCall, WaitsForTheAnswer) {
    const obs::FailOnWarning log;
    Loop loop;
    HttpServer server(loop, {}, [](const HttpRequest& request) -> HttpReply {
        return prepare({.content_type = "text/plain",
                        .body = std::string(name(request.method)) + " " + std::string(request.body)});
    });
    ASSERT_TRUE(server.listen());
    std::thread thread([&loop] { loop.run(); });
    const auto answer = call_and_wait(
        {.url = "http://127.0.0.1:" + std::to_string(server.port()) + "/x", .method = Method::post, .body = "hello"});
    loop.stop();
    thread.join();
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
