// A market of which every input is alive, then with each input taken away in turn: the score still adds up, the
// coverage falls by what was lost and by nothing else, and the words name it.

#include "analysis/test_market.hpp"
#include "confluence/explanation.hpp"
#include "confluence/wording.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace vt::confluence {
namespace {

using analysis::test::BookLost;
using analysis::test::Record;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int kSeconds = 75 * 60;  // the leaves of one minute live from the 60th on
constexpr int kLostFor = 45;       // at the end

enum class Lost { nothing, trades, book };

/// The last score of the market without one input for the last seconds.
ScoreRecord last_score(Lost lost) {
    const market::Instrument instrument = analysis::test::made_up_instrument();
    const auto records = analysis::test::made_up_records(3, kSeconds);
    const Timestamp cut = analysis::test::kStart + seconds{kSeconds - kLostFor};
    analysis::test::Player player(instrument, {});
    const auto alive = player.inputs_at;
    player.inputs_at = [&](Timestamp u) {
        analysis::EvaluationInputs inputs = alive(u);
        // A connection that died: its age grows.
        if (lost == Lost::trades && u > cut) inputs.trades_connection_age = u - cut;
        return inputs;
    };
    Confluence confluence{Params{}};
    std::shared_ptr<const ScoreRecord> score;
    player.on_evaluation = [&](const analysis::Evaluation& found) {
        score = confluence.evaluate({.at = found.at,
                                     .dimensions = found.dimensions,
                                     .memberships = found.memberships,
                                     .quality = found.quality,
                                     .market = found.market,
                                     .first_sequences = found.first_sequences});
    };
    bool is_book_lost = false;
    for (const Record& record : records) {
        const bool is_trade = std::holds_alternative<market::Trade>(record.body);
        if (record.time < cut || lost == Lost::nothing || is_trade != (lost == Lost::trades)) {
            player.play(record);
        } else if (lost == Lost::book && !is_book_lost) {
            is_book_lost = true;
            player.play({.time = record.time, .body = BookLost{}, .sequence = record.sequence});
        } else {
            player.reach(record.time);
        }
    }
    return *score;
}

double sum_of_bars(const ScoreRecord& record) {
    double total = 50 + record.adjustments.sum();
    for (const Part& part : record.parts) total += part.contribution;
    return total;
}

/// The coverage by its leaves: those of a dimension with a score.
double sum_of_leaf_coverage(const ScoreRecord& record) {
    double total = 0;
    for (const Part& part : record.parts) {
        if (!part.opinion.score) continue;
        for (const analysis::Component& component : part.opinion.components) {
            if (component.is_shadow) continue;
            for (const analysis::Leaf& leaf : component.leaves)
                total += part.weight * component.weight * leaf.weight * leaf.coverage;
        }
    }
    return total;
}

const analysis::Component& component_of(const ScoreRecord& record, analysis::Dimension dimension,
                                        std::string_view name) {
    const auto& components = record.part(dimension).opinion.components;
    return *std::find_if(components.begin(), components.end(), [&](const auto& one) { return one.name == name; });
}

void expect_named(const ScoreRecord& record, std::string_view component, std::string_view why) {
    const auto missing = explain(record, {}, {}).missing;
    EXPECT_TRUE(std::any_of(missing.begin(), missing.end(),
                            [&](const std::string& line) {
                                return line.find(plain(component)) != std::string::npos &&
                                       line.find(why) != std::string::npos;
                            }))
        << component << " " << why;
}

}  // namespace

TEST(InputLoss, EachInputTakenAwayIsSeenInCoverageSumAndWords) {
    const ScoreRecord whole = last_score(Lost::nothing);
    const ScoreRecord no_trades = last_score(Lost::trades);
    const ScoreRecord no_book = last_score(Lost::book);
    EXPECT_GT(whole.coverage, .1) << "a market that says nothing would prove nothing";
    for (const ScoreRecord* record : {&whole, &no_trades, &no_book}) {
        EXPECT_NEAR(sum_of_bars(*record), record->sum, 1e-9);
        EXPECT_NEAR(sum_of_leaf_coverage(*record), record->coverage, 1e-12);
    }
    EXPECT_LT(no_trades.coverage, whole.coverage);
    EXPECT_LT(no_book.coverage, whole.coverage);

    using analysis::Dimension;
    EXPECT_GT(component_of(whole, Dimension::order_flow, "trade_imbalance").coverage,
              component_of(no_trades, Dimension::order_flow, "trade_imbalance").coverage);
    EXPECT_EQ(component_of(whole, Dimension::liquidity, "book_imbalance").coverage,
              component_of(no_trades, Dimension::liquidity, "book_imbalance").coverage)
        << "the book did not go with the trades";
    EXPECT_GT(component_of(whole, Dimension::liquidity, "book_imbalance").coverage, 0);
    EXPECT_EQ(component_of(no_book, Dimension::liquidity, "book_imbalance").coverage, 0);
    EXPECT_EQ(component_of(whole, Dimension::order_flow, "trade_imbalance").coverage,
              component_of(no_book, Dimension::order_flow, "trade_imbalance").coverage);
    expect_named(no_trades, "trade_imbalance", "lacks");
    expect_named(no_book, "book_imbalance", "no input");
    expect_named(no_book, "ofi_best", "lack");
}

TEST(InputLoss, TheRangeOfInputsBeginsWithTheWindow) {
    const ScoreRecord whole = last_score(Lost::nothing);
    const auto first = [&](analysis::Frame frame) { return whole.first_sequences[static_cast<std::size_t>(frame)]; };
    const auto records = analysis::test::made_up_records(3, kSeconds);
    const auto wanted = [&](minutes window) {
        std::uint64_t sequence = 0;
        for (const Record& record : records) {
            const bool is_quote = std::holds_alternative<market::BestQuote>(record.body);  // taken from the book here
            if (is_quote || record.time < whole.at - window || record.time >= whole.at) continue;
            if (sequence == 0 || record.sequence < sequence) sequence = record.sequence;
        }
        return sequence;
    };
    EXPECT_EQ(first(analysis::Frame::m1), wanted(minutes{1}));
    EXPECT_EQ(first(analysis::Frame::m5), wanted(minutes{5}));
    EXPECT_LE(first(analysis::Frame::m30), first(analysis::Frame::m5));
    EXPECT_GT(first(analysis::Frame::m30), 0U);
    EXPECT_EQ(first(analysis::Frame::h4), records.front().sequence) << "all of it";
}

}  // namespace vt::confluence
