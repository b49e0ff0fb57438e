#include "report/finding.hpp"
#include "report/html_page.hpp"
#include "report/text.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>

namespace vt::report {
namespace {

TEST(ReportText, DurationsHaveThreeDigitsAndTheUnitThatFits) {
    EXPECT_EQ(duration_text(std::nullopt), "-");
    EXPECT_EQ(duration_text(Nanos{0}), "0 ns");
    EXPECT_EQ(duration_text(Nanos{999}), "999 ns");
    EXPECT_EQ(duration_text(Nanos{1'234}), "1.23 us");
    EXPECT_EQ(duration_text(Nanos{99'960}), "100 us");
    EXPECT_EQ(duration_text(Nanos{999'499}), "999 us");
    EXPECT_EQ(duration_text(Nanos{999'500}), "1.00 ms");
    EXPECT_EQ(duration_text(std::chrono::milliseconds{45}), "45.0 ms");
    EXPECT_EQ(duration_text(std::chrono::seconds{61}), "61.0 s");
}

TEST(ReportText, FiguresOfOtherKinds) {
    EXPECT_EQ(percent_text(0.99951), "99.95 %");
    EXPECT_EQ(percent_text(std::nullopt), "-");
    EXPECT_EQ(number_text(633.6, 1), "633.6");
    EXPECT_EQ(bytes_text(999), "999 B");
    EXPECT_EQ(bytes_text(1'400'000), "1.40 MB");
    EXPECT_EQ(bytes_text(999'600), "1.00 MB");
    EXPECT_EQ(time_text(from_ms(1'769'903'998'999)), "2026-01-31 23:59:58 UTC");
}

TEST(ReportText, ATablesColumnsStandBelowEachOther) {
    EXPECT_EQ(text_of(Table{.head = {"path", "p99"}, .rows = {{"/health", "1.00 ms"}, {"/", "-"}}}),
              "path         p99\n"
              "/health  1.00 ms\n"
              "/              -\n");
}

TEST(Findings, OnlyAFailureMakesThemBad) {
    std::vector<Finding> findings;
    EXPECT_TRUE(is_good(findings));
    for (const Verdict verdict :
         {Verdict::passed, Verdict::warning, Verdict::information, Verdict::not_configured, Verdict::not_measured})
        findings.push_back({.name = "x", .verdict = verdict});
    EXPECT_TRUE(is_good(findings));
    findings.push_back({.name = "y", .verdict = Verdict::failed});
    EXPECT_FALSE(is_good(findings));
}

TEST(Findings, AsJsonAndAsText) {
    const std::array findings = {Finding{.name = "second_tier",
                                         .definition = "what \"is\" counted",
                                         .wanted = "under 1 s",
                                         .measured = "-",
                                         .verdict = Verdict::not_configured,
                                         .remedy = "set it"}};
    JsonWriter out;
    write(out, findings);
    EXPECT_EQ(out.text(), R"([{"name":"second_tier","verdict":"not_configured","definition":"what \"is\" counted",)"
                          R"("wanted":"under 1 s","measured":"-","value":null,"unit":"","remedy":"set it"}])");
    EXPECT_EQ(text_of(findings),
              "not configured  second_tier\n"
              "                -   (wanted: under 1 s)\n"
              "                -> set it\n");
}

TEST(HtmlPage, EscapesWhateverItIsGiven) {
    const std::string bad = "<script>alert(\"&'\")</script>\x01";
    const std::string safe = "&lt;script&gt;alert(&quot;&amp;&#39;&quot;)&lt;/script&gt;";
    EXPECT_EQ(html_escaped(bad), safe);
    HtmlPage page(bad);
    page.heading(bad).paragraph(bad).table({.head = {bad}, .rows = {{bad}}});
    page.findings(std::array{Finding{bad, bad, bad, bad, Verdict::failed, {}, bad, bad}});
    page.chart(bad, bad, std::array{bad, bad}, std::array{Curve{bad, {1, 2}}});
    const std::string text = page.take();
    EXPECT_EQ(text.find("<script"), std::string::npos);
    EXPECT_EQ(text.find('\x01'), std::string::npos);
    std::size_t count = 0;
    for (std::size_t at = text.find(safe); at != std::string::npos; at = text.find(safe, at + 1)) ++count;
    EXPECT_GE(count, 14U) << "each stands there, harmless";
    EXPECT_EQ(text.find("http://"), std::string::npos) << "the page needs no other file";
    EXPECT_TRUE(text.ends_with("</html>\n"));
}

TEST(HtmlPage, AChartPutsLargerValuesHigher) {
    HtmlPage page("t");
    page.chart("latency", "ms", std::array<std::string, 2>{"p50", "p99"}, std::array{Curve{"a", {1, 1'000}}});
    const std::string text = page.take();
    EXPECT_NE(text.find("points=\"70.0,250.0 700.0,20.0 \""), std::string::npos) << text;
    page = HtmlPage("t");
    page.chart("nothing", "ms", std::array<std::string, 1>{"p50"}, std::array{Curve{"a", {0}}});
    EXPECT_EQ(page.take().find("<svg"), std::string::npos) << "what is not known is not drawn";
}

}  // namespace
/// The y of the first element of this class after `from`.
double attribute(const std::string& page, std::string_view after, std::string_view name) {
    const std::size_t element = page.find(after);
    const std::string wanted = " " + std::string(name) + "=\"";
    return std::strtod(page.c_str() + page.find(wanted, element) + wanted.size(), nullptr);
}

TEST(HtmlPage, CandlesStandAtTheirPricesAndLinesToo) {
    const auto at = [](int minute) { return from_ms(1'700'000'040'000 + 60'000LL * minute); };
    const PriceBar bars[] = {{at(0), 100, 102, 99, 101}, {at(5), 101, 101, 95, 96}};
    const PriceLine lines[] = {{"stop", 94}, {"<target>", 108, true}};
    const TimeMark marks[] = {{"raised", at(2)}, {"of another day", at(2000)}};
    const std::string page = HtmlPage("x").candles("BTC", bars, lines, marks, 1).take();
    const double stop = attribute(page, "class=\"level\"", "y1"), target = attribute(page, "level dashed", "y1");
    EXPECT_GT(stop, target) << "higher prices stand higher";
    const double open = attribute(page, "<rect class=\"up\"", "y"),
                 low = attribute(page, "<rect class=\"down\"", "y");
    EXPECT_LT(target, open);
    EXPECT_NEAR(low, open, 1e-9) << "101 is where the first ends and the second begins";
    EXPECT_NEAR((open - target) / (stop - target), (108 - 101) / 14.0, .01);
    EXPECT_NE(page.find("&lt;target&gt; 108.0"), std::string::npos);
    EXPECT_NE(page.find("raised"), std::string::npos);
    EXPECT_EQ(page.find("of another day"), std::string::npos);
    EXPECT_EQ(HtmlPage("x").candles("BTC", {}, lines, marks, 1).take(), HtmlPage("x").take());
}

TEST(HtmlPage, AmountsGoToTheirSideOfZero) {
    const Amount amounts[] = {{"order flow", 4}, {"liquidity", -2}};
    const std::string page = HtmlPage("x").amounts("why", "points", amounts).take();
    const double up = attribute(page, "<rect class=\"up\"", "x"),
                 width_up = attribute(page, "<rect class=\"up\"", "width");
    const double down = attribute(page, "<rect class=\"down\"", "x"),
                 width_down = attribute(page, "<rect class=\"down\"", "width");
    EXPECT_NEAR(width_up, 2 * width_down, .2);
    EXPECT_NEAR(down + width_down, up, .2) << "both begin at zero";
    EXPECT_NE(page.find("+4.00 points"), std::string::npos);
    EXPECT_NE(page.find("-2.00 points"), std::string::npos);
}

}  // namespace vt::report
