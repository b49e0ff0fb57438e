#include "analysis/smart_money/smart_money.hpp"

#include "analysis/test_market.hpp"
#include "analysis/test_simulation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace vt::analysis::smart_money {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using test::Simulation;

TEST(AccumulationStrength, IsPressureThatWasAbsorbedAndNotFollowed) {
    // Sellers at 3 z, a flat price, half of it absorbed: accumulation.
    EXPECT_DOUBLE_EQ(accumulation_strength(-3, 0, 0.5), 0.75 * 0.5);
    EXPECT_DOUBLE_EQ(accumulation_strength(3, 0, 0.5), -0.75 * 0.5);
    // The price followed them, or went the other way.
    EXPECT_DOUBLE_EQ(accumulation_strength(-3, -3, 0), 0);
    EXPECT_DOUBLE_EQ(accumulation_strength(-3, -4, 0), 0);
    EXPECT_DOUBLE_EQ(accumulation_strength(-3, 2, 0), 1);
    // Too little pressure, nothing absorbed.
    EXPECT_DOUBLE_EQ(accumulation_strength(-0.99, 0, 0), 0);
    EXPECT_DOUBLE_EQ(accumulation_strength(-3, 0, 1), 0);
}

TEST(Accumulation, TheMissingBookIsThatOfTheWindowItself) {
    MinuteHistory history;
    TradeFlow trades;
    QuoteFlow quotes;
    BookFlow books;
    std::vector<float> scratch;
    const order_flow::FlowContext context{.second = {test::kStart, scratch},
                                          .trades = trades,
                                          .quotes = quotes,
                                          .books = books,
                                          .history = history,
                                          .books_5m = {.valid_seconds = 0}};
    for (int minute = 0; minute < 300; ++minute)
        history.push({}, {.valid_seconds = minute < 294 ? 60U : 0U});  // the last six minutes without a book
    EXPECT_NEAR(order_flow::missing_book_share(context, Frame::m5), 1, 1e-12);
    EXPECT_NEAR(order_flow::missing_book_share(context, Frame::m30), 6.0 / 30, 1e-12);
    EXPECT_NEAR(order_flow::missing_book_share(context, Frame::h4), 6.0 / 240, 1e-12);
}

/// Parents by their definition, from all prints at once.
struct SlowParent {
    market::Side side = market::Side::buy;
    std::vector<Print> prints;
    [[nodiscard]] double notional() const {
        double sum = 0;
        for (const Print& print : prints) sum += print.notional;
        return sum;
    }
};

