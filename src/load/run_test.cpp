#include "load/run.hpp"

#include "net/served_fixture.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace vt::load {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

using LoadRunServed = net::ServedTest;

TEST_F(LoadRunServed, EveryPlannedRequestIsAnsweredAndCounted) {
    serve([](const net::HttpRequest& request) -> net::HttpReply {
        if (request.path == "/bad") return text(503, "x");
        return text(200, "twelve bytes");
    });
    const LoadRun found = run(base_url, {.paths = {"/good", "/bad"}, .rate_per_second = 100, .length = seconds{1}});
    ASSERT_EQ(found.figures.size(), 2U);
    EXPECT_EQ(found.figures[0].answered, 50U);
    EXPECT_EQ(found.figures[0].bytes, 600U);
    EXPECT_EQ(found.figures[0].error_count(), 0U);
    EXPECT_EQ(found.figures[1].answered, 0U);
    EXPECT_EQ(found.figures[1].errors, (std::map<std::string, std::uint64_t>{{"status 503", 50}}));
    EXPECT_GE(found.taken, milliseconds{990}) << "not sooner than planned";
    EXPECT_LE(found.achieved_per_second(), 50.0);
    EXPECT_GT(found.cpu_time, Nanos{0});
}

// The server stands still for half a second, once, while fifty requests come on one connection: all of them were kept
// waiting, and the one that it held is what a client sees that counts from its sending.
TEST_F(LoadRunServed, AStallShowsInTheCorrectedFiguresOnly) {
    int count = 0;
    serve([&count](const net::HttpRequest&) -> net::HttpReply {
        if (++count == 20) std::this_thread::sleep_for(milliseconds{500});
        return text(200, "x");
    });
    const LoadRun found =
        run(base_url, {.paths = {"/"}, .rate_per_second = 100, .length = seconds{1}, .connections = 1});
    const Figures all = found.all();
    ASSERT_EQ(all.answered, 100U);
    EXPECT_GE(*all.corrected.percentile(0.8), milliseconds{200});
    EXPECT_GE(*all.uncorrected.longest(), milliseconds{490});
    EXPECT_GE(all.corrected.percentile(0.8)->count(), 2 * all.uncorrected.percentile(0.8)->count());
}

TEST_F(LoadRunServed, AnAnswerThatDoesNotComeIsATimeout) {
    serve([](const net::HttpRequest&) -> net::HttpReply {
        return net::LateResponse{.response = text(200, "late"), .delay = seconds{20}};
    });
    const LoadRun found = run(base_url, {.paths = {"/"},
                                         .rate_per_second = 20,
                                         .length = milliseconds{500},
                                         .connections = 4,
                                         .timeout = milliseconds{300}});
    const Figures all = found.all();
    EXPECT_EQ(all.answered, 0U);
    EXPECT_EQ(all.error_count(), 10U) << "some waited, some were never sent";
    EXPECT_GE(all.errors.at("timeout"), 4U);
    EXPECT_EQ(all.corrected.count(), 0U);
}

TEST(LoadRun, NobodyThereIsAnErrorForEachRequest) {
    const LoadRun found =
        run("http://127.0.0.1:1", {.paths = {"/"}, .rate_per_second = 50, .length = milliseconds{200}});
    EXPECT_EQ(found.all().errors, (std::map<std::string, std::uint64_t>{{"no connection", 10}}));
}

TEST(LookAt, SaysWhatToDoWhenNobodyIsThere) {
    const auto found = look_at("http://127.0.0.1:1");
    ASSERT_FALSE(found);
    EXPECT_NE(found.error().what.find("http://127.0.0.1:1"), std::string::npos);
    EXPECT_NE(found.error().what.find("`virtuoso run`"), std::string::npos);
}

using LookAtServed = net::ServedTest;

TEST_F(LookAtServed, AProgramThatWantsToKnowWhoAsksIsShownTheToken) {
    serve([](const net::HttpRequest& request) -> net::HttpReply {
        if (request.header("Authorization") != "Bearer canary") return text(401, "{}");
        return text(200, R"({"version":"9","paths":{},"timestamp":5})");
    });
    EXPECT_TRUE(look_at(base_url, "canary"));
    EXPECT_EQ(published_at(base_url, "canary").value(), from_ms(5));
    EXPECT_EQ(published_at(base_url).error().code, Errc::refused);
    EXPECT_NE(published_at(base_url).error().what.find("VIRTUOSO_TOKEN"), std::string::npos);
    const Plan plan{.paths = {"/"}, .rate_per_second = 50, .length = milliseconds{200}, .token = "canary"};
    EXPECT_EQ(run(base_url, plan).all().answered, 10U);
}

TEST_F(LookAtServed, ReadsTheRoutesThatTakeNoParameter) {
    serve([](const net::HttpRequest& request) -> net::HttpReply {
        if (request.path == "/health") return text(200, R"({"status":"ok","version":"9"})");
        if (request.path == "/api/market/internals") return text(200, R"({"timestamp":1700000000123})");
        return text(200, R"({"paths":{"/a":{"get":{}},"/b/{c}":{"get":{}},"/d":{"post":{}}}})");
    });
    const auto found = look_at(base_url);
    ASSERT_TRUE(found) << found.error().what;
    EXPECT_EQ(found->version, "9");
    EXPECT_EQ(found->status, "ok");
    EXPECT_EQ(found->routes, std::vector<std::string>{"/a"});
    EXPECT_EQ(published_at(base_url).value(), from_ms(1'700'000'000'123));
}

TEST_F(LookAtServed, RefusesAnotherProgram) {
    serve([](const net::HttpRequest&) -> net::HttpReply { return text(200, "<html>hello</html>"); });
    const auto found = look_at(base_url);
    ASSERT_FALSE(found);
    EXPECT_NE(found.error().what.find("is not this program"), std::string::npos);
}

}  // namespace
}  // namespace vt::load
