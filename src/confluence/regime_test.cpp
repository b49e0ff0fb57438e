#include "confluence/regime.hpp"

#include "confluence/confluence.hpp"
#include "confluence/test_opinions.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::confluence {
namespace {

analysis::MarketState market(double percentile, double efficiency) {
    return {.rv_1h_bps = 40.0, .volatility_percentile = percentile, .trend_efficiency = efficiency};
}

}  // namespace

TEST(Regime, ProbabilitiesAreLogisticInBothMeasures) {
    RegimeFilter filter;
    const Regime regime = filter.update(market(90, .35));
    EXPECT_DOUBLE_EQ(*regime.p_stress, .5);
    EXPECT_DOUBLE_EQ(*regime.p_trend, .5);
    const Regime far = filter.update(market(96, .45));
    EXPECT_NEAR(*far.p_stress, 1 / (1 + std::exp(-2.0)), 1e-15);
    EXPECT_NEAR(*far.p_trend, 1 / (1 + std::exp(-2.0)), 1e-15);
    const auto likely = *probabilities(far);
    EXPECT_NEAR(likely[0] + likely[1] + likely[2], 1, 1e-15);
    EXPECT_DOUBLE_EQ(likely[static_cast<std::size_t>(RegimeLabel::stressed)], *far.p_stress);
    EXPECT_EQ(probability_of_label(far), far.p_stress);
    EXPECT_FALSE(probability_of_label({}));
    RegimeFilter calm;
    const Regime quiet = calm.update(market(20, .1));
    EXPECT_EQ(probability_of_label(quiet), (*probabilities(quiet))[0]);
}

TEST(Regime, TheLabelEntersAtSevenTenthsAndLeavesAtFour) {
    RegimeFilter filter;
    EXPECT_EQ(filter.update(market(92.5, .1)).label, RegimeLabel::calm) << "p .697";
    EXPECT_EQ(filter.update(market(92.6, .1)).label, RegimeLabel::stressed) << "p .704";
    EXPECT_EQ(filter.update(market(88.8, .9)).label, RegimeLabel::stressed) << "p .401 still holds, trend or not";
    EXPECT_EQ(filter.update(market(88.7, .9)).label, RegimeLabel::trending) << "p .393 has ended";
    EXPECT_EQ(filter.update(market(10, .34)).label, RegimeLabel::trending) << "p .45 still holds";
    EXPECT_EQ(filter.update(market(10, .32)).label, RegimeLabel::calm) << "p .354 has ended";
    EXPECT_EQ(filter.update(market(10, .37)).label, RegimeLabel::calm) << "p .599 does not begin it";
}

TEST(Regime, IsNotKnownWhileOneOfItsMeasuresIsNot) {
    RegimeFilter filter;
    EXPECT_FALSE(filter.update({}).label);
    EXPECT_FALSE(filter.update({.rv_1h_bps = {}, .volatility_percentile = {}, .trend_efficiency = .9}).label);
    EXPECT_FALSE(filter.update({.rv_1h_bps = {}, .volatility_percentile = 50, .trend_efficiency = {}}).label);
    EXPECT_EQ(filter.update({.rv_1h_bps = {}, .volatility_percentile = 99, .trend_efficiency = {}}).label,
              RegimeLabel::stressed);
}

