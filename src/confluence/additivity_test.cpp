#include "confluence/changes.hpp"
#include "confluence/flips.hpp"
#include "confluence/test_opinions.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace vt::confluence {
namespace {

using analysis::Component;
using analysis::Leaf;
using test::RandomOpinions;

/// How far the bars, and the leaves, are from adding up to the score.
double error_of_bars(const ScoreRecord& record) {
    double total = 50 + record.adjustments.sum();
    for (const Part& part : record.parts) total += part.contribution;
    return std::abs(total - record.sum);
}
double error_of_leaves(const ScoreRecord& record) {
    double total = 50;
    for (const Part& part : record.parts) {
        for (const Component& component : part.opinion.components) {
            for (const Leaf& leaf : component.leaves) {
                if (leaf.score) total += score_gain(record, part, component, leaf) * (*leaf.score - 50);
            }
        }
    }
    return std::abs(total - record.sum);
}

/// The record with one leaf changed.
template <class Change>
ScoreRecord changed(const ScoreRecord& record, const Params& params, Change&& change) {
    std::array<analysis::DimensionScore, analysis::kDimensionCount> opinions;
    Opinions input{.at = record.at, .quality = record.quality};
    for (std::size_t d = 0; d < opinions.size(); ++d) {
        opinions[d] = record.parts[d].opinion;
        input.memberships[d] = record.parts[d].membership;
        if (input.memberships[d] != analysis::Membership::member) continue;
        for (Component& component : opinions[d].components) change(opinions[d].dimension, component);
        analysis::combine(opinions[d]);
        input.dimensions[d] = &opinions[d];
    }
    return combine(input, record.regime, params);
}

bool is_across(double value, double from, double target) { return target > from ? value >= target : value <= target; }

}  // namespace

TEST(Additivity, HoldsOverAMillionRandomScores) {
    RandomOpinions few(20261128, 1);
    RandomOpinions many(20261128);
    const Params equal;
    const Params uneven = RandomOpinions::uneven();
    double worst = 0;
    int withheld = 0;
    int moved_by_regime = 0;
    for (int round = 0; round < 1'000'000; ++round) {
        const bool is_equal = round / 16 % 2 == 0;
        RandomOpinions& random = round % 16 == 0 ? many : few;
        const Opinions& input = random.next();
        const ScoreRecord record = combine(input, random.regime(), is_equal ? equal : uneven);
        worst = std::max({worst, error_of_bars(record), error_of_leaves(record)});
        if (!record.score) ++withheld;
        if (record.adjustments.regime != 0) ++moved_by_regime;
        ASSERT_EQ(record.score.has_value(), record.coverage >= 0.5 - kCoverageTolerance);
        if (is_equal) {
            ASSERT_EQ(record.adjustments.regime, 0);
        }
    }
    EXPECT_LE(worst, 1e-9);
    EXPECT_GT(withheld, 10'000);
    EXPECT_GT(moved_by_regime, 100'000);
}

TEST(Flips, ALeafThatIsChangedAsProposedReallyReachesTheTarget) {
    RandomOpinions random(7);
    const Params params = RandomOpinions::uneven();
    int leaves = 0, joints = 0, losses = 0;
    for (int round = 0; round < 20'000; ++round) {
        const ScoreRecord record = combine(random.next(), random.regime(), params);
        const auto found = flips(record, params);
        EXPECT_LE(found.size(), 8U);
        EXPECT_TRUE(record.score || found.empty());
        for (const Flip& flip : found) {
            const auto is_named = [&](analysis::Dimension dimension, const Component& component) {
                return dimension == flip.dimension && component.name == flip.components.front();
            };
            if (flip.kind == FlipKind::leaf) {
                ++leaves;
                const ScoreRecord after =
                    changed(record, params, [&](analysis::Dimension dimension, Component& component) {
                        if (!is_named(dimension, component)) return;
                        for (Leaf& leaf : component.leaves) {
                            if (leaf.frame != *flip.frame) continue;
                            ASSERT_TRUE(flip.to_value);
                            leaf.value = flip.to_value;
                            leaf.score = analysis::score_of(leaf.map, *leaf.value);
                        }
                    });
                EXPECT_NEAR(after.sum, flip.target, 1e-6);
            } else if (flip.kind == FlipKind::loss) {
                ++losses;
                const ScoreRecord after =
                    changed(record, params, [&](analysis::Dimension dimension, Component& component) {
                        if (!is_named(dimension, component)) return;
                        for (Leaf& leaf : component.leaves) {
                            leaf.score.reset();
                            leaf.coverage = 0;
                        }
                    });
                EXPECT_NEAR(after.sum, flip.to_score, 1e-9);
                EXPECT_TRUE(is_across(after.sum, record.sum, flip.target));
            } else {
                ++joints;
                EXPECT_TRUE(is_across(flip.to_score, record.sum, flip.target));
            }
        }
    }
    EXPECT_GT(leaves, 300);
    EXPECT_GT(joints, 100);
    EXPECT_GT(losses, 5);
}

TEST(Flips, TheBoundariesAreThoseOfTheDirectionThatHolds) {
    RandomOpinions random(3);
    const Params params;
    ScoreRecord record = combine(random.next(), {}, params);
    while (!record.score || record.sum < 52 || record.sum > 54) record = combine(random.next(), {}, params);
    const auto targets_of = [&](Direction direction) {
        record.direction = direction;
        std::vector<double> targets;
        for (const Flip& flip : flips(record, params)) targets.push_back(flip.target);
        return targets;
    };
    const auto has = [](const std::vector<double>& all, double level) {
        return std::find(all.begin(), all.end(), level) != all.end();
    };
    const auto neutral = targets_of(Direction::neutral);
    EXPECT_FALSE(has(neutral, 55)) << "a long that is not there cannot end";
    EXPECT_TRUE(has(neutral, 60) || has(neutral, 40));
    EXPECT_FALSE(has(targets_of(Direction::falling), 60));
}

TEST(Changes, AddUpOnRandomPairsOfFullRecords) {
    RandomOpinions random(11);
    const Params equal;
    const Params uneven = RandomOpinions::uneven();
    for (int round = 0; round < 5000; ++round) {
        const ScoreRecord a = combine(random.next(), random.regime(), equal);
        const ScoreRecord b = combine(random.next(), random.regime(), uneven);
        double total = 0;
        for (const Change& change : changes(terms_of(a), terms_of(b))) {
            EXPECT_NEAR(change.points, change.by_score + change.by_weight + change.by_coverage + change.by_quality,
                        1e-12);
            EXPECT_NE(change.component, "third") << "a shadow moves nothing";
            total += change.points;
        }
        EXPECT_NEAR(total, b.sum - a.sum, 1e-9);
    }
}

}  // namespace vt::confluence
