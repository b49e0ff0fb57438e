#include "confluence/confluence.hpp"

#include "base/prng.hpp"
#include "confluence/changes.hpp"
#include "confluence/flips.hpp"
#include "confluence/reasons.hpp"
#include "confluence/warm_up.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::confluence {
namespace {

using analysis::Component;
using analysis::Dimension;
using analysis::DimensionScore;
using analysis::Frame;
using analysis::Leaf;

/// A dimension of one component over two frames that has exactly this score and coverage.
DimensionScore opinion(Dimension dimension, std::optional<double> score, double coverage) {
    DimensionScore made{.dimension = dimension};
    Component component{.name = "only", .unit = "1", .weight = 1};
    for (const Frame frame : {Frame::m1, Frame::m5}) {
        component.leaves.push_back({.frame = frame,
                                    .weight = 0.5,
                                    .score = score,
                                    .value = 0.5,
                                    .coverage = coverage,
                                    .n = 100,
                                    .n_min = 60,
                                    .map = {.kind = analysis::MapKind::z0,
                                            .sign = 1,
                                            .spread = {.centre = 0, .spread = 1, .is_degenerate = false}}});
    }
    made.components.push_back(std::move(component));
    analysis::combine(made);
    return made;
}

struct Six {
    std::array<DimensionScore, analysis::kDimensionCount> opinions;
    Opinions input;
    Six(std::array<std::optional<double>, 6> scores, std::array<double, 6> coverages) {
        for (std::size_t d = 0; d < 6; ++d) {
            opinions[d] = opinion(static_cast<Dimension>(d), scores[d], coverages[d]);
            input.dimensions[d] = &opinions[d];
            input.memberships[d] = analysis::Membership::member;
        }
        input.at = from_ms(60'000);
    }
};

double sum_of_everything(const ScoreRecord& record) {
    double total = 50 + record.adjustments.sum();
    for (const Part& part : record.parts) total += part.contribution;
    return total;
}

double sum_of_leaves(const ScoreRecord& record) {
    double total = 0;
    for (const Part& part : record.parts) {
        for (const Component& component : part.opinion.components) {
            for (const Leaf& leaf : component.leaves) {
                if (leaf.score) total += leaf_gain(part, component, leaf) * (*leaf.score - 50);
            }
        }
    }
    return total;
}

}  // namespace

TEST(Confluence, ContributionsAddUpOnRandomOpinions) {
    Prng prng(11);
    for (int round = 0; round < 2000; ++round) {
        std::array<std::optional<double>, 6> scores;
        std::array<double, 6> coverages{};
        for (std::size_t d = 0; d < 6; ++d) {
            coverages[d] = prng.below(5) == 0 ? 0 : prng.uniform();
            if (coverages[d] > 0) scores[d] = 100 * prng.uniform();
        }
        Six six(scores, coverages);
        six.input.quality = {.q_data = prng.uniform(),
                             .q_liquidity = .5 + .5 * prng.uniform(),
                             .q_toxicity = .7 + .3 * prng.uniform()};
        const ScoreRecord record = combine(six.input, {}, Params{});
        EXPECT_NEAR(sum_of_everything(record), record.sum, 1e-9);
        double contributions = 0;
        for (const Part& part : record.parts) contributions += part.contribution;
        EXPECT_NEAR(sum_of_leaves(record), contributions, 1e-9);
        EXPECT_EQ(record.score.has_value(), record.coverage >= 0.5);
        EXPECT_GE(record.sum, 0);
        EXPECT_LE(record.sum, 100);
    }
}

TEST(Confluence, MissingEvidenceShrinksVisibly) {
    // test_vectors confluence_contrib and confluence_reliability, with equal weights.
    const Six full({72, 55, 61, 48, 66, 58}, {1, 1, 1, 1, 1, 1});
    EXPECT_NEAR(*combine(full.input, {}, Params{}).score, 60.0, 1e-12);
    const Six patchy({72, 55, std::nullopt, 48, 66, 58}, {1, .8, 0, 1, 1, .5});
    const ScoreRecord record = combine(patchy.input, {}, Params{});
    EXPECT_NEAR(record.coverage, 4.3 / 6, 1e-12);
    EXPECT_NEAR(*record.score, 50 + (22 + .8 * 5 - 2 + 16 + .5 * 8) / 6, 1e-12);
}

TEST(Confluence, AnAbsentSideLeavesTheProfileAndIsShown) {
    Six six({72, std::nullopt, 61, std::nullopt, std::nullopt, std::nullopt}, {1, 0, 1, 0, 0, 0});
    for (const std::size_t d : {1U, 3U, 4U, 5U}) {
        six.input.dimensions[d] = nullptr;
        six.input.memberships[d] = analysis::Membership::not_installed;
    }
    six.input.memberships[3] = analysis::Membership::not_applicable;
    const ScoreRecord record = combine(six.input, {}, Params{});
    EXPECT_EQ(record.members, 2U);
    EXPECT_DOUBLE_EQ(record.coverage, 1);
    EXPECT_NEAR(*record.score, 50 + (22 + 11) / 2.0, 1e-12);
    EXPECT_EQ(record.part(Dimension::sentiment).membership, analysis::Membership::not_installed);
    EXPECT_EQ(record.part(Dimension::bitcoin_beta).membership, analysis::Membership::not_applicable);
}

TEST(Confluence, AdjustmentsAreTheirOwnBars) {
    // V5: B 8.6, q_data 1, q_liq .9, q_tox .8.
    Six six({58.6, 58.6, 58.6, 58.6, 58.6, 58.6}, {1, 1, 1, 1, 1, 1});
    six.input.quality = {.q_data = 1, .q_liquidity = .9, .q_toxicity = .8};
    const ScoreRecord record = combine(six.input, {}, Params{});
    EXPECT_NEAR(record.adjustments.data, 0, 1e-12);
    EXPECT_NEAR(record.adjustments.liquidity, -.86, 1e-9);
    EXPECT_NEAR(record.adjustments.toxicity, -1.548, 1e-9);
    EXPECT_NEAR(*record.score, 56.192, 1e-9);
}

TEST(Confluence, BelowHalfCoverageThereIsNoScoreButTheContributionsStand) {
    const Six six({90, 90, std::nullopt, std::nullopt, std::nullopt, std::nullopt}, {1, 1, 0, 0, 0, 0});
    Confluence confluence{Params{}};
    const auto record = confluence.evaluate(six.input);
    EXPECT_FALSE(record->score);
    EXPECT_FALSE(record->direction);
    EXPECT_FALSE(record->confidence);
    EXPECT_NEAR(record->part(Dimension::order_flow).contribution, 40.0 / 6, 1e-12);
}

TEST(Confluence, ConfidenceCountsIndependentSides) {
    // V6: k 5.5, .4, 0, -.3, 2.4, .6; C .705; rho .4. Scores chosen so that equal weights give these contributions.
    const std::array<double, 6> k = {5.5, .4, 0, -.3, 2.4, .6};
    const std::array<double, 6> c = {.705, .705, .705, .705, .705, .705};
    std::array<std::optional<double>, 6> scores;
    for (std::size_t d = 0; d < 6; ++d) scores[d] = 50 + 6 * k[d] / c[d];
    const Six six(scores, c);
    Confluence confluence{Params{}};
    const auto record = confluence.evaluate(six.input);
    EXPECT_NEAR(record->agreement, .843137, 1e-6);
    EXPECT_NEAR(record->independent_sides, 1.516085, 1e-6);
    EXPECT_NEAR(*record->confidence, .450589, 1e-6);
}

TEST(Confluence, DirectionHasHysteresis) {
    Confluence confluence{Params{}};
    const auto direction = [&](double score) {
        const Six six({score, score, score, score, score, score}, {1, 1, 1, 1, 1, 1});
        return *confluence.evaluate(six.input)->direction;
    };
    EXPECT_EQ(direction(59.9), Direction::neutral);
    EXPECT_EQ(direction(60), Direction::rising);
    EXPECT_EQ(direction(55), Direction::rising);
    EXPECT_EQ(direction(54.9), Direction::neutral);
    EXPECT_EQ(direction(40), Direction::falling);
    EXPECT_EQ(direction(45), Direction::falling);
    EXPECT_EQ(direction(45.1), Direction::neutral);
    EXPECT_EQ(direction(30), Direction::falling);
    EXPECT_EQ(direction(60), Direction::rising) << "straight through";
}

TEST(Confluence, RecordsAreWrittenForTheirCauses) {
    Confluence confluence{Params{}};
    const auto causes = [&](double score, std::int64_t ms, double coverage = 1.0) {
        Six six({score, score, score, score, score, score}, {coverage, 1, 1, 1, 1, 1});
        if (coverage == 0) {
            six.opinions[0] = opinion(Dimension::order_flow, std::nullopt, 0);
        }
        six.input.at = from_ms(ms);
        return confluence.evaluate(six.input)->causes;
    };
    EXPECT_TRUE(causes(52, 60'000).has(Cause::minute));
    EXPECT_TRUE(causes(52.5, 61'000).empty()) << "half a point is not a move";
    EXPECT_TRUE(causes(53.1, 62'000).has(Cause::move));
    EXPECT_TRUE(causes(53.1, 63'000).empty());
    EXPECT_TRUE(causes(60, 64'000).has(Cause::direction));
    EXPECT_TRUE(causes(60, 65'000, 0).has(Cause::dimension));
}

TEST(Flips, ALeafAloneCarriesTheScoreToTheTarget) {
    // V7: first leaf s 72, G .25, S 58.6, T 50 -> s' 37.6, z' -.506561.
    EXPECT_NEAR(leaf_score_for(72, .25, 58.6, 50), 37.6, 1e-12);
    const analysis::ScoreMap map{
        .kind = analysis::MapKind::z0, .sign = 1, .spread = {.centre = 0, .spread = 1, .is_degenerate = false}};
    EXPECT_NEAR(*analysis::value_at(map, 37.6), -.506561, 1e-6);
}

TEST(Flips, WhatIsProposedReachesItsTarget) {
    const Six six({72, 55, 61, 48, 66, 58}, {1, 1, 1, 1, 1, 1});
    const ScoreRecord record = combine(six.input, {}, Params{});
    const auto found = flips(record, Params{});
    ASSERT_FALSE(found.empty());
    EXPECT_LE(found.size(), 8U);
    for (const Flip& flip : found) {
        if (flip.kind != FlipKind::leaf) continue;
        const Part& part = record.part(flip.dimension);
        const Leaf& leaf = part.opinion.components[0].leaves[0];
        const double gain = leaf_gain(part, part.opinion.components[0], leaf);
        EXPECT_NEAR(record.sum + gain * (flip.to_score - flip.from_score), flip.target, 1e-9);
    }
    const Six silent({std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt},
                     {0, 0, 0, 0, 0, 0});
    EXPECT_TRUE(flips(combine(silent.input, {}, Params{}), Params{}).empty());
}

TEST(Changes, SplitIsExactAndAddsUp) {
    // 3.8's vector: gain .25 -> .20, v 22 -> 10: dk -3.5 = -2.7 (score) - .8 (gain).
    const double weight = 1.0 / 6;
    const Six a({72, 50, 50, 50, 50, 50}, {1, 1, 1, 1, 1, 1});
    const Six b({60, 50, 50, 50, 50, 50}, {.8, 1, 1, 1, 1, 1});
    const ScoreRecord before = combine(a.input, {}, Params{});
    const ScoreRecord after = combine(b.input, {}, Params{});
    double points = 0, by_score = 0, by_coverage = 0;
    for (const Change& change : changes(terms_of(before), terms_of(after))) {
        points += change.points;
        by_score += change.by_score;
        by_coverage += change.by_coverage;
        EXPECT_NEAR(change.points, change.by_score + change.by_weight + change.by_coverage + change.by_quality,
                    1e-12);
    }
    EXPECT_NEAR(points, after.sum - before.sum, 1e-9);
    EXPECT_NEAR(by_score, weight * .9 * -12, 1e-9);
    EXPECT_NEAR(by_coverage, weight * 16 * -.2, 1e-9);
}

TEST(Changes, AddUpOnRandomPairsWithAppearingAndVanishingLeaves) {
    Prng prng(5);
    const auto random_record = [&] {
        std::array<std::optional<double>, 6> scores;
        std::array<double, 6> coverages{};
        for (std::size_t d = 0; d < 6; ++d) {
            if (prng.below(3) == 0) continue;
            coverages[d] = .2 + .8 * prng.uniform();
            scores[d] = 100 * prng.uniform();
        }
        Six six(scores, coverages);
        six.input.quality.q_liquidity = .5 + .5 * prng.uniform();
        return combine(six.input, {}, Params{});
    };
    for (int round = 0; round < 500; ++round) {
        const ScoreRecord a = random_record();
        const ScoreRecord b = random_record();
        double points = 0;
        for (const Change& change : changes(terms_of(a), terms_of(b))) points += change.points;
        EXPECT_NEAR(points, b.sum - a.sum, 1e-9);
    }
}

TEST(WarmUp, CountsTheMinutesUntilTheCoverageIsThere) {
    Six six({std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt}, {0, 0, 0, 0, 0, 0});
    for (auto& dimension : six.opinions) {
        for (Leaf& leaf : dimension.components[0].leaves) {
            leaf.flags.set(analysis::Flag::warming);
            leaf.n = leaf.frame == Frame::m1 ? 18 : 0;
            leaf.n_min = leaf.frame == Frame::m1 ? 60 : 36;
            leaf.ready_in =
                leaf.frame == Frame::m1 ? Nanos(std::chrono::minutes{42}) : Nanos(std::chrono::minutes{180});
        }
    }
    // At 42 minutes the 1m half has .5, so C = .25; it reaches .5 alone when the 1m leaf is full, 60 samples later.
    Confluence confluence{Params{}};
    const auto record = confluence.evaluate(six.input);
    ASSERT_TRUE(record->ready_in);
    EXPECT_EQ(*record->ready_in, Nanos(std::chrono::minutes{102}));
}

TEST(WarmUp, AHoleHealsWhenItsWindowHasPassed) {
    Six six({std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt}, {0, 0, 0, 0, 0, 0});
    for (auto& dimension : six.opinions) {
        for (Leaf& leaf : dimension.components[0].leaves) {
            leaf.flags.set(analysis::Flag::gap);
            leaf.n = 480;
            leaf.n_min = 60;
        }
    }
    Confluence confluence{Params{}};
    const auto record = confluence.evaluate(six.input);
    ASSERT_TRUE(record->ready_in);
    EXPECT_EQ(*record->ready_in, Nanos(std::chrono::minutes{1})) << "the one-minute half is enough";
}

TEST(WarmUp, IsSilentWhenAnInputIsMissing) {
    const Six six({60, std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt}, {1, 0, 0, 0, 0, 0});
    Confluence confluence{Params{}};
    EXPECT_FALSE(confluence.evaluate(six.input)->ready_in);
}

TEST(Reasons, NameTheLargestSharesWithTheirSign) {
    Six six({72, 50, 40, 50, 50, 50}, {1, 1, 1, 1, 1, 1});
    six.opinions[0].components[0].name = "trade_imbalance";
    const auto words = reasons(combine(six.input, {}, Params{}), 3);
    ASSERT_EQ(words.size(), 2U);
    EXPECT_EQ(words[0], "trade imbalance +3.7");
}

TEST(DimensionCorrelation, IsThePriorUntilItIsKnown) {
    DimensionCorrelation correlation;
    Prng prng(3);
    for (std::size_t i = 0; i < DimensionCorrelation::kStepsMin - 1; ++i) {
        const double x = 50 + 10 * prng.normal();
        correlation.add({x, std::nullopt, x, std::nullopt, std::nullopt, std::nullopt});
    }
    EXPECT_DOUBLE_EQ(correlation.mean(.4), .4);
    correlation.add({60.0, std::nullopt, 60.0, std::nullopt, std::nullopt, std::nullopt});
    EXPECT_NEAR(correlation.mean(.4), 1.0, 1e-9);
}

TEST(Confluence, KnowsItsMembersBeforeTheFirstEvaluation) {
    const analysis::Memberships memberships{analysis::Membership::member,        analysis::Membership::not_installed,
                                            analysis::Membership::member,        analysis::Membership::not_applicable,
                                            analysis::Membership::not_installed, analysis::Membership::not_installed};
    const ScoreRecord record = unevaluated(memberships, Params{});
    EXPECT_FALSE(record.score);
    EXPECT_FALSE(record.direction);
    EXPECT_EQ(record.coverage, 0);
    EXPECT_EQ(record.members, 2U);
    for (const Part& part : record.parts) {
        EXPECT_EQ(part.membership, memberships[static_cast<std::size_t>(part.opinion.dimension)]);
        EXPECT_FALSE(part.opinion.score);
        EXPECT_EQ(part.contribution, 0);
    }
}

TEST(Confluence, SetsEachDimensionByItsPlace) {
    Six six({60, 60, 60, 60, 60, 60}, {1, 1, 1, 1, 1, 1});
    for (auto& dimension : six.opinions) dimension.dimension = Dimension::order_flow;
    const ScoreRecord record = combine(six.input, {}, Params{});
    for (std::size_t d = 0; d < 6; ++d) EXPECT_EQ(record.parts[d].opinion.dimension, static_cast<Dimension>(d));
}

TEST(Confluence, LooksBackByTimeAndOverNoHole) {
    using std::chrono::minutes;
    using std::chrono::seconds;
    const Timestamp start = from_ms(36'000'000);
    Confluence confluence{Params{}};
    const auto score_at = [](double minute) { return 50 + minute / 100; };  // neutral all the time
    const auto evaluate = [&](double minute) {
        Six six({score_at(minute), score_at(minute), score_at(minute), score_at(minute), score_at(minute),
                 score_at(minute)},
                {1, 1, 1, 1, 1, 1});
        six.input.at = start + seconds{static_cast<std::int64_t>(60 * minute)};
        (void)confluence.evaluate(six.input);
        return confluence.past();
    };
    const auto minute_of = [&](const std::shared_ptr<const ScoreTerms>& terms) {
        return terms ? std::chrono::duration_cast<minutes>(terms->at - start).count() : -1;
    };
    Past past;
    for (int minute = 0; minute <= 75; ++minute) past = evaluate(minute);
    EXPECT_EQ(minute_of(past.five_minutes), 70);
    EXPECT_EQ(minute_of(past.hour), 15);
    EXPECT_EQ(minute_of(past.direction_change), 0);
    EXPECT_NEAR(past.minute_before.value_or(0), score_at(74), 1e-9);
    past = evaluate(75.5);
    EXPECT_NEAR(past.minute_before.value_or(0), score_at(74), 1e-9) << "the newest end is still 75";

    past = evaluate(255);  // nobody looked for three hours
    EXPECT_EQ(minute_of(past.five_minutes), -1);
    EXPECT_EQ(minute_of(past.hour), -1);
    EXPECT_EQ(minute_of(past.direction_change), -1) << "it may have changed and come back";
    EXPECT_FALSE(past.minute_before);
    past = evaluate(256);
    EXPECT_NEAR(past.minute_before.value_or(0), score_at(255), 1e-9);
    past = evaluate(258.5);
    EXPECT_FALSE(past.minute_before) << "the end of 257 was not seen";
    past = evaluate(259);
    EXPECT_FALSE(past.minute_before);
    past = evaluate(260.5);  // and the close at 260 neither
    EXPECT_EQ(minute_of(past.five_minutes), 255);
    EXPECT_NEAR(past.minute_before.value_or(0), score_at(259), 1e-9);
    for (int minute = 261; minute <= 265; ++minute) past = evaluate(minute);
    EXPECT_EQ(minute_of(past.five_minutes), -1) << "that of 260 is missing, that of 255 is another question";
    for (int minute = 266; minute <= 320; ++minute) past = evaluate(minute);
    EXPECT_EQ(minute_of(past.five_minutes), 315);
    EXPECT_EQ(minute_of(past.hour), 255) << "an hour and five minutes is an hour ago in words";
}

}  // namespace vt::confluence