TEST(Regime, AChangeOfTheLabelIsACauseAndMovesNothing) {
    test::RandomOpinions random(5);
    Opinions input = random.next();
    input.at = from_ms(61'000);
    Confluence confluence{Params{}};
    input.market = market(50, .1);
    const auto calm = confluence.evaluate(input);
    input.at = from_ms(62'000);
    EXPECT_TRUE(confluence.evaluate(input)->causes.empty());
    input.at = from_ms(63'000);
    input.market = market(99, .1);
    const auto stressed = confluence.evaluate(input);
    EXPECT_TRUE(stressed->causes.has(Cause::regime));
    EXPECT_EQ(stressed->regime.label, RegimeLabel::stressed);
    EXPECT_EQ(stressed->sum, calm->sum) << "equal weights in every regime";
    EXPECT_EQ(stressed->adjustments.regime, 0);
}

TEST(Regime, WeightsThatDifferByRegimeMoveTheScoreByR) {
    test::RandomOpinions random(6);
    Opinions input = random.next();
    for (std::size_t d = 0; d < input.memberships.size(); ++d) {
        while (input.memberships[d] != analysis::Membership::member) input = random.next();
    }
    Params params;
    auto& profile = params.weights.profiles[*profile_of(input.memberships)];
    DimensionWeights& stressed = profile.by_regime[static_cast<std::size_t>(RegimeLabel::stressed)];
    stressed = {.5, .1, .1, .1, .1, .1};
    RegimeFilter filter;
    const Regime regime = filter.update(market(93, .2));
    const ScoreRecord record = combine(input, regime, params);
    double wanted = 0;
    for (const Part& part : record.parts) {
        if (!part.opinion.score) continue;
        const auto d = static_cast<std::size_t>(part.opinion.dimension);
        wanted += *regime.p_stress * (stressed[d] - 1.0 / 6) * part.opinion.coverage * (*part.opinion.score - 50);
    }
    EXPECT_NEAR(record.adjustments.regime, wanted, 1e-12);
    EXPECT_NE(record.adjustments.regime, 0);
}

TEST(Weights, EveryProfileAddsUpAndIsFoundByItsMembers) {
    const Weights weights;
    for (std::size_t i = 0; i < kProfileCount; ++i) {
        analysis::Memberships memberships{};
        double total = 0;
        for (std::size_t d = 0; d < memberships.size(); ++d) {
            if (profile_members()[i].has[d]) memberships[d] = analysis::Membership::member;
            total += weights.profiles[i].base[d];
        }
        EXPECT_NEAR(total, 1, 1e-15);
        EXPECT_EQ(profile_of(memberships), i);
        EXPECT_EQ(profile_for(weights, memberships).name, profile_members()[i].name);
    }
    analysis::Memberships two{};
    two[0] = two[2] = analysis::Membership::member;
    EXPECT_FALSE(profile_of(two));
    EXPECT_EQ(profile_for(weights, two).name, "equal");
    EXPECT_DOUBLE_EQ(profile_for(weights, two).weights.base[2], .5);
}

TEST(Weights, AnotherProfileIsACauseAndTheVersionsAreInTheRecord) {
    test::RandomOpinions random(8);
    Opinions input = random.next();
    while (input.memberships[3] != analysis::Membership::member) input = random.next();
    input.at = from_ms(61'000);
    Params params;
    params.weights.version = "learned-7";
    params.configuration_hash = "abc";
    Confluence confluence{params};
    EXPECT_EQ(confluence.evaluate(input)->versions->weights, "learned-7");
    input.memberships[3] = analysis::Membership::not_applicable;
    input.dimensions[3] = nullptr;
    input.at = from_ms(62'000);
    const auto record = confluence.evaluate(input);
    EXPECT_TRUE(record->causes.has(Cause::weights));
    JsonWriter out;
    write_record(out, *record, market::Instrument{.symbol = "XYZUSDT", .base = "XYZ", .quote = "USDT"});
    EXPECT_NE(out.text().find(R"("versions":{"weights":"learned-7","config":"abc","model":null,"binary":")"),
              std::string_view::npos)
        << out.text();
}

TEST(Records, ABookThatIsFetchedAnewIsACause) {
    test::RandomOpinions random(9);
    Opinions input = random.next();
    input.at = from_ms(61'000);
    input.has_resync_change = true;
    Confluence confluence{Params{}};
    EXPECT_TRUE(confluence.evaluate(input)->causes.has(Cause::resync));
}

}  // namespace vt::confluence
