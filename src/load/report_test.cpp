#include "load/report.hpp"

#include <gtest/gtest.h>

namespace vt::load {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A run of a hundred good answers, each of this length.
Report report_of(Nanos latency) {
    Report report{.base_url = "http://127.0.0.1:8003",
                  .profile = seed_profile(),
                  .program = {.version = "1.2.3", .status = "ok", .routes = {}},
                  .published_for = seconds{60}};
    report.run.plan = report.profile.plan;
    report.run.taken = seconds{60};
    report.run.cpu_time = seconds{6};
    Figures figures{.path = "/health", .planned = 100, .answered = 100, .bytes = 1'000};
    for (int i = 0; i < 100; ++i) {
        figures.corrected.add(latency);
        figures.uncorrected.add(latency / 2);
    }
    report.run.figures = {figures};
    return report;
}

report::Verdict verdict_of(const Report& report, std::string_view name) {
    for (const report::Finding& finding : goals(report))
        if (finding.name == name) return finding.verdict;
    ADD_FAILURE() << "no goal " << name;
    return report::Verdict::not_measured;
}

TEST(LoadGoals, PassWhenEachIsReached) { EXPECT_TRUE(report::is_good(goals(report_of(milliseconds{10})))); }

TEST(LoadGoals, TheCorrectedTimesAreJudged) {
    EXPECT_EQ(verdict_of(report_of(milliseconds{99}), "corrected_p99"), report::Verdict::passed);
    EXPECT_EQ(verdict_of(report_of(milliseconds{101}), "corrected_p99"), report::Verdict::failed)
        << "though the uncorrected p99 is 50 ms";
}

TEST(LoadGoals, OneErrorIsTooMany) {
    Report report = report_of(milliseconds{10});
    report.run.figures[0].answered = 99;
    report.run.figures[0].errors["timeout"] = 1;
    EXPECT_EQ(verdict_of(report, "no_errors"), report::Verdict::failed);
    EXPECT_FALSE(is_held(report.run, report.profile));
    report.run.figures[0].errors.clear();
    EXPECT_EQ(verdict_of(report, "no_errors"), report::Verdict::failed) << "a request that nothing became of";
}

TEST(LoadGoals, AnEngineThatStandsStillFails) {
    Report report = report_of(milliseconds{10});
    report.published_for = seconds{30};
    EXPECT_EQ(verdict_of(report, "engine_runs"), report::Verdict::failed);
    report.published_for.reset();
    EXPECT_EQ(verdict_of(report, "engine_runs"), report::Verdict::failed);
}

TEST(LoadGoals, ARunWithoutRequestsHoldsNothing) {
    EXPECT_FALSE(is_held(LoadRun{}, seed_profile()));
    EXPECT_FALSE(report::is_good(goals(Report{.profile = seed_profile()})));
}

/// Searches for a server's true limit; returns what the search says.
std::pair<std::optional<double>, std::optional<double>> searched(double first, double limit, int& tries) {
    MaximumSearch search(first);
    for (tries = 0; const auto rate = search.next(); ++tries) search.tried(*rate <= limit);
    return {search.highest_held(), search.lowest_failed()};
}

TEST(MaximumSearch, EnclosesTheLimitWithinATenth) {
    for (const double limit : {5.0, 300.0, 633.6, 2'000.0, 9'999.0, 40'000.0}) {
        int tries = 0;
        const auto [held, failed] = searched(633.6, limit, tries);
        ASSERT_TRUE(held && failed) << limit;
        EXPECT_LE(*held, limit);
        EXPECT_GT(*failed, limit);
        EXPECT_LE(*failed / *held, 1.1) << limit;
        EXPECT_LE(tries, 12) << limit;
    }
}

TEST(MaximumSearch, EndsWhereNothingHoldsAndWhereEverythingDoes) {
    int tries = 0;
    EXPECT_EQ(searched(633.6, 0, tries), std::pair(std::optional<double>(), std::optional(633.6 / 512)));
    const auto [held, failed] = searched(633.6, 1e12, tries);
    EXPECT_EQ(tries, 12);
    EXPECT_TRUE(held);
    EXPECT_FALSE(failed);
}

TEST(LoadReport, NamesEveryFigureInJson) {
    Report report = report_of(milliseconds{8});
    report.left_out = {"/api/alerts"};
    report.maximum = Maximum{.tries = {{.rate_per_second = 1'000, .p99 = milliseconds{3}, .is_held = true}},
                             .highest_held = 1'000,
                             .length = seconds{5}};
    const std::string json = json_of(report);
    for (const char* part :
         {R"("ok":true)", R"("profile":"seed")", R"("planned_per_second":633.6)", R"("left_out":["/api/alerts"])",
          R"("path":"/health","planned":100,"answered":100,"bytes":1000,"errors":0,"errors_by_kind":{})",
          R"("corrected":{"p50_ms":8,)", R"("uncorrected":{"p50_ms":4,)", R"("client_cpu_share":0.1)",
          R"("maximum":{"held_per_second":1000,"failed_per_second":null,"seconds_each":5,)",
          R"("goals":[{"name":"no_errors","verdict":"passed",)", R"("load_average":null)"})
        EXPECT_NE(json.find(part), std::string::npos) << part << "\n" << json;
}

TEST(LoadReport, TheTableSaysWhatWasLeftOutAndWhatIsNotKnown) {
    Report report = report_of(milliseconds{8});
    report.left_out = {"/api/alerts"};
    const std::string text = text_of(report);
    EXPECT_NE(text.find("no such route: /api/alerts"), std::string::npos) << text;
    EXPECT_NE(text.find("minute before: -"), std::string::npos) << "an unknown load average is no 0\n" << text;
    EXPECT_EQ(text.find("highest rate"), std::string::npos) << "no maximum was looked for";
}

TEST(LoadReport, ThePageEscapesWhatTheServerSays) {
    Report report = report_of(milliseconds{8});
    report.program.version = "<script>x</script>";
    report.run.figures[0].path = "/a?b=\"<i>\"&c";
    const std::string html = html_of(report);
    EXPECT_EQ(html.find("<script"), std::string::npos);
    EXPECT_EQ(html.find("<i>"), std::string::npos);
    EXPECT_NE(html.find("&lt;script&gt;x"), std::string::npos);
    EXPECT_NE(html.find("<svg"), std::string::npos);
}

}  // namespace
}  // namespace vt::load
