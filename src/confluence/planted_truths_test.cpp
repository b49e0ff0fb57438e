// What is planted in the simulated market moves the score only as far as it should.

#include "analysis/smart_money/smart_money.hpp"
#include "analysis/test_simulation.hpp"
#include "confluence/confluence.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <vector>

namespace vt::confluence {
namespace {

using analysis::test::Simulation;
using sim::Truth;

/// The scores of each second from one minute before orders for show to two minutes after, and how much of the book
/// they are.
struct Scores {
    std::vector<std::shared_ptr<const ScoreRecord>> records;
    double most_spoof = 0;

    explicit Scores(Truth truth) {
        Simulation market(truth, std::chrono::hours{2});
        // Sides that need a day, or Bitcoin, are silent here: the direction is told from what the others say.
        Params params;
        params.coverage_min = 0.2;
        Confluence confluence{params};
        market.on_evaluation = [&](const analysis::Evaluation& evaluation) {
            auto record = confluence.evaluate({.at = evaluation.at,
                                               .dimensions = evaluation.dimensions,
                                               .memberships = evaluation.memberships,
                                               .quality = evaluation.quality,
                                               .market = evaluation.market,
                                               .first_sequences = evaluation.first_sequences});
            if (market.minute_of(evaluation.at) < 59) return;
            records.push_back(std::move(record));
            most_spoof = std::max(most_spoof, market.analysis.smart_money().spoof_like(evaluation.at));
        };
        market.to(67);
    }
};

TEST(PlantedTruths, OrdersForShowMoveTheScoreByNoMoreThanTwoPoints) {
    const Scores with(Truth::spoof);
    const Scores without(Truth::none);
    ASSERT_GT(with.most_spoof, 0.8);
    ASSERT_EQ(with.records.size(), without.records.size());
    double most = 0;
    double least_coverage = 1;
    std::size_t scores = 0;
    for (std::size_t i = 0; i < with.records.size(); ++i) {
        const ScoreRecord& a = *with.records[i];
        const ScoreRecord& b = *without.records[i];
        ASSERT_EQ(a.at, b.at);
        most = std::max(most, std::abs(a.sum - b.sum));
        least_coverage = std::min(least_coverage, b.coverage);
        scores += a.score && b.score ? 1U : 0U;
        EXPECT_EQ(a.direction, b.direction);
    }
    std::printf("orders for show: %.3f points at most, coverage %.3f or more, %zu scores\n", most, least_coverage,
                scores);
    EXPECT_LE(most, 2);
    EXPECT_GT(scores, 400U) << "a direction that is not known cannot change";
}

}  // namespace
}  // namespace vt::confluence
