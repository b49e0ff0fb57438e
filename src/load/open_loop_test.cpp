#include "load/open_loop.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace vt::load {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Runs a plan against a server of the imagination, in virtual time: it takes `service` for each request, one at a
/// time on each connection, and stands still from `stall_begin` for `stall`.
struct ImaginedServer {
    Nanos service = milliseconds{2};
    Nanos stall_begin = seconds{1'000'000};
    Nanos stall{};

    [[nodiscard]] Nanos answered_at(Nanos sent) const {
        const Nanos end = sent + service;
        return end >= stall_begin && sent < stall_begin + stall ? stall_begin + stall + service : end;
    }
};

std::vector<Figures> figures_of(const Plan& plan, const ImaginedServer& server) {
    OpenLoop loop(plan);
    std::vector<std::pair<Nanos, OpenLoop::Request>> under_way;
    Nanos now{};
    while (!loop.is_done()) {
        while (const auto request = loop.take(now)) {
            EXPECT_GE(now, request->planned);
            under_way.emplace_back(server.answered_at(now), *request);
        }
        EXPECT_LE(under_way.size(), plan.connections);
        std::optional<Nanos> next = loop.next_due(now);
        for (const auto& [at, request] : under_way) next = next ? std::min(*next, at) : at;
        if (!next) break;
        now = *next;
        for (std::size_t i = 0; i < under_way.size();) {
            if (under_way[i].first > now) {
                ++i;
                continue;
            }
            loop.ended(under_way[i].second, now, {.status = 200, .bytes = 10});
            under_way.erase(under_way.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }
    EXPECT_TRUE(loop.is_done());
    return loop.figures();
}

Plan plan_of(double rate, Nanos length, std::size_t connections) {
    return {.paths = {"/a", "/b"}, .rate_per_second = rate, .length = length, .connections = connections};
}

TEST(OpenLoop, SendTimesAreFixedInAdvance) {
    const Plan plan = plan_of(633.6, seconds{60}, 1);
    EXPECT_EQ(request_count(plan), 38'016U);
    EXPECT_EQ(planned_at(plan, 0), Nanos{0});
    EXPECT_EQ(planned_at(plan, 6'336), seconds{10}) << "no drift";
    EXPECT_EQ(planned_at(plan, 1).count(), 1'578'283);
}

TEST(OpenLoop, AQuickServerIsAskedAtThePlannedTimes) {
    const Figures all = sum_of(figures_of(plan_of(200, seconds{4}, 8), {}));
    EXPECT_EQ(all.planned, 800U);
    EXPECT_EQ(all.answered, 800U);
    EXPECT_EQ(all.bytes, 8'000U);
    EXPECT_EQ(all.error_count(), 0U);
    EXPECT_EQ(all.corrected.longest(), milliseconds{2});
    EXPECT_EQ(all.corrected.percentile(0.5), all.uncorrected.percentile(0.5));
}

// One connection, 200 requests a second, one second of four in which the server stands still: a quarter of those who
// came were kept waiting. Who counts from the sending sees one slow answer of 800.
TEST(OpenLoop, AStallShowsInTheCorrectedFiguresOnly) {
    const Figures all =
        sum_of(figures_of(plan_of(200, seconds{4}, 1), {.stall_begin = seconds{1}, .stall = seconds{1}}));
    EXPECT_EQ(all.answered, 800U);
    EXPECT_GT(*all.corrected.percentile(0.99), milliseconds{900});
    EXPECT_GT(*all.corrected.percentile(0.8), milliseconds{200});
    EXPECT_LT(*all.uncorrected.percentile(0.99), milliseconds{3});
    EXPECT_GT(*all.uncorrected.longest(), milliseconds{900});
}

TEST(OpenLoop, AServerThatIsTooSlowBuildsUpItsQueueInTheFigures) {
    // 10 ms each on one connection: 100 a second of the 200 that are wanted.
    const Figures all = sum_of(figures_of(plan_of(200, seconds{2}, 1), {.service = milliseconds{10}}));
    EXPECT_EQ(all.answered, 400U);
    EXPECT_GT(*all.corrected.longest(), milliseconds{1'900});
    EXPECT_EQ(all.uncorrected.longest(), milliseconds{10});
}

TEST(OpenLoop, WhatWaitedLongerThanTheTimeoutIsNotSentAndSaysSo) {
    Plan plan = plan_of(100, seconds{4}, 1);
    plan.timeout = milliseconds{500};
    const Figures all = sum_of(figures_of(plan, {.stall_begin = seconds{1}, .stall = seconds{2}}));
    const std::uint64_t not_sent = all.errors.at("not sent");
    EXPECT_GT(not_sent, 100U);
    EXPECT_LT(not_sent, 200U);
    EXPECT_EQ(all.answered + not_sent, all.planned) << "each request is counted once";
}

TEST(OpenLoop, RequestsAreSpreadOverThePathsInTurn) {
    Plan plan = plan_of(10, seconds{1}, 4);
    plan.paths = {"/a", "/b", "/c"};
    const std::vector<Figures> figures = figures_of(plan, {});
    ASSERT_EQ(figures.size(), 3U);
    EXPECT_EQ(figures[0].answered, 4U);
    EXPECT_EQ(figures[1].answered, 3U);
    EXPECT_EQ(figures[2].answered, 3U);
    for (const Figures& each : figures) EXPECT_EQ(each.planned, each.answered);
}

TEST(OpenLoop, ErrorsAreCountedByKind) {
    Plan plan = plan_of(4, seconds{1}, 4);
    plan.paths = {"/a"};
    OpenLoop loop(plan);
    const std::vector<Ending> endings = {{.status = 200, .bytes = 5},
                                         {.error = ErrorKind::status, .status = 503, .bytes = 7},
                                         {.error = ErrorKind::timeout},
                                         {.error = ErrorKind::no_connection}};
    for (std::size_t i = 0; i < endings.size(); ++i) {
        const Nanos now = planned_at(plan, i);
        loop.ended(loop.take(now).value(), now + milliseconds{1}, endings[i]);
    }
    EXPECT_TRUE(loop.is_done());
    const Figures& all = loop.figures().front();
    EXPECT_EQ(all.errors,
              (std::map<std::string, std::uint64_t>{{"status 503", 1}, {"timeout", 1}, {"no connection", 1}}));
    EXPECT_EQ(all.answered, 1U);
    EXPECT_EQ(all.bytes, 5U);
    EXPECT_EQ(all.corrected.count(), 2U) << "an answer of any status took its time; none is no time";
    EXPECT_EQ(loop.taken(), milliseconds{751});
}

}  // namespace
}  // namespace vt::load
