#include "load/sockets.hpp"

#include "net/loop.hpp"
#include "net/served_fixture.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <set>

namespace vt::load {
namespace {

using std::chrono::milliseconds;

std::shared_ptr<const std::string> message(const char* type, Timestamp at) {
    return std::make_shared<const std::string>(std::string(R"({"type":")") + type +
                                               R"(","topic":"overview","seq":1,"timestamp":)" +
                                               std::to_string(to_ms(at)) + R"(,"data":{}})");
}

using SocketLoadServed = net::ServedTest;

// Each gets its picture when it subscribes, and then changes that are half a second old, as fast as it takes them.
TEST_F(SocketLoadServed, EverySocketIsOpenedAndWhatItGetsIsCounted) {
    std::set<std::string> addresses;
    serve([&](const net::HttpRequest& request) -> net::HttpReply {
        addresses.emplace(request.remote_address);
        if (request.header("Authorization") != "Bearer vt_x") return text(401, "no");
        return net::WebSocketAccept{.open = [](const net::WebSocketSessionPtr& session) {
            return net::WebSocketSessionCallbacks{
                .on_text =
                    [session](std::string_view asked, Timestamp) {
                        EXPECT_EQ(asked, R"({"op":"subscribe","topics":["overview"]})");
                        (void)session->send(message("snapshot", net::wall_now()));
                    },
                .on_writable =
                    [session] { (void)session->send(message("delta", net::wall_now() - milliseconds{500})); },
                .on_close = {}};
        }};
    });
    const SocketRun found = follow(base_url, {.sockets = 7,
                                              .length = milliseconds{300},
                                              .opened_per_second = 10'000,
                                              .sockets_per_address = 3,
                                              .token = "vt_x"});
    EXPECT_EQ(found.opened, 7U);
    EXPECT_EQ(found.open_at_end, 7U);
    EXPECT_TRUE(found.closings.empty());
    EXPECT_EQ(found.opening.count(), 7U);
    EXPECT_EQ(addresses.size(), 3U) << "three sockets of an address at most";
    ASSERT_GT(found.messages, 7U);
    EXPECT_GT(found.bytes, 50 * found.messages);
    EXPECT_EQ(found.delivery.count(), found.messages);
    EXPECT_GE(*found.delivery.percentile(0.5), milliseconds{490});
    EXPECT_LT(*found.delivery.percentile(0.5), milliseconds{5000});
}

TEST_F(SocketLoadServed, OnesThatAreRefusedAreCountedWithTheReason) {
    serve([](const net::HttpRequest&) -> net::HttpReply { return text(401, "no"); });
    const SocketRun found = follow(base_url, {.sockets = 3, .length = milliseconds{10}, .opened_per_second = 10'000});
    EXPECT_EQ(found.opened, 0U);
    ASSERT_EQ(found.closings.size(), 1U);
    EXPECT_EQ(found.closings.begin()->second, 3U);
    EXPECT_NE(found.closings.begin()->first.find("401"), std::string::npos);
}

}  // namespace
}  // namespace vt::load
