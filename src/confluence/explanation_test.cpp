#include "confluence/explanation.hpp"

#include "confluence/test_opinions.hpp"
#include "confluence/wording.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

namespace vt::confluence {
namespace {

using analysis::Component;
using analysis::Dimension;
using analysis::DimensionScore;
using analysis::Flag;
using analysis::Frame;
using analysis::Leaf;

/// Order flow of two components and liquidity of one; the others do not apply, or are not installed.
struct Market {
    std::array<DimensionScore, analysis::kDimensionCount> opinions;
    Opinions input;

    Market() {
        input.at = from_ms(600'000);
        input.memberships[1] = analysis::Membership::not_applicable;
        add(Dimension::order_flow, "trade_imbalance", .6, 80);
        add(Dimension::order_flow, "ofi_best", .4, 30);
        add(Dimension::liquidity, "book_imbalance", 1, 60);
    }
    void add(Dimension dimension, std::string_view name, double weight, double score) {
        auto& opinion = opinions[static_cast<std::size_t>(dimension)];
        opinion.dimension = dimension;
        Component component{.name = name, .unit = "1", .weight = weight};
        component.leaves.push_back({.frame = Frame::m1,
                                    .weight = 1,
                                    .score = score,
                                    .value = (score - 50) / 100,
                                    .coverage = 1,
                                    .n = 200,
                                    .n_min = 60,
                                    .map = {.kind = analysis::MapKind::lb, .sign = 1, .spread = {}}});
        opinion.components.push_back(std::move(component));
        input.memberships[static_cast<std::size_t>(dimension)] = analysis::Membership::member;
    }
    Leaf& leaf(Dimension dimension, std::size_t component) {
        return opinions[static_cast<std::size_t>(dimension)].components[component].leaves[0];
    }
    ScoreRecord record() {
        for (std::size_t d = 0; d < opinions.size(); ++d) {
            if (input.memberships[d] != analysis::Membership::member) continue;
            analysis::combine(opinions[d]);
            input.dimensions[d] = &opinions[d];
        }
        return combine(input, {}, Params{});
    }
};

Explanation explain(const ScoreRecord& record, const Past& past = {}) {
    return confluence::explain(record, past, {});
}

bool has_line(const std::vector<std::string>& lines, std::string_view part) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

}  // namespace

TEST(Wording, NumbersAreShortAndKeepTheirSign) {
    EXPECT_EQ(points(3.24), "+3.2");
    EXPECT_EQ(points(-3.26), "\u22123.3");
    EXPECT_EQ(points(-0.01), "+0.0");
    EXPECT_EQ(number(-0.004, 2), "0.00");
    EXPECT_EQ(quantity(-0.123456), "\u22120.1235");
    EXPECT_EQ(quantity(12345678), "1.235e+07");
    EXPECT_EQ(percent(.914), "91 %");
    EXPECT_EQ(percent(.997), "99.7 %");
    EXPECT_EQ(percent(1), "100 %");
    EXPECT_EQ(countdown(std::chrono::seconds{3601}), "1:01");
    EXPECT_EQ(plain("trade_imbalance"), "trade imbalance");
}

TEST(Explanation, SaysWhatPushesUpAndWhatPullsDown) {
    Market market;
    ScoreRecord record = market.record();
    record.direction = Direction::neutral;
    record.confidence = .42;
    const Explanation found = explain(record);
    // Half each: trade imbalance .5 x .6 x 30 = 9, ofi .5 x .4 x -20 = -4, book .5 x 10 = 5.
    EXPECT_EQ(found.headline, "60.0, neutral; 100 % of the evidence is alive, confidence 0.42; regime not known yet");
    ASSERT_EQ(found.up.size(), 2U);
    EXPECT_EQ(found.up[0], "order flow: trade imbalance +9.0, score 80.0 from 1m 0.3");
    EXPECT_EQ(found.up[1], "liquidity: book imbalance +5.0, score 60.0 from 1m 0.1");
    ASSERT_EQ(found.down.size(), 1U);
    EXPECT_EQ(found.down[0], "order flow: ofi best \u22124.0, score 30.0 from 1m \u22120.2");
    const std::vector<std::string> absent = {"sentiment does not apply here", "bitcoin beta is not installed",
                                             "smart money is not installed", "machine learning is not installed"};
    EXPECT_EQ(found.missing, absent);
    EXPECT_TRUE(found.changed.empty());
}

TEST(Explanation, SaysWhatIsMissingAndWhenItWillBeThere) {
    Market market;
    Leaf& warming = market.leaf(Dimension::order_flow, 0);
    warming.score.reset();
    warming.coverage = 0;
    warming.n = 18;
    warming.flags.set(Flag::warming);
    warming.ready_in = std::chrono::minutes{42};
    Leaf& gone = market.leaf(Dimension::liquidity, 0);
    gone.score.reset();
    gone.value.reset();
    gone.coverage = 0;
    gone.flags.set(Flag::no_input);
    const Explanation found = explain(market.record());
    EXPECT_EQ(found.headline, "no score: 20 % of the evidence is alive, 50 % is needed; regime not known yet");
    ASSERT_GE(found.missing.size(), 2U);
    EXPECT_EQ(found.missing[0], "liquidity: book imbalance lacks 50 % of the evidence (1m no input)");
    EXPECT_EQ(found.missing[1],
              "order flow: trade imbalance lacks 30 % of the evidence (1m warming with 18 of 60, ready in 0:42)");
    EXPECT_TRUE(found.flips.empty());
}

TEST(Explanation, SaysWhatChangedAndWhatWouldFlipIt) {
    Market market;
    const auto before = std::make_shared<const ScoreTerms>(terms_of(market.record()));
    market.leaf(Dimension::order_flow, 1).score = 80;
    market.input.at = from_ms(900'000);
    ScoreRecord record = market.record();
    record.direction = Direction::rising;
    const Explanation found = explain(record, {.direction_change = {}, .five_minutes = before, .hour = {}});
    ASSERT_EQ(found.changed.size(), 1U);
    EXPECT_EQ(found.changed[0], "since 5 minutes ago +10.0: ofi best 1m +10.0");
    // From 70 a long ends at 55: trade imbalance alone would have to fall by 15/.3 = 50 points of its own.
    EXPECT_TRUE(has_line(found.flips,
                         "down to 55 (long ends) if trade imbalance 1m scores 30.0 instead of 80.0: "
                         "\u22120.4 instead of 0.3"));
}

TEST(Explanation, AThinMarketIsNamed) {
    Market market;
    market.input.quality.q_liquidity = .5;
    EXPECT_TRUE(has_line(explain(market.record()).down, "a thin market shrinks what the sides say \u22125.0"));
}

TEST(Explanation, TheSameRecordGivesTheSameWords) {
    test::RandomOpinions random(4);
    for (int round = 0; round < 50; ++round) {
        const ScoreRecord record = combine(random.next(), random.regime(), Params{});
        JsonWriter first, second;
        write_explanation(first, explain(record));
        write_explanation(second, explain(record));
        EXPECT_EQ(first.text(), second.text());
    }
}

TEST(Explanation, WithEachComponentLostTheScoreAddsUpAndItsLossIsNamed) {
    Market market;
    const ScoreRecord whole = market.record();
    for (const Dimension dimension : {Dimension::order_flow, Dimension::liquidity}) {
        const std::size_t count = market.opinions[static_cast<std::size_t>(dimension)].components.size();
        for (std::size_t i = 0; i < count; ++i) {
            Market less;
            Leaf& leaf = less.leaf(dimension, i);
            leaf.score.reset();
            leaf.value.reset();
            leaf.coverage = 0;
            leaf.flags.set(Flag::no_input);
            const ScoreRecord record = less.record();
            const Component& lost = record.part(dimension).opinion.components[i];
            EXPECT_NEAR(whole.coverage - record.coverage, record.part(dimension).weight * lost.weight, 1e-12);
            double total = 50 + record.adjustments.sum();
            for (const Part& part : record.parts) total += part.contribution;
            EXPECT_NEAR(total, record.sum, 1e-9);
            EXPECT_TRUE(has_line(explain(record).missing, plain(lost.name) + " lacks")) << lost.name;
        }
    }
}

}  // namespace vt::confluence