TEST(LargeTradeImbalance, EqualsASlowCount) {
    Prng random(8, "prints");
    TradeFlow trades;
    Timestamp u = test::kStart;
    std::size_t compared = 0;
    double large_seen = 0;
    for (int minute = 0; minute < 30; ++minute) {
        std::vector<Print> prints;
        for (int i = 0; i < 240; ++i) {
            const auto ms = static_cast<std::int64_t>(random.below(60'000));
            const double price = 200 + 0.01 * static_cast<double>(random.below(5));
            const double quantity = std::pow(random.uniform(), -0.7);
            prints.push_back({.time = u + std::chrono::milliseconds{ms},
                              .price = price,
                              .quantity = quantity,
                              .notional = price * quantity,
                              .aggressor = random.below(2) == 0 ? market::Side::buy : market::Side::sell});
        }
        std::stable_sort(prints.begin(), prints.end(),
                         [](const Print& a, const Print& b) { return a.time < b.time; });
        const auto threshold = trades.large_threshold();
        std::size_t next = 0;
        for (int second = 0; second < 60; ++second) {
            u += seconds{1};
            for (; next < prints.size() && prints[next].time < u; ++next) trades.add(prints[next]);
            trades.close_second(u, true);
        }
        const TradeSums sums = trades.sums(u, 60);
        EXPECT_EQ(sums.judged_seconds, threshold ? 60U : 0U);

        std::vector<SlowParent> parents;
        for (const Print& print : prints) {
            const bool goes_on = !parents.empty() && parents.back().side == print.aggressor &&
                                 print.time - parents.back().prints.back().time <= std::chrono::milliseconds{50} &&
                                 print.sign() * (print.price - parents.back().prints.back().price) >= 0;
            if (!goes_on) parents.push_back({.side = print.aggressor, .prints = {}});
            parents.back().prints.push_back(print);
        }
        double buy = 0;
        double sell = 0;
        for (const SlowParent& parent : parents) {
            if (threshold && parent.notional() >= *threshold)
                (parent.side == market::Side::buy ? buy : sell) += parent.notional();
        }
        EXPECT_NEAR(sums.large_buy, buy, 1e-9 * (1 + buy));
        EXPECT_NEAR(sums.large_sell, sell, 1e-9 * (1 + sell));
        const ParentMinute closed = trades.close_minute(u);
        EXPECT_NEAR(sums.large_buy, closed.large_buy, 1e-9 * (1 + buy));
        EXPECT_NEAR(sums.large_sell, closed.large_sell, 1e-9 * (1 + sell));
        compared += threshold ? 1U : 0U;
        large_seen += buy + sell;

        // The leaf over five minutes whose other four are these too.
        MinuteHistory history;
        QuoteFlow quotes;
        BookFlow books;
        std::vector<float> scratch;
        order_flow::FlowContext context{
            .second = {u, scratch}, .trades = trades, .quotes = quotes, .books = books, .history = history};
        context.ages.trades = seconds{0};
        for (int i = 0; i < 5; ++i) context.trades_5m.add(sums);
        LargeTradeImbalance imbalance;
        Component component = LargeTradeImbalance::describe();
        imbalance.evaluate(context, component);
        ASSERT_EQ(component.leaves[0].value.has_value(), threshold.has_value());
        if (!threshold) continue;
        double total = 0;
        for (const Print& print : prints) total += print.notional;
        EXPECT_NEAR(*component.leaves[0].value, (buy - sell) / total, 1e-12);
    }
    EXPECT_GT(compared, 20U);
    EXPECT_GT(large_seen, 0);
}

std::string text_of(const DimensionScore& dimension) {
    std::string text = std::to_string(dimension.score.value_or(-1)) + "/" + std::to_string(dimension.coverage);
    for (const Component& component : dimension.components) {
        for (const Leaf& leaf : component.leaves)
            text += " " + std::to_string(leaf.value.value_or(-9)) + "/" + std::to_string(leaf.coverage);
    }
    return text;
}

TEST(SmartMoney, APrefixOfTheInputGivesAPrefixOfTheScores) {
    const auto texts = [](double until) {
        Simulation run(sim::Truth::whale, minutes{20});
        std::vector<std::string> result;
        run.on_evaluation = [&](const Evaluation& evaluation) {
            result.push_back(text_of(evaluation[Dimension::smart_money]));
        };
        run.to(until);
        return result;
    };
    const auto whole = texts(40);
    const auto part = texts(17);
    ASSERT_GT(part.size(), 2000U);
    ASSERT_GT(whole.size(), part.size());
    for (std::size_t i = 0; i < part.size(); ++i) ASSERT_EQ(part[i], whole[i]) << i;
}

TEST(SmartMoney, SavedAndLoadedGoesOnAsIfItHadNeverStopped) {
    Simulation run(sim::Truth::spoof, minutes{0});
    run.to(61);
    std::string before;
    run.analysis.save(before);
    ASSERT_TRUE(run.analysis.load(before).has_value());
    std::string after;
    run.analysis.save(after);
    EXPECT_TRUE(before == after);
    Simulation other(sim::Truth::spoof, minutes{0});
    std::vector<std::string> reloaded, whole;
    run.on_evaluation = [&](const Evaluation& e) { reloaded.push_back(text_of(e[Dimension::smart_money])); };
    run.to(63);
    other.on_evaluation = [&](const Evaluation& e) {
        if (other.minute_of(e.at) > 60.5) whole.push_back(text_of(e[Dimension::smart_money]));
    };
    other.to(63);
    ASSERT_GT(reloaded.size(), 100U);
    ASSERT_GE(whole.size(), reloaded.size());
    whole.erase(whole.begin(), whole.end() - static_cast<std::ptrdiff_t>(reloaded.size()));
    EXPECT_EQ(reloaded, whole);
}

TEST(SmartMoney, WhatIsLargeToShowIsTheSameToTheOneWhoWatchesAndToTheOneWhoJudges) {
    SmartMoney smart_money;
    market::OrderBook book(4096);
    const market::Instrument instrument = test::made_up_instrument();
    const std::vector<market::Level> bids = {{Ticks{980}, Lots{100}}};
    const std::vector<market::Level> asks = {{Ticks{1050}, Lots{100}}};
    (void)book.apply({.is_snapshot = true, .bids = bids, .asks = asks});
    int frames = 0;
    const auto show = [&](std::int64_t price, std::int64_t lots) {
        const std::vector<market::Level> update = {{Ticks{price}, Lots{lots}}};
        (void)book.apply({.bids = update});
        const BookFrame frame{
            .time = test::kStart + std::chrono::milliseconds{100} * frames++, .book = book, .instrument = instrument};
        smart_money.on_book(frame, top_levels(frame), 4000.0);
    };
    show(980, 100);
    show(985, 100'000);  // 9850 in quote currency: shown it is large
    // More orders than can be watched, each large for a trade and not for an order; they hide the first.
    for (std::int64_t i = 0; i <= static_cast<std::int64_t>(DepthChanges::kMaxWatched); ++i) show(986 + i, 50'000);
    show(985, 0);
    smart_money.advance(test::kStart + seconds{10});
    ASSERT_EQ(smart_money.vanished_orders().size(), 1U);
    EXPECT_NEAR(smart_money.vanished_orders()[0].price, 9.85, 1e-9);
    EXPECT_NEAR(smart_money.vanished_orders()[0].weight, 9850.0 / 8000, 1e-9);
}

}  // namespace
}  // namespace vt::analysis::smart_money
