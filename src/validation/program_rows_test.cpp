#include "validation/program_rows.hpp"

#include "net/served_fixture.hpp"

#include <gtest/gtest.h>

#include <map>
#include <mutex>

namespace vt::validation {
namespace {

using report::Finding;
using report::Verdict;

using ProgramRows = net::ServedTest;

constexpr const char* kMetrics =
    R"({"tiers":[{"name":"l1","hits":5000,"share_of_answers":0.8,"latency_p50_us":0.4,"latency_p99_us":1.5},)"
    R"({"name":"l2","hits":null,"share_of_answers":null}],"origin":{"share_of_answers":0.2},)"
    R"("routes":[{"route":"/api/symbols/{symbol}/scores","origin_over_l1":250,"l1_p50_us":2,"origin_p50_us":500},)"
    R"({"route":"/never","origin_over_l1":null,"l1_p50_us":null,"origin_p50_us":3}],"warming":{"warmed":40,"read":10}})";

/// What a program answers that has two instruments and one route behind its cache.
struct Imagined {
    std::string metrics = kMetrics;
    std::string warmed = R"({"attempted":8,"warmed":8,"left_out":1})";
    int warm_status = 200;

    /// How often a path was asked for. Any thread.
    [[nodiscard]] int asked(const std::string& path) {
        const std::lock_guard lock(mutex_);
        return asked_[path];
    }

    net::PreparedResponsePtr answer(const net::HttpRequest& request,
                                    net::PreparedResponsePtr (*text)(int, std::string,
                                                                     std::vector<net::HttpHeader>)) {
        const std::string path(request.path);
        {
            const std::lock_guard lock(mutex_);
            ++asked_[path];
        }
        if (path == "/api/symbols")
            return text(200, R"({"symbols":[{"id":"bybit-linear-A"},{"id":"bybit-linear-B"}]})", {});
        if (path == "/openapi.json")
            return text(
                200,
                R"({"paths":{"/health":{"get":{}},"/api/symbols/{symbol}/scores":{"get":{"parameters":[{"name":"limit"}]}},)"
                R"("/api/cache/warm":{"post":{}},"/api/signals/{id}":{"get":{}}}})",
                {});
        if (path == "/api/cache/warm" && request.method == net::Method::post) return text(warm_status, warmed, {});
        if (path == "/cache-metrics") return text(200, metrics, {});
        if (path.ends_with("/scores")) return text(200, "{}", {{"X-Cache", "origin"}});
        return text(200, "{}", {{"X-Cache", "live"}});
    }

private:
    std::mutex mutex_;
    std::map<std::string, int> asked_;
};

std::map<std::string, Finding> by_name(const Findings& findings) {
    std::map<std::string, Finding> out;
    for (const Finding& finding : findings) out[finding.name] = finding;
    return out;
}

TEST_F(ProgramRows, ReadWhatTheProgramMeasures) {
    Imagined program;
    serve([&](const net::HttpRequest& request) -> net::HttpReply { return program.answer(request, &text); });
    auto found = by_name(program_rows({base_url}));
    EXPECT_EQ(found["l1_hit_p99_in_program"].verdict, Verdict::passed);
    EXPECT_EQ(found["l1_hit_p99_in_program"].value, 1.5);
    EXPECT_EQ(found["l1_speed_up"].verdict, Verdict::information);
    EXPECT_EQ(found["l1_speed_up"].measured, "/api/symbols/{symbol}/scores 250x (500.0 over 2.00 us)");
    EXPECT_EQ(found["shares_of_real_requests"].measured, "l1 80.00 %, l2 -, origin 20.00 %");
    EXPECT_EQ(found["warming_leaves_values"].verdict, Verdict::passed);
    EXPECT_EQ(found["warming_leaves_values"].measured, "8 of 8 warmed, 1 more left out by the cycle's limits");
    EXPECT_EQ(found["warming_is_read"].value, 0.25);
    EXPECT_EQ(program.asked("/api/symbols/bybit-linear-B/scores"), 3 * 12) << "it gave it something to tell";
    EXPECT_EQ(program.asked("/health"), 1) << "what is live is no traffic of the cache";
}

TEST_F(ProgramRows, ASlowHitAndAHalfWarmCycleFail) {
    Imagined program;
    program.metrics.replace(program.metrics.find("1.5"), 3, "11.5");
    program.warmed = R"({"attempted":8,"warmed":7,"left_out":0})";
    serve([&](const net::HttpRequest& request) -> net::HttpReply { return program.answer(request, &text); });
    auto found = by_name(program_rows({base_url}));
    EXPECT_EQ(found["l1_hit_p99_in_program"].verdict, Verdict::failed);
    EXPECT_EQ(found["warming_leaves_values"].verdict, Verdict::failed);
}

TEST_F(ProgramRows, WhatIsNotKnownIsNotMeasured) {
    Imagined program;
    program.metrics = R"({"tiers":[{"name":"l1","hits":3,"latency_p99_us":1}],"routes":[]})";
    program.warm_status = 403;
    serve([&](const net::HttpRequest& request) -> net::HttpReply { return program.answer(request, &text); });
    auto found = by_name(program_rows({base_url}));
    for (const char* name : {"l1_hit_p99_in_program", "l1_speed_up", "warming_leaves_values", "warming_is_read"}) {
        EXPECT_EQ(found[name].verdict, Verdict::not_measured) << name;
        EXPECT_EQ(found[name].value, std::nullopt) << name;
    }
    EXPECT_NE(found["warming_leaves_values"].remedy.find("403"), std::string::npos);
    EXPECT_NE(found["l1_hit_p99_in_program"].remedy.find("only 3 hits"), std::string::npos);
}

TEST_F(ProgramRows, AProgramThatWantsToKnowWhoAsksIsShownTheToken) {
    Imagined program;
    serve([&](const net::HttpRequest& request) -> net::HttpReply {
        if (request.header("Authorization") != "Bearer canary") return text(401, "", {});
        return program.answer(request, &text);
    });
    auto found = by_name(program_rows({base_url, "canary"}));
    EXPECT_EQ(found["warming_leaves_values"].verdict, Verdict::passed);
    EXPECT_EQ(program.asked("/api/symbols/bybit-linear-B/scores"), 3 * 12) << "the load shows it, too";
    for (const auto& [name, finding] : by_name(program_rows({base_url}))) {
        EXPECT_EQ(finding.verdict, Verdict::not_measured) << name;
        EXPECT_NE(finding.remedy.find("VIRTUOSO_TOKEN"), std::string::npos) << finding.remedy;
    }
}

TEST(ProgramRowsWithoutAProgram, SayWhatToDo) {
    for (const Finding& finding : program_rows({"http://127.0.0.1:1"})) {
        EXPECT_EQ(finding.verdict, Verdict::not_measured) << finding.name;
        EXPECT_NE(finding.remedy.find("`virtuoso run`"), std::string::npos) << finding.name;
    }
}

TEST(ClaimsNotMade, JudgeNothing) {
    for (const Finding& finding : claims_not_made()) EXPECT_EQ(finding.verdict, Verdict::information) << finding.name;
}

}  // namespace
}  // namespace vt::validation
