#include "analysis/leaf.hpp"

#include "analysis/leaf_scoring.hpp"
#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>

namespace vt::analysis {
namespace {

using std::chrono::seconds;

Leaf leaf(double weight, std::optional<double> score, double coverage) {
    Leaf made{.weight = weight};
    made.score = score;
    made.coverage = score ? coverage : 0;
    return made;
}

TEST(Combine, IsTheWeightedMeanOfWhatIsAlive) {
    DimensionScore dimension;
    dimension.components = {{.name = "a", .weight = 0.6, .leaves = {leaf(0.5, 80, 1), leaf(0.5, std::nullopt, 0)}},
                            {.name = "b", .weight = 0.4, .leaves = {leaf(1, 40, 0.5)}}};
    combine(dimension);
    EXPECT_DOUBLE_EQ(*dimension.components[0].score, 80);
    EXPECT_DOUBLE_EQ(dimension.components[0].coverage, 0.5);
    EXPECT_DOUBLE_EQ(dimension.coverage, 0.6 * 0.5 + 0.4 * 0.5);
    EXPECT_DOUBLE_EQ(*dimension.score, 50 + (0.3 * 30 - 0.2 * 10) / 0.5);
}

TEST(Combine, BelowAFifthOfTheEvidenceThereIsNoScore) {
    DimensionScore dimension;
    dimension.components = {{.name = "a", .weight = 1, .leaves = {leaf(1, 80, 0.19)}}};
    combine(dimension);
    EXPECT_FALSE(dimension.score.has_value());
    EXPECT_DOUBLE_EQ(dimension.coverage, 0.19);
}

TEST(Combine, TheShadowMovesNothing) {
    DimensionScore dimension;
    dimension.components = {{.name = "a", .weight = 1, .leaves = {leaf(1, 60, 1)}},
                            {.name = "s", .is_shadow = true, .leaves = {leaf(1, 99, 1)}}};
    combine(dimension);
    EXPECT_DOUBLE_EQ(*dimension.score, 60);
    EXPECT_DOUBLE_EQ(dimension.coverage, 1);
    EXPECT_DOUBLE_EQ(leaf_term(dimension.components[1], dimension.components[1].leaves[0]), 0);
}

TEST(Combine, LeafTermsAddUpToTheDimension) {
    Prng random(1, "leaves");
    for (int trial = 0; trial < 1000; ++trial) {
        DimensionScore dimension;
        for (int i = 0; i < 4; ++i) {
            Component component{.name = "c", .weight = 0.25};
            for (int f = 0; f < 4; ++f) {
                const bool is_null = random.below(4) == 0;
                component.leaves.push_back(
                    leaf(0.25, is_null ? std::nullopt : std::optional(100 * random.uniform()), random.uniform()));
            }
            dimension.components.push_back(component);
        }
        combine(dimension);
        if (!dimension.score) continue;
        double terms = 0;
        for (const Component& component : dimension.components) {
            for (const Leaf& each : component.leaves) terms += leaf_term(component, each);
        }
        EXPECT_NEAR(dimension.coverage * (*dimension.score - 50), terms, 1e-12);
    }
}

// The same sum makes dimensions into a score: oracle `confluence_contrib` ...
TEST(Combine, ContributionsEqualTheOracle) {
    const std::array<double, 6> weights = {0.25, 0.1, 0.2, 0.15, 0.15, 0.15};
    const std::array<double, 6> scores = {72, 55, 61, 48, 66, 58};
    const std::array<double, 6> contributions = {5.5, 0.5, 2.2, -0.3, 2.4, 1.2};
    DimensionScore whole;
    for (std::size_t i = 0; i < 6; ++i) {
        whole.components.push_back({.name = "d", .weight = weights[i], .leaves = {leaf(1, scores[i], 1)}});
    }
    combine(whole);
    EXPECT_NEAR(*whole.score, 61.5, 1e-12);
    for (std::size_t i = 0; i < 6; ++i) {
        EXPECT_NEAR(leaf_term(whole.components[i], whole.components[i].leaves[0]), contributions[i], 1e-12);
    }
}

// ... and `confluence_reliability`: what is left of 58.6 once coverage is not renormalised away.
TEST(Combine, ReliabilityEqualsTheOracle) {
    const std::array<double, 6> weights = {0.25, 0.1, 0.2, 0.15, 0.15, 0.15};
    const std::array<double, 6> scores = {72, 55, 61, 48, 66, 58};
    const std::array<double, 6> reliability = {1.0, 0.8, 0.0, 1.0, 1.0, 0.5};
    DimensionScore whole;
    for (std::size_t i = 0; i < 6; ++i) {
        whole.components.push_back(
            {.name = "d", .weight = weights[i], .leaves = {leaf(1, scores[i], reliability[i])}});
    }
    combine(whole);
    EXPECT_NEAR(whole.coverage, 0.705, 1e-12);
    EXPECT_NEAR(*whole.score, 62.198581560283685, 1e-12);
    EXPECT_NEAR(50 + whole.coverage * (*whole.score - 50), 58.599999999999994, 1e-12);
}

TEST(LeafScoring, AnUnknownInputIsNull) {
    Leaf made{.weight = 1, .map = {.kind = MapKind::lb}};
    score_by_strength(made, {.value = 0.5}, {{Input::trades, seconds{1}}, {Input::book, std::nullopt}});
    EXPECT_FALSE(made.score.has_value());
    EXPECT_EQ(made.coverage, 0);
    EXPECT_TRUE(made.flags.has(Flag::no_input));
    EXPECT_FALSE(made.age.has_value());
    EXPECT_EQ(made.value, 0.5);
    EXPECT_FALSE(sample_of(made).has_value());
}

TEST(LeafScoring, TheInputWithTheLeastCoverageDecides) {
    Leaf made{.weight = 1, .map = {.kind = MapKind::lb}};
    score_by_strength(made, {.value = 0.5}, {{Input::trades, seconds{14}}, {Input::book, seconds{7}}});
    EXPECT_NEAR(made.coverage, *age_coverage(seconds{7}, age_plan(Input::book)), 1e-15);
    EXPECT_EQ(made.age, Nanos{seconds{14}});
    EXPECT_DOUBLE_EQ(*made.score, 75);
}

TEST(LeafScoring, MoreThanHalfMissingIsNull) {
    Leaf made{.weight = 1, .map = {.kind = MapKind::lb}};
    score_by_strength(made, {.value = 0.5, .missing_share = 0.6}, {{Input::trades, seconds{0}}});
    EXPECT_FALSE(made.score.has_value());
    EXPECT_FALSE(made.value.has_value());
    EXPECT_TRUE(made.flags.has(Flag::gap));
}

TEST(LeafScoring, NothingHappenedIsAnObservation) {
    Leaf made{.weight = 1, .map = {.kind = MapKind::lb}};
    score_by_strength(made, {.value = 0.0, .events = 0, .events_min = 20, .flags = {Flag::no_event}},
                      {{Input::trades, seconds{0}}});
    EXPECT_EQ(made.score, 50.0);
    EXPECT_EQ(made.coverage, 1);
}

TEST(LeafScoring, SilenceIsFiftyEvenWhereThePastWasSilentToo) {
    Normaliser past(Frame::m1, MapKind::z0);
    std::vector<float> scratch;
    Timestamp u = from_ms(1'700'000'040'000 / 60'000 * 60'000);
    Leaf made{.weight = 1, .map = {.kind = MapKind::z0}};
    for (int i = 0; i < 130; ++i, u += std::chrono::minutes{1}) {
        judge(made, past, {.value = 0.0, .flags = {Flag::no_event}}, {{Input::trades, seconds{0}}}, {u, scratch});
    }
    EXPECT_EQ(made.score, 50.0);
    EXPECT_EQ(made.coverage, 1);
    EXPECT_TRUE(made.flags.has(Flag::degenerate));
    judge(made, past, {.value = 0.4, .events = 1}, {{Input::trades, seconds{0}}}, {u + seconds{1}, scratch});
    EXPECT_FALSE(made.score.has_value());  // a value without any spread to judge it by
}

TEST(LeafScoring, WarmingCountsDown) {
    Normaliser past(Frame::m1, MapKind::z0);
    std::vector<float> scratch;
    Timestamp u = from_ms(1'700'000'040'000 / 60'000 * 60'000);
    Leaf made{.weight = 1, .map = {.kind = MapKind::z0}};
    int passed = 0;
    for (; passed < 100; ++passed, u += std::chrono::minutes{1}) {
        const auto promised = made.ready_in;
        judge(made, past, {.value = 0.1 * passed}, {{Input::trades, seconds{0}}}, {u, scratch});
        if (made.score) break;
        ASSERT_TRUE(made.ready_in.has_value());
        EXPECT_EQ(*made.ready_in,
                  promised.value_or(*made.ready_in + std::chrono::minutes{1}) - std::chrono::minutes{1});
    }
    EXPECT_EQ(passed, 60);
    EXPECT_EQ(made.coverage, 0.5);
}

}  // namespace
}  // namespace vt::analysis
