// What is planted in the simulated market is found, and its control stays silent.

#include "analysis/smart_money/recent_event.hpp"
#include "analysis/smart_money/smart_money.hpp"
#include "analysis/test_simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

namespace vt::analysis::smart_money {
namespace {

using sim::Truth;
using std::chrono::minutes;
using std::chrono::seconds;
using test::Simulation;

enum ComponentIndex : std::size_t { large_trade_imbalance, accumulation, iceberg, whale_cluster };
enum BookLeaf : std::size_t { book_imbalance, queue_imbalance, impact_asymmetry };

const Leaf& leaf_of(const Evaluation& evaluation, ComponentIndex component, std::size_t frame = 0) {
    return evaluation[Dimension::smart_money].components[component].leaves[frame];
}

/// The newest of a kind in the list that pages show.
std::optional<RecentEvent> newest_of(const SymbolAnalysis& analysis, EventKind kind) {
    std::optional<RecentEvent> newest;
    for (const RecentEvent& event : analysis.recent_events()) {
        if (event.kind == kind) newest = event;
    }
    return newest;
}

TEST(PlantedTruths, AnIcebergIsFoundByItsRefills) {
    Simulation run(Truth::iceberg, minutes{20});
    double before = 0;
    double at_sixth = 0;
    std::optional<double> score;
    run.on_evaluation = [&](const Evaluation& evaluation) {
        const double minute = run.minute_of(evaluation.at);
        const auto& events = run.analysis.smart_money().icebergs();
        for (std::size_t i = 0; i < events.size(); ++i) {
            if (run.minute_of(events[i].t_event) < 55) {
                before = std::max(before, events[i].confidence);
            } else if (events[i].refills == 6) {
                at_sixth = events[i].confidence;
                EXPECT_EQ(events[i].side, market::Side::buy);
            }
        }
        if (minute > 55.9 && !score) score = leaf_of(evaluation, iceberg).score;
    };
    run.to(56.5);
    EXPECT_LT(before, 0.5);
    EXPECT_GT(at_sixth, 0.9);
    EXPECT_GT(score.value_or(0), 75);
    const auto shown = newest_of(run.analysis, EventKind::iceberg);
    ASSERT_TRUE(shown.has_value());
    EXPECT_EQ(shown->resting_side, market::Side::buy);
    EXPECT_EQ(shown->direction, 1);
    EXPECT_TRUE(shown->is_heuristic());
    EXPECT_LT(shown->t_event, shown->t_confirm);
}

TEST(PlantedTruths, AMarketWithoutAnEdgeHasNoIcebergAndNoLean) {
    Simulation run(Truth::no_edge, minutes{150});
    double surest = 0;
    std::array<double, 4> sums{};
    std::array<double, 4> counts{};
    run.on_evaluation = [&](const Evaluation& evaluation) {
        const auto& events = run.analysis.smart_money().icebergs();
        for (std::size_t i = 0; i < events.size(); ++i) surest = std::max(surest, events[i].confidence);
        for (std::size_t i = 0; i < sums.size(); ++i) {
            const auto& score = evaluation[Dimension::smart_money].components[i].score;
            if (!score) continue;
            sums[i] += *score;
            counts[i] += 1;
        }
    };
    run.to(72);
    EXPECT_LT(surest, 0.5);
    EXPECT_GT(counts[large_trade_imbalance], 1000);
    // An hour or two of a market without memory: the mean of overlapping windows still wanders.
    EXPECT_NEAR(sums[large_trade_imbalance] / counts[large_trade_imbalance], 50, 12);
    EXPECT_NEAR(sums[iceberg] / counts[iceberg], 50, 12);
    EXPECT_NEAR(sums[whale_cluster] / counts[whale_cluster], 50, 12);
}

TEST(PlantedTruths, OrdersForShowCutTheCoverageOfTheBook) {
    Simulation run(Truth::spoof, minutes{70});
    std::array<double, 3> before{};
    std::array<double, 3> within{};
    double highest = 0;
    const auto coverages = [](const Evaluation& evaluation) {
        std::array<double, 3> result{};
        for (const BookLeaf leaf : {book_imbalance, queue_imbalance, impact_asymmetry})
            result[leaf] = evaluation[Dimension::liquidity].components[leaf].leaves[0].coverage;
        return result;
    };
    run.on_evaluation = [&](const Evaluation& evaluation) {
        const double minute = run.minute_of(evaluation.at);
        const double spoof = run.analysis.smart_money().spoof_like(evaluation.at);
        if (minute < 60 && spoof == 0) before = coverages(evaluation);
        if (minute > 62 && minute < 65) {
            highest = std::max(highest, spoof);
            EXPECT_GE(spoof, 0.8);
            within = coverages(evaluation);
        }
    };
    run.to(65);
    EXPECT_GT(highest, 0.8);
    const auto shown = newest_of(run.analysis, EventKind::vanished_order);
    ASSERT_TRUE(shown.has_value());
    EXPECT_EQ(shown->resting_side, market::Side::sell);
    EXPECT_EQ(shown->direction, 0) << "what it means for the price is not known";
    for (std::size_t i = 0; i < before.size(); ++i) {
        ASSERT_GT(before[i], 0.4) << i;
        EXPECT_LE(within[i], 0.6 * before[i] + 1e-9) << i;
    }
}

TEST(PlantedTruths, AWallThatRestsAndTradesIsNotForShow) {
    std::array<double, 2> imbalance{};
    std::array<std::vector<double>, 2> spoof;
    for (const Truth truth : {Truth::wall, Truth::none}) {
        Simulation run(truth, minutes{10});
        double samples = 0;
        double& mean = imbalance[truth == Truth::wall ? 0 : 1];
        run.on_evaluation = [&](const Evaluation& evaluation) {
            const double minute = run.minute_of(evaluation.at);
            const Leaf& leaf = evaluation[Dimension::liquidity].components[book_imbalance].leaves[0];
            if (minute >= 29)
                spoof[truth == Truth::wall ? 0 : 1].push_back(run.analysis.smart_money().spoof_like(evaluation.at));
            if (minute < 31.5 || minute > 34.5 || !leaf.value) return;
            mean += *leaf.value;
            samples += 1;
        };
        run.to(36);
        ASSERT_GT(samples, 100);
        mean /= samples;
        if (truth == Truth::none) continue;
        const double wall_quote = 500 * 2000 * test::simulated_symbol().size_scale;
        const auto& vanished = run.analysis.smart_money().vanished_orders();
        for (std::size_t i = 0; i < vanished.size(); ++i) {
            const bool is_the_wall = vanished[i].side == market::Side::sell &&
                                     run.minute_of(vanished[i].t_event) >= 30 &&
                                     vanished[i].added_quote > 0.7 * wall_quote;
            EXPECT_FALSE(is_the_wall);
        }
    }
    EXPECT_EQ(spoof[0], spoof[1]) << "nothing of it counts against the book";
    EXPECT_LT(imbalance[0], imbalance[1] - 0.02);  // it is depth, and shown as such
}

TEST(PlantedTruths, ThreeWhalesAreACluster) {
    Simulation run(Truth::whale, minutes{200});
    std::vector<Timestamp> whales;
    std::optional<double> after_third;
    std::optional<double> before_third;
    std::optional<double> imbalance;
    run.on_evaluation = [&](const Evaluation& evaluation) {
        if (run.minute_of(evaluation.at) < 69.9) return;
        const auto& seen = run.analysis.whales();
        const bool is_new = !seen.empty() && run.minute_of(seen.back().time) >= 69.9 &&
                            seen.back().signed_notional > 100'000 &&
                            (whales.empty() || whales.back() != seen.back().time);
        if (is_new) whales.push_back(seen.back().time);
        if (is_new && whales.size() == 3) {
            EXPECT_LE(evaluation.at - whales.back(), seconds{1});
            after_third = leaf_of(evaluation, whale_cluster).score;
        }
        if (whales.size() < 3) before_third = leaf_of(evaluation, whale_cluster).score;
        if (run.minute_of(evaluation.at) > 72) imbalance = leaf_of(evaluation, large_trade_imbalance).score;
    };
    run.to(72.2);
    ASSERT_EQ(whales.size(), 3U);
    EXPECT_NEAR(before_third.value_or(0), 50, 10);
    EXPECT_GT(after_third.value_or(0), 90);
    EXPECT_GT(imbalance.value_or(0), 75);
    const WhaleClusterEvent& cluster = run.analysis.smart_money().whale_clusters().back();
    EXPECT_EQ(cluster.whales, 3U);
    EXPECT_EQ(cluster.t_event, whales.front());
    EXPECT_EQ(cluster.t_confirm, whales.back());
    const auto shown = newest_of(run.analysis, EventKind::whale_cluster);
    ASSERT_TRUE(shown.has_value());
    EXPECT_EQ(shown->t_confirm, whales.back());
    EXPECT_EQ(shown->notional_quote, cluster.notional);
}

}  // namespace
}  // namespace vt::analysis::smart_money
