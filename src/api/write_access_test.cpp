#include "api/write_access.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vt::api {
namespace {

/// A change as the command line sends it, but for what a test says.
struct Change {
    std::string address = "127.0.0.1";
    std::vector<net::HeaderView> headers = {{"Host", "127.0.0.1:8003"}, {"Content-Type", "application/json"}};

    [[nodiscard]] int status() const {
        net::HttpRequest request;
        request.method = net::Method::post;
        request.remote_address = address;
        request.headers = headers;
        const auto refusal = write_refusal(request);
        return refusal ? refusal->status : 0;
    }
};

int with(net::HeaderView header) {
    Change change;
    change.headers.push_back(header);
    return change.status();
}

int to(std::string_view host, std::string_view origin = {}) {
    Change change{.headers = {{"Host", host}, {"Content-Type", "application/json"}}};
    if (!origin.empty()) change.headers.push_back({"Origin", origin});
    return change.status();
}

}  // namespace

TEST(WriteAccess, IsForThisMachine) {
    for (const char* address : {"127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"})
        EXPECT_EQ(Change{.address = address}.status(), 0) << address;
    for (const char* address : {"192.0.2.1", "::ffff:192.0.2.1", "10.127.0.1", "fe80::1", ""})
        EXPECT_EQ(Change{.address = address}.status(), 403) << address;
}

TEST(WriteAccess, IsUnderALoopbackName) {
    for (const char* host : {"localhost", "LocalHost:8003", "127.0.0.1", "[::1]", "[::1]:8003"})
        EXPECT_EQ(to(host), 0) << host;
    for (const char* host : {"virtuoso.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "[::2]", ""})
        EXPECT_EQ(to(host), 403) << host;
    EXPECT_EQ((Change{.headers = {{"Content-Type", "application/json"}}}.status()), 403) << "no Host at all";
}

TEST(WriteAccess, IsNotForThoseBehindAProxy) {
    for (const char* header :
         {"Forwarded", "X-Forwarded-For", "x-forwarded-for", "X-Forwarded-Host", "X-Real-IP", "Via"})
        EXPECT_EQ(with({header, "192.0.2.1"}), 403) << header;
}

TEST(WriteAccess, IsNotForPagesOfOtherOrigins) {
    EXPECT_EQ(to("127.0.0.1:8003", "http://127.0.0.1:8003"), 0);
    for (const char* origin : {"http://evil.example", "null", "http://127.0.0.1:8004", "http://127.0.0.1",
                               "http://localhost:8003", "https://127.0.0.1:8003"})
        EXPECT_EQ(to("127.0.0.1:8003", origin), 403) << origin;
    EXPECT_EQ(with({"Sec-Fetch-Site", "same-origin"}), 0);
    EXPECT_EQ(with({"Sec-Fetch-Site", "none"}), 0);
    for (const char* site : {"cross-site", "same-site", "whatever"})
        EXPECT_EQ(with({"Sec-Fetch-Site", site}), 403) << site;
}

TEST(WriteAccess, NeedsATypeThatNoFormSends) {
    const auto of = [](std::string_view type) {
        return Change{.headers = {{"Host", "localhost"}, {"Content-Type", type}}}.status();
    };
    EXPECT_EQ(of("application/json"), 0);
    EXPECT_EQ(of("Application/JSON; charset=utf-8"), 0);
    for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "",
                             "application/json-patch", "text/plain; application/json"})
        EXPECT_EQ(of(type), 415) << type;
    EXPECT_EQ((Change{.headers = {{"Host", "localhost"}}}.status()), 415);
}

}  // namespace vt::api
