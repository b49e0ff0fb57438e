#include "analysis/machine_learning/model_opinion.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <string>

namespace vt::analysis::machine_learning {
namespace {

using std::chrono::seconds;

ModelCard card(std::size_t features, double base, double scale) {
    ModelCard made{.name = "ridge", .base_log_odds = base, .scale = scale};
    for (std::size_t j = 0; j < features; ++j) made.features.push_back("feature_" + std::to_string(j));
    return made;
}

double sum_of_points(const std::vector<ModelTerm>& terms) {
    double total = 0;
    for (const ModelTerm& term : terms) total += term.points;
    return total;
}

DimensionScore dimension_of(const ModelCard& of, const Prediction& prediction) {
    DimensionScore score{.dimension = Dimension::machine_learning, .components = {ModelOpinion::describe()}};
    ModelOpinion::evaluate(of, prediction, score.components.front());
    combine(score);
    return score;
}

TEST(ModelOpinion, EqualsV4) {
    const ModelCard of = card(3, -0.2, 0.25);
    const Prediction prediction{.log_odds = -0.2 + 0.4, .terms = {0.3, -0.1, 0.2}, .skill_t = 3.5, .age = seconds{1}};
    const DimensionScore score = dimension_of(of, prediction);
    EXPECT_NEAR(*z_of(score.components[0].leaves[0].map, prediction.log_odds), 1.6, 1e-12);
    EXPECT_NEAR(score.score.value(), 83.201839, 5e-7);
    EXPECT_EQ(score.coverage, 1);
    const auto terms = ModelOpinion::terms_of(of, prediction, 1);
    ASSERT_EQ(terms.size(), 5U);
    EXPECT_NEAR(terms[0].points, 24.901379, 5e-7);
    EXPECT_NEAR(terms[1].points, 16.600919, 5e-7);
    EXPECT_NEAR(terms[2].points, -8.300460, 5e-7);
    EXPECT_EQ(terms[1].name, "feature_2");
    EXPECT_EQ(terms[3].name, "other");
    EXPECT_EQ(terms[4].name, "calibration");
    EXPECT_NEAR(terms[3].points, 0, 1e-12);
    EXPECT_NEAR(terms[4].points, 0, 1e-12);
}

TEST(ModelOpinion, TermsAddUpToWhatTheModelMoves) {
    Prng random(4, "terms");
    for (int round = 0; round < 2000; ++round) {
        const ModelCard of = card(1 + random.below(40), random.normal(), 0.05 + random.uniform());
        Prediction prediction{.log_odds = 2 * random.normal(), .skill_t = 3, .age = seconds{1}};
        for (std::size_t j = 0; j < of.features.size(); ++j) prediction.terms.push_back(random.normal());
        const double gain = random.uniform();
        const auto terms = ModelOpinion::terms_of(of, prediction, gain);
        const DimensionScore score = dimension_of(of, prediction);
        EXPECT_NEAR(sum_of_points(terms), gain * (*score.score - 50), 1e-9);
        EXPECT_LE(terms.size(), ModelOpinion::kShown + 2);
        for (std::size_t j = 1; j + 2 < terms.size(); ++j)
            EXPECT_LE(std::abs(terms[j].phi), std::abs(terms[j - 1].phi));
        double phi = 0;
        for (const ModelTerm& term : terms) phi += term.phi;
        EXPECT_NEAR(phi, prediction.log_odds - of.base_log_odds, 1e-9);
    }
}

TEST(ModelOpinion, AClippedScoreShrinksAllTermsAlike) {
    const ModelCard of = card(2, 0, 0.1);
    const Prediction prediction{.log_odds = 1, .terms = {1.5, -0.5}, .skill_t = 3, .age = seconds{1}};  // z 10
    const auto terms = ModelOpinion::terms_of(of, prediction, 1);
    EXPECT_NEAR(sum_of_points(terms), 50 * std::tanh(2), 1e-9);
    EXPECT_NEAR(terms[0].points / terms[1].points, -3, 1e-12);
}

TEST(ModelOpinion, AtTheBaseRateTheTermsCancel) {
    const ModelCard of = card(2, 0.5, 0.25);
    const Prediction prediction{.log_odds = 0.5, .terms = {0.2, -0.2}, .skill_t = 3, .age = seconds{1}};
    const auto terms = ModelOpinion::terms_of(of, prediction, 1);
    EXPECT_NEAR(terms[0].points, 25 * 0.2 / 0.25, 1e-12);
    EXPECT_NEAR(sum_of_points(terms), 0, 1e-12);
    EXPECT_EQ(dimension_of(of, prediction).score, 50);
}

TEST(ModelOpinion, SkillIsCoverage) {
    const ModelCard of = card(1, 0, 0.25);
    Prediction prediction{.log_odds = 3, .terms = {3}, .skill_t = std::nullopt, .age = seconds{1}};
    EXPECT_EQ(dimension_of(of, prediction).coverage, 0);
    EXPECT_FALSE(dimension_of(of, prediction).score) << "loud, and nobody knows whether it is any good";
    prediction.skill_t = -2;
    EXPECT_EQ(dimension_of(of, prediction).coverage, 0);
    prediction.skill_t = 1.5;
    EXPECT_NEAR(dimension_of(of, prediction).coverage, 0.5, 1e-12);
    EXPECT_GT(dimension_of(of, prediction).score.value(), 98);
    prediction.skill_t = 9;
    EXPECT_EQ(dimension_of(of, prediction).coverage, 1);
}

TEST(ModelOpinion, WhatIsMissingOldOrNoNumberSaysNothing) {
    const ModelCard of = card(1, 0, 0.25);
    const Prediction good{.log_odds = 0.3, .terms = {0.3}, .missing_share = 0.2, .skill_t = 3, .age = seconds{1}};
    EXPECT_TRUE(dimension_of(of, good).score);
    const auto refused = [&](auto&& spoil) {
        Prediction spoilt = good;
        spoil(spoilt);
        const DimensionScore score = dimension_of(of, spoilt);
        EXPECT_EQ(score.coverage, 0);
        EXPECT_FALSE(score.score);
        return score.components[0].leaves[0].flags;
    };
    EXPECT_TRUE(refused([](Prediction& p) { p.missing_share = 0.21; }).has(Flag::no_input));
    EXPECT_TRUE(
        refused([](Prediction& p) { p.log_odds = std::numeric_limits<double>::infinity(); }).has(Flag::no_input));
    EXPECT_TRUE(refused([](Prediction& p) { p.terms[0] = std::nan(""); }).has(Flag::no_input));
    EXPECT_TRUE(refused([](Prediction& p) { p.age.reset(); }).has(Flag::no_input));
    EXPECT_TRUE(refused([](Prediction& p) { p.age = std::chrono::hours{1}; }).has(Flag::stale));
    Prediction spoilt = good;
    spoilt.missing_share = 0.21;
    EXPECT_TRUE(ModelOpinion::terms_of(of, spoilt, 1).empty());
    Prediction ageing = good;
    ageing.age = seconds{90 + 120};
    EXPECT_NEAR(dimension_of(of, ageing).coverage, std::exp(-1.0), 1e-12);
}

}  // namespace
}  // namespace vt::analysis::machine_learning
