// Each input of each leaf removed, aged and cut: the leaf's coverage, and with it the dimension's, falls by exactly
// what the rule says.

#include "analysis/order_flow/order_flow.hpp"
#include "analysis/test_market.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace vt::analysis::order_flow {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

const market::Instrument kInstrument = test::made_up_instrument();
constexpr double kExact = 1e-12;

/// All streams and the dimension after more than three days: every leaf is at full coverage.
struct WarmFlow {
    TradeFlow trades;
    QuoteFlow quotes;
    BookFlow books;
    MinuteHistory history;
    OrderFlow flow;
    Timestamp u = floor_to(test::kStart, hours{24});
    std::vector<float> scratch;
    Prng random{77, "warm"};

    WarmFlow() {
        market::OrderBook book(4096);
        std::vector<market::Level> bids;
        std::vector<market::Level> asks;
        for (int i = 1; i <= 10; ++i) {
            bids.push_back({Ticks{20'000 - i}, Lots{100}});
            asks.push_back({Ticks{20'000 + i}, Lots{100}});
        }
        (void)book.apply({.is_snapshot = true, .bids = bids, .asks = asks});
        // 4-hour samples: 36 for full coverage, one waits, one is the window itself.
        const Timestamp end = u + hours{4 * 39} + seconds{20};
        while (u < end) second(book);
    }

    void second(market::OrderBook& book) {
        const auto one = [&](Ticks price) {
            return market::Level{price, Lots{50 + static_cast<std::int64_t>(random.below(100))}};
        };
        const std::vector<market::Level> bid = {one(Ticks{19'999 - static_cast<std::int64_t>(random.below(10))})};
        const std::vector<market::Level> ask = {one(Ticks{20'001 + static_cast<std::int64_t>(random.below(10))})};
        books.advance(u + milliseconds{500}, [](Timestamp) {});
        (void)book.apply({.bids = bid, .asks = ask});
        books.on_frame({.time = u + milliseconds{500}, .book = book, .instrument = kInstrument});
        Quote quote = quote_of({.bid = {Ticks{19'990 + static_cast<std::int64_t>(random.below(8))}, bid[0].quantity},
                                .ask = {Ticks{20'001}, ask[0].quantity}},
                               kInstrument, u + milliseconds{500}, 1);
        quotes.on_quote(quote);
        const double notional = 100 + 100 * random.uniform();
        trades.add({.time = u + milliseconds{100},
                    .price_ticks = Ticks{20'000},
                    .price = 200,
                    .quantity = notional / 200,
                    .notional = notional,
                    .aggressor = random.below(2) == 0 ? market::Side::buy : market::Side::sell});
        u += seconds{1};
        quotes.advance(u);
        books.advance(u, [](Timestamp) {});
        trades.close_second(u, true);
        if (floor_to(u, kMinute) == u) {
            const TradeSums minute = trades.sums(u, 60);
            (void)trades.close_minute(u);
            history.push({.trades = minute, .quotes = quotes.sums(u, 60), .ret_mid_bps = random.normal()},
                         books.sums(u, 60));
            flow.close_minute(u, minute, 0.01);
        }
        if (u.time_since_epoch() % seconds{10} == Nanos{0}) flow.evaluate(context());
    }

    [[nodiscard]] FlowContext context() {
        FlowContext made{
            .second = {u, scratch}, .trades = trades, .quotes = quotes, .books = books, .history = history};
        made.ages = {.quote = milliseconds{500}, .book = milliseconds{500}, .trades = milliseconds{200}};
        made.trades_1m = trades.sums(u, 60);
        made.trades_5m = trades.sums(u, 300);
        made.quotes_1m = quotes.sums(u, 60);
        made.quotes_5m = quotes.sums(u, 300);
        made.books_1m = books.sums(u, 60);
        made.books_5m = books.sums(u, 300);
        return made;
    }
    /// The dimension as it would be in that context instead.
    [[nodiscard]] DimensionScore score_in(const FlowContext& changed) const {
        OrderFlow copy = flow;
        copy.evaluate(changed);
        return copy.score();
    }
};

WarmFlow& warm() {
    static WarmFlow instance;  // built once: it takes a second
    return instance;
}

const std::set<std::string> kReadsTrades = {"trade_imbalance", "count_imbalance", "absorption", "cvd_divergence",
                                            "footprint_stack"};
const std::set<std::string> kReadsQuotes = {"ofi_best", "absorption", "cvd_divergence"};
const std::set<std::string> kReadsBook = {"ofi_multi", "absorption"};

/// Compares each leaf and the whole: `factor(component, frame)` is what is left of the coverage, 0 for null.
void expect_coverage(const DimensionScore& score, const std::function<double(const std::string&, Frame)>& factor) {
    double expected = 0;
    for (const Component& component : score.components) {
        if (component.is_shadow) continue;
        for (const Leaf& leaf : component.leaves) {
            const double left = factor(std::string(component.name), leaf.frame);
            EXPECT_NEAR(leaf.coverage, left, kExact) << component.name << " " << name(leaf.frame);
            EXPECT_EQ(leaf.score.has_value(), left > 0) << component.name << " " << name(leaf.frame);
            expected += component.weight * leaf.weight * left;
        }
    }
    EXPECT_NEAR(score.coverage, expected, kExact);
}

TEST(OrderFlowCoverage, IsFullWhenEverythingIsAlive) {
    expect_coverage(warm().score_in(warm().context()), [](const std::string&, Frame) { return 1.0; });
}

// A thousand minutes and a midnight later, the ranks have weights of their own.
TEST(OrderFlowCoverage, TheRanksOfTheBookHaveTheirOwnWeightsByNow) {
    const DimensionScore score = warm().score_in(warm().context());
    for (const Leaf& leaf : score.components[3].leaves) EXPECT_FALSE(leaf.flags.has(Flag::equal_weights));
    OrderFlow fresh;
    fresh.evaluate(warm().context());
    EXPECT_TRUE(fresh.score().components[3].leaves[0].flags.has(Flag::equal_weights));
    EXPECT_NE(fresh.score().components[3].leaves[0].value, score.components[3].leaves[0].value);
}

class AnInput : public testing::TestWithParam<const char*> {
protected:
    [[nodiscard]] static const std::set<std::string>& readers(const std::string& input) {
        return input == "trades" ? kReadsTrades : input == "quote" ? kReadsQuotes : kReadsBook;
    }
    static std::optional<Nanos>& age_of(Ages& ages, const std::string& input) {
        return input == "trades" ? ages.trades : input == "quote" ? ages.quote : ages.book;
    }
};
INSTANTIATE_TEST_SUITE_P(OrderFlowCoverage, AnInput, testing::Values("trades", "quote", "book"),
                         [](const auto& param) { return std::string(param.param); });

TEST_P(AnInput, RemovedTakesTheWholeLeaf) {
    FlowContext context = warm().context();
    age_of(context.ages, GetParam()).reset();
    const DimensionScore score = warm().score_in(context);
    expect_coverage(score,
                    [&](const std::string& name, Frame) { return readers(GetParam()).contains(name) ? 0.0 : 1.0; });
    for (const Component& component : score.components) {
        if (component.is_shadow || !readers(GetParam()).contains(std::string(component.name))) continue;
        for (const Leaf& leaf : component.leaves) EXPECT_TRUE(leaf.flags.has(Flag::no_input)) << component.name;
    }
}

TEST_P(AnInput, AgedFadesByTheTable) {
    const bool is_trades = std::string(GetParam()) == "trades";
    const double grace_s = is_trades ? 15 : 2;
    const double decay_s = is_trades ? 15 : 5;
    for (const double decays : {0.0, 0.5, 1.0, 2.9, 3.1}) {
        SCOPED_TRACE(decays);
        FlowContext context = warm().context();
        age_of(context.ages, GetParam()) =
            milliseconds{static_cast<std::int64_t>(1000 * (grace_s + decays * decay_s))};
        const double left = std::exp(-decays) < 0.05 ? 0 : std::exp(-decays);
        expect_coverage(warm().score_in(context), [&](const std::string& name, Frame) {
            return readers(GetParam()).contains(name) ? left : 1.0;
        });
    }
}

// A fifth of a window missing leaves four fifths of its coverage; more than half leaves nothing.
TEST(OrderFlowCoverage, ACutOfPrintsTakesItsShare) {
    for (const std::uint32_t seconds_lost : {12U, 31U}) {
        FlowContext context = warm().context();
        context.trades_1m.alive_seconds -= seconds_lost;
        context.trades_5m.alive_seconds -= 5 * seconds_lost;
        const double left = seconds_lost == 12 ? 0.8 : 0;
        expect_coverage(warm().score_in(context), [&](const std::string& name, Frame frame) {
            const bool is_window = name == "trade_imbalance" || name == "count_imbalance";
            const bool looks_back_5m = name == "absorption" || name == "footprint_stack";
            return (is_window && (frame == Frame::m1 || frame == Frame::m5)) || looks_back_5m ? left : 1.0;
        });
    }
}

TEST(OrderFlowCoverage, ACutOfQuotesTakesItsShare) {
    FlowContext context = warm().context();
    context.quotes_1m.valid -= seconds{15};
    context.quotes_5m.valid -= seconds{30};
    expect_coverage(warm().score_in(context), [](const std::string& name, Frame frame) {
        if (name != "ofi_best") return 1.0;
        return frame == Frame::m1 ? 0.75 : frame == Frame::m5 ? 0.9 : 1.0;
    });
}

TEST(OrderFlowCoverage, ACutOfTheBookTakesItsShare) {
    FlowContext context = warm().context();
    context.books_1m.valid_seconds -= 15;
    context.books_5m.valid_seconds -= 30;
    expect_coverage(warm().score_in(context), [](const std::string& name, Frame frame) {
        if (name == "absorption") return 0.9;
        if (name != "ofi_multi") return 1.0;
        return frame == Frame::m1 ? 0.75 : frame == Frame::m5 ? 0.9 : 1.0;
    });
}

TEST(OrderFlowCoverage, ACutOfHistoryTakesItsShare) {
    WarmFlow& state = warm();
    MinuteHistory cut = state.history;
    for (int i = 0; i < 12; ++i) cut.push({}, {});  // twelve missing minutes
    FlowContext at = state.context();
    FlowContext context{
        .second = at.second, .trades = at.trades, .quotes = at.quotes, .books = at.books, .history = cut};
    context.ages = at.ages;
    context.trades_1m = at.trades_1m;
    context.trades_5m = at.trades_5m;
    context.quotes_1m = at.quotes_1m;
    context.quotes_5m = at.quotes_5m;
    context.books_1m = at.books_1m;
    context.books_5m = at.books_5m;
    expect_coverage(state.score_in(context), [](const std::string& name, Frame frame) {
        if (frame == Frame::m30) return 0.6;
        if (frame == Frame::h4 && name == "trade_imbalance") return 0.95;
        return 1.0;  // cvd_divergence looks again when a minute closes
    });
}

TEST(OrderFlowCoverage, FewEventsTakeTheirShareAndNoneIsAnObservation) {
    FlowContext context = warm().context();
    context.trades_1m.n_buy = 3;
    context.trades_1m.n_sell = 2;
    context.trades_1m.parents_buy = 1;
    context.trades_1m.parents_sell = 2;
    context.quotes_1m.n = 10;
    context.books_1m.frames = 20;
    const auto left = [](const std::string& name) {
        return name == "trade_imbalance" ? 0.25 : name == "count_imbalance" ? 0.3 : name == "ofi_best" ? 0.2 : 0.4;
    };
    expect_coverage(warm().score_in(context),
                    [&](const std::string& name, Frame frame) { return frame == Frame::m1 ? left(name) : 1.0; });
    FlowContext silent = warm().context();
    silent.trades_1m = {.alive_seconds = 60};
    const DimensionScore score = warm().score_in(silent);
    expect_coverage(score, [](const std::string&, Frame) { return 1.0; });
    EXPECT_EQ(score.components[0].leaves[0].score, 50.0);
    EXPECT_TRUE(score.components[0].leaves[0].flags.has(Flag::no_event));
}

TEST(OrderFlowCoverage, MergedStreamsCountNineTenths) {
    FlowContext context = warm().context();
    context.quote_flags = context.book_flags = {Flag::conflated};
    expect_coverage(warm().score_in(context), [](const std::string& name, Frame) {
        return name == "ofi_best" || name == "ofi_multi" || name == "absorption" ? 0.9 : 1.0;
    });
}

TEST(OrderFlowCoverage, ShortHistoryCountsFromAHalf) {
    // The 4-hour leaf of a younger flow: 18 samples are half, 27 three quarters.
    Normaliser past(Frame::h4, MapKind::z0);
    std::vector<float> scratch;
    Leaf leaf{.frame = Frame::h4, .weight = 1, .map = {.kind = MapKind::z0}};
    for (int i = 0; i <= 36; ++i) {
        const Timestamp at = floor_to(test::kStart, hours{24}) + i * hours{4};
        judge(leaf, past, {.value = 0.1 * (i % 7 - 3), .events = 100}, {{Input::trades, seconds{0}}}, {at, scratch});
        const int samples = i;  // the one offered a period ago counts now
        const double expected = samples < 18 ? 0 : 0.5 + 0.5 * std::min(1.0, (samples - 18) / 18.0);
        EXPECT_NEAR(leaf.coverage, expected, kExact) << i;
    }
}

TEST(OrderFlowCoverage, EachLeafTellsItsValueSamplesAgeFlagsAndSource) {
    const DimensionScore score = warm().score_in(warm().context());
    for (const Component& component : score.components) {
        for (const Leaf& leaf : component.leaves) {
            SCOPED_TRACE(std::string(component.name) + " " + std::string(name(leaf.frame)));
            if (component.name == "vpin") continue;  // its buckets need a day's volume
            EXPECT_TRUE(leaf.value.has_value());
            EXPECT_GE(leaf.n, leaf.n_min);
            EXPECT_GT(leaf.n_min, 0U);
            EXPECT_TRUE(leaf.age.has_value());
            EXPECT_FALSE(leaf.flags.has(Flag::warming));
            EXPECT_FALSE(leaf.ready_in.has_value());
        }
    }
}

}  // namespace
}  // namespace vt::analysis::order_flow
