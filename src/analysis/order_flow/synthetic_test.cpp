#include "analysis/test_market.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <vector>

namespace vt::analysis {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using test::Market;
using test::Player;
using test::Record;

const market::Instrument kInstrument = test::made_up_instrument();

enum ComponentIndex : std::size_t { trade_imbalance, count_imbalance, ofi_best, ofi_multi, absorption };

/// A market whose mood is a function of the second, played from the start.
template <class Mood, class See>
void play_market(std::uint64_t seed, int seconds_count, Mood&& mood, See&& see) {
    Market market(seed);
    Player player(kInstrument, {});
    player.on_evaluation = see;
    for (int i = 0; i < seconds_count; ++i) {
        std::vector<Record> records;
        market.second(test::kStart + seconds{i}, mood(i), records);
        test::sort_by_time(records);
        for (const Record& record : records) player.play(record);
    }
}

TEST(AbsorptionTest, SellersWhoDoNotMoveThePriceSpeakForTheBid) {
    constexpr int kBegin = 7200 + 2400;
    std::optional<Timestamp> first_event;
    double highest = 0;
    double order_flow_least = 100;
    play_market(
        51, kBegin + 300,
        [](int i) {
            Market::Second mood{.trades = 2, .book_updates = 1};
            if (i >= kBegin)
                mood = {.trades = 6, .buy_share = 0.02, .move_ticks = 0, .book_updates = 1, .size_factor = 4};
            return mood;
        },
        [&](const Evaluation& evaluation) {
            if (evaluation.at < test::kStart + seconds{kBegin}) return;
            const Leaf& leaf = evaluation[Dimension::order_flow].components[absorption].leaves[0];
            if (!first_event && leaf.value.value_or(0) > 0.2) first_event = evaluation.at;
            highest = std::max(highest, leaf.score.value_or(0));
            order_flow_least = std::min(order_flow_least, leaf.score.value_or(50));
        });
    ASSERT_TRUE(first_event.has_value());
    EXPECT_LE(*first_event, test::kStart + seconds{kBegin + 60});
    EXPECT_GT(highest, 60);
    EXPECT_GE(order_flow_least, 40);
}

TEST(AbsorptionTest, SellersWhoDoMoveThePriceDoNot) {
    constexpr int kBegin = 7200;
    double highest = 0;
    play_market(
        52, kBegin + 300,
        [](int i) {
            Market::Second mood{.trades = 2, .book_updates = 1};
            if (i >= kBegin) {
                mood = {.trades = 6, .buy_share = 0.02, .book_updates = 1, .size_factor = 4, .drift_ticks = -4};
            }
            return mood;
        },
        [&](const Evaluation& evaluation) {
            const Leaf& leaf = evaluation[Dimension::order_flow].components[absorption].leaves[0];
            // The sellers' first windows may still hold the quiet time before.
            if (evaluation.at > test::kStart + seconds{kBegin + 10})
                highest = std::max(highest, leaf.score.value_or(0));
        });
    EXPECT_LT(highest, 55);
    EXPECT_GT(highest, 0);
}

TEST(FlowTest, BuyersLiftTradeImbalanceAndOrderFlowAndThenItFades) {
    constexpr int kBegin = 4 * 3600;
    std::optional<double> imbalance_5m;
    std::optional<double> dimension;
    std::optional<double> after;
    play_market(
        53, kBegin + 3600,
        [](int i) {
            Market::Second mood{.trades = 2, .book_updates = 1};
            if (i >= kBegin && i < kBegin + 900) mood.buy_share = 0.85;
            return mood;
        },
        [&](const Evaluation& evaluation) {
            const DimensionScore& flow = evaluation[Dimension::order_flow];
            if (evaluation.at == test::kStart + seconds{kBegin + 360}) {
                imbalance_5m = flow.components[trade_imbalance].leaves[1].score;
                dimension = flow.score;
            }
            if (evaluation.at == test::kStart + seconds{kBegin + 3600 - 2})
                after = flow.components[trade_imbalance].leaves[1].score;
        });
    EXPECT_GT(imbalance_5m.value_or(0), 70);
    EXPECT_GT(dimension.value_or(0), 60);
    EXPECT_NEAR(after.value_or(0), 50, 35);
}

TEST(NullTest, AMarketWithoutAnEdgeAveragesFifty) {
    std::array<double, 4> sums{};
    std::array<int, 4> counts{};
    play_market(
        54, 10 * 3600, [](int) { return Market::Second{.trades = 2, .book_updates = 1}; },
        [&](const Evaluation& evaluation) {
            if (floor_to(evaluation.at, minutes{1}) != evaluation.at) return;
            for (std::size_t i = 0; i < sums.size(); ++i) {
                const auto& score = evaluation[Dimension::order_flow].components[i].leaves[0].score;
                if (!score) continue;
                sums[i] += *score;
                ++counts[i];
            }
        });
    for (std::size_t i = 0; i < sums.size(); ++i) {
        ASSERT_GT(counts[i], 500);
        // One-minute scores of a market without memory: independent, sd about 26.
        EXPECT_NEAR(sums[i] / counts[i], 50, 4 * 26 / std::sqrt(counts[i])) << i;
    }
}

}  // namespace
}  // namespace vt::analysis
