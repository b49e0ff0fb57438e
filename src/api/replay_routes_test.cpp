#include "api/api_fixture.hpp"

#include <string>
#include <utility>

namespace vt::api {
namespace {

constexpr const char* kDecision = "/api/replay/00000000000000ab";

class ReplayRoutes : public ServerTest {
protected:
    net::HttpResponse start(std::vector<net::HttpHeader> more = {}) {
        more.push_back({"Content-Type", "application/json"});
        return ask("http://127.0.0.1:" + std::to_string(server.port()) + kDecision, net::Method::post,
                   std::move(more));
    }
    std::string fault(const net::HttpResponse& answer, std::string_view schema) {
        const Document openapi(get("/openapi.json").body), document(answer.body);
        return SchemaCheck(openapi.root).fault(document.root, schema);
    }
};

}  // namespace

TEST_F(ReplayRoutes, AReplayIsAJobThatTheAnswerLeadsTo) {
    const auto answer = start();
    EXPECT_EQ(answer.status, 202);
    EXPECT_EQ(answer.header("Location"), "../jobs/3") << "relative: it holds below a sub-path";
    EXPECT_EQ(fault(answer, "Job"), "");
    EXPECT_EQ(replays_asked, (std::vector<std::pair<std::string, std::string>>{{"demo", "00000000000000ab"}}));
    const auto first = start({{"Idempotency-Key", "once"}}), again = start({{"Idempotency-Key", "once"}});
    EXPECT_EQ(replays_asked.size(), 2U) << "asked for once with the key";
    EXPECT_EQ(again.status, 202);
    EXPECT_EQ(again.header("Location"), "../jobs/3");
    EXPECT_EQ(again.header("Idempotency-Replayed"), "true");
    EXPECT_EQ(again.body, first.body);
}

TEST_F(ReplayRoutes, WhatTheLastFoundIsSaidInFull) {
    const auto equal = get(kDecision);
    ASSERT_EQ(equal.status, 200) << equal.body;
    EXPECT_EQ(fault(equal, "DecisionReplay"), "");
    const Document document(equal.body);
    EXPECT_EQ(document.root["record"].get_uint64().value(), 17U);
    EXPECT_TRUE(document.root["job"].is_null());
    EXPECT_EQ(
        simdjson::minify(document.root["found"]),
        R"({"outcome":"equal","events":5000,"losses":[],"replayed_at":1750000003000,"seconds":0.25,)"
        R"("score_record":{"is_equal":true,"is_made":true,"bytes":900,"differs_at":null,"kept":null,"made":null},)"
        R"("signal":{"is_equal":true,"is_made":true,"bytes":400,"differs_at":null,"kept":null,"made":null}})");
    replayed->job = *replay;
    replayed->record_number.reset();
    replayed->found->outcome = ReplayOutcome::different;
    replayed->found->losses = {"inputs 17 to 42 are lost"};
    replayed->found->score_record = {};
    replayed->found->signal.difference =
        TextDifference{.at = 103, .kept = "\"score\":1.25}", .made = "\"score\":1.26}"};
    const auto different = get(kDecision);
    EXPECT_EQ(fault(different, "DecisionReplay"), "");
    const Document other(different.body);
    EXPECT_TRUE(other.root["record"].is_null());
    EXPECT_EQ(other.root["job"]["state"].get_string().value(), "waiting");
    EXPECT_EQ(other.root["found"]["outcome"].get_string().value(), "different");
    EXPECT_TRUE(other.root["found"]["score_record"]["is_equal"].is_null()) << "it is not kept: nobody knows";
    EXPECT_EQ(simdjson::minify(other.root["found"]["signal"]),
              R"({"is_equal":false,"is_made":true,"bytes":400,"differs_at":103,"kept":"\"score\":1.25}",)"
              R"("made":"\"score\":1.26}"})");
    replayed->found.reset();
    const auto none = get(kDecision);
    EXPECT_EQ(fault(none, "DecisionReplay"), "");
    EXPECT_TRUE(Document(none.body).root["found"].is_null()) << "none has ended yet";
}

TEST_F(ReplayRoutes, WhyThereIsNoneIsSaid) {
    for (const auto& [code, status, part] : {std::tuple{Errc::not_found, 404, "/api/signals lists them"},
                                             {Errc::refused, 409, "set recording.directory"},
                                             {Errc::unsupported, 409, "set recording.directory"},
                                             {Errc::unavailable, 503, "set recording.directory"}}) {
        replay = vt::fail(code, "nothing is recorded: set recording.directory");
        replayed = tl::unexpected<Error>(replay.error());
        for (const auto& answer : {start(), get(kDecision)}) {
            EXPECT_EQ(answer.status, status);
            EXPECT_NE(answer.body.find(part), std::string::npos) << answer.body;
        }
    }
}

TEST_F(ReplayRoutes, WhereNoDecisionsAreKeptNoneIsMadeAgain) {
    Server bare{loop, {.port = 0, .monitoring_port = 0, .run = "run-9"}, metrics};
    ASSERT_TRUE(bare.listen());
    const std::string url = "http://127.0.0.1:" + std::to_string(bare.port()) + kDecision;
    for (const net::Method method : {net::Method::get, net::Method::post}) {
        const auto answer = ask(url, method, {{"Content-Type", "application/json"}});
        EXPECT_EQ(answer.status, 503);
        EXPECT_NE(answer.body.find("records.database_url"), std::string::npos) << answer.body;
    }
}

}  // namespace vt::api
