// What half-hour samples of twelve hours judge. The hours before the planted truth are made once for all tests.

#include "analysis/smart_money/recent_event.hpp"
#include "analysis/smart_money/smart_money.hpp"
#include "analysis/test_simulation.hpp"
#include "analysis/test_sums.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <set>
#include <string>

namespace vt::analysis::smart_money {
namespace {

using std::chrono::seconds;
using test::Simulation;

class TwelveHours : public testing::Test {
protected:
    static void SetUpTestSuite() {
        run = std::make_unique<Simulation>(sim::Truth::absorption, std::chrono::minutes{760});
        run->on_evaluation = [](const Evaluation& evaluation) {
            last = evaluation[Dimension::smart_money];
            at = evaluation.at;
            if (last.score) seen.insert(std::to_string(*last.score));
            expect_sum(last);
        };
        run->to(0);
        run->analysis.save(saved);
        run->on_evaluation = nullptr;
    }
    static void TearDownTestSuite() { run.reset(); }

    static inline std::unique_ptr<Simulation> run;  // at the start of the truth, or later
    // As of the start.
    static inline std::string saved;
    static inline DimensionScore last;
    static inline Timestamp at{};
    static inline std::set<std::string> seen;
};

TEST_F(TwelveHours, EachInputTakesTheCoverageOfThoseWhoReadItAndTheRestAddsUp) {
    EXPECT_GT(seen.size(), 1000U);  // it moves
    ASSERT_TRUE(last.score.has_value());
    EXPECT_NE(*last.score, 50);
    double weights = 0;
    for (const Component& component : last.components) {
        if (!component.is_shadow) weights += component.weight;
        double frames = 0;
        for (const Leaf& leaf : component.leaves) frames += leaf.weight;
        EXPECT_NEAR(frames, 1, 1e-12) << component.name;
    }
    EXPECT_NEAR(weights, 1, 1e-12);

    // Without trades nothing is left; without the book, what reads it is gone and nothing else.
    market::OrderBook nothing{4096};
    const auto after = [&](const EvaluationInputs& inputs, bool loses_book) {
        SymbolAnalysis copy(run->instrument(), {});
        EXPECT_TRUE(copy.load(saved).has_value());
        if (loses_book) {
            copy.before_book(at + seconds{1}, nothing);
            copy.on_book_invalid(at + seconds{1});
        }
        (void)copy.evaluate(at + seconds{1}, nothing, inputs);
        return DimensionScore(copy.evaluate(at + seconds{2}, nothing, inputs)[Dimension::smart_money]);
    };
    const DimensionScore deaf = after({}, false);
    EXPECT_EQ(deaf.coverage, 0);
    EXPECT_FALSE(deaf.score.has_value());
    const DimensionScore whole = after({.trades_connection_age = seconds{0}}, false);
    const DimensionScore blind = after({.trades_connection_age = seconds{0}}, true);
    for (std::size_t i = 0; i < 4; ++i) {
        const bool reads_book = i == 1 || i == 2;
        for (std::size_t f = 0; f < blind.components[i].leaves.size(); ++f) {
            const Leaf& leaf = blind.components[i].leaves[f];
            const Leaf& was = whole.components[i].leaves[f];
            if (reads_book) {
                EXPECT_EQ(leaf.coverage, 0) << blind.components[i].name;
            } else {
                EXPECT_EQ(leaf.coverage, was.coverage) << blind.components[i].name;
            }
        }
    }
}

/// From 40 minutes after the start on.
TEST_F(TwelveHours, SellersWhoAreAbsorbedAreAccumulation) {
    std::optional<double> first_event;
    std::optional<double> score;
    run->on_evaluation = [&](const Evaluation& evaluation) {
        const double minute = run->minute_of(evaluation.at);
        if (minute < 40) return;
        const Leaf& absorbed = evaluation[Dimension::order_flow].components[4].leaves[0];
        if (!first_event && absorbed.value.value_or(0) > 0.2) first_event = minute;
        if (minute <= 46) score = evaluation[Dimension::smart_money].components[1].leaves[0].score;
    };
    run->to(46.1);
    ASSERT_TRUE(first_event.has_value());
    EXPECT_LT(*first_event, 41);
    EXPECT_GT(score.value_or(0), 80);
    std::optional<RecentEvent> shown;
    for (const RecentEvent& event : run->analysis.recent_events()) {
        if (event.kind == EventKind::absorption) shown = event;
    }
    ASSERT_TRUE(shown.has_value());
    EXPECT_EQ(shown->direction, 1) << "sellers were absorbed";
    EXPECT_EQ(shown->t_confirm - shown->t_event, seconds{10});
    EXPECT_TRUE(shown->low.has_value());
}

}  // namespace
}  // namespace vt::analysis::smart_money
