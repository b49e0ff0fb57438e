#include "analysis/order_flow/order_flow.hpp"

#include "analysis/features/slow_minutes.hpp"
#include "analysis/ofi.hpp"
#include "analysis/quality_tracker.hpp"
#include "analysis/test_market.hpp"
#include "indicators/least_squares.hpp"
#include "statistics/newey_west.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <span>
#include <utility>

namespace vt::analysis::order_flow {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using test::Player;
using test::Record;

const market::Instrument kInstrument = test::made_up_instrument();

struct OracleTrade {
    int ms;
    double price, quantity;
    market::Side side;
};
constexpr std::array kOracleTrades = {
    OracleTrade{0, 100, 2, market::Side::buy},    OracleTrade{120, 100.5, 1, market::Side::buy},
    OracleTrade{400, 100, 4, market::Side::sell}, OracleTrade{900, 99.5, 3, market::Side::sell},
    OracleTrade{1000, 100, 5, market::Side::buy}, OracleTrade{1500, 100.5, 5, market::Side::buy}};

Print print_of(const OracleTrade& trade) {
    return {.time = test::kStart + milliseconds{trade.ms},
            .price_ticks = Ticks{static_cast<std::int64_t>(trade.price * 2)},
            .price = trade.price,
            .quantity = trade.quantity,
            .notional = trade.price * trade.quantity,
            .aggressor = trade.side};
}

TEST(TradeImbalance, EqualsTheOracle) {
    TradeSums sums;
    const std::array cvd = {2.0, 3.0, -1.0, -4.0, 1.0, 6.0};
    for (std::size_t i = 0; i < kOracleTrades.size(); ++i) {
        sums.add(print_of(kOracleTrades[i]));
        EXPECT_DOUBLE_EQ(sums.buy_quantity - sums.sell_quantity, cvd[i]);
    }
    EXPECT_NEAR(*notional_imbalance(sums), 0.30202348238820886, 1e-15);
    EXPECT_NEAR((sums.buy_quantity - sums.sell_quantity) / sums.quantity(), 0.3, 1e-15);
    EXPECT_FALSE(notional_imbalance({}).has_value());
}

TEST(CountImbalance, EqualsTheOracle) {
    TradeSums sums;
    for (const OracleTrade& trade : kOracleTrades) sums.add(print_of(trade));
    EXPECT_NEAR(*share_imbalance(sums.n_buy, sums.n_sell), 1.0 / 3.0, 1e-15);
    EXPECT_FALSE(share_imbalance(0, 0).has_value());
}

TEST(CountImbalance, AParentIsARunOfOneSideThatNeverMovesBack) {
    TradeFlow flow;
    const auto add = [&](int ms, double price, market::Side side) {
        flow.add({.time = test::kStart + milliseconds{ms},
                  .price = price,
                  .quantity = 1,
                  .notional = price,
                  .aggressor = side});
    };
    using market::Side;
    add(0, 100, Side::buy);     // 1
    add(50, 100, Side::buy);    //   50 ms later, same price: the same
    add(101, 101, Side::buy);   // 2: 51 ms later
    add(110, 102, Side::buy);   //   up the book: the same
    add(115, 101, Side::buy);   // 3: back down
    add(116, 101, Side::sell);  // 4: the other side
    add(120, 100, Side::sell);  //   down the book: the same
    add(121, 101, Side::sell);  // 5: back up
    const Timestamp u = test::kStart + seconds{1};
    flow.close_second(u, true);
    const TradeSums sums = flow.sums(u, 1);
    EXPECT_EQ(sums.parents_buy, 3U);
    EXPECT_EQ(sums.parents_sell, 2U);
}

TEST(OfiBest, EqualsTheOracle) {
    struct Q {
        double bid, bid_size, ask, ask_size;
    };
    const std::array quotes = {Q{100.0, 5, 101.0, 4}, Q{100.5, 6, 101.0, 4}, Q{101.0, 2, 101.5, 4},
                               Q{101.0, 3, 101.5, 1}, Q{100.5, 7, 101.0, 2}, Q{100.5, 7, 101.0, 2}};
    const std::array e = {6.0, 6.0, 4.0, -5.0, 0.0};
    const std::array cumulative = {6.0, 12.0, 16.0, 11.0, 11.0};
    QuoteFlow flow;
    for (std::size_t i = 0; i < quotes.size(); ++i) {
        const Q& q = quotes[i];
        flow.on_quote({.time = test::kStart + milliseconds{10 * static_cast<int>(i)},
                       .bid_ticks = Ticks{static_cast<std::int64_t>(q.bid * 2)},
                       .ask_ticks = Ticks{static_cast<std::int64_t>(q.ask * 2)},
                       .bid_price = q.bid,
                       .ask_price = q.ask,
                       .bid_size = q.bid_size,
                       .ask_size = q.ask_size,
                       .generation = 1});
        if (i == 0) continue;
        QuoteFlow so_far = flow;
        so_far.advance(test::kStart + seconds{1});
        EXPECT_DOUBLE_EQ(so_far.sums(test::kStart + seconds{1}, 1).ofi, cumulative[i - 1]);
        const auto rank = [](const Q& x) {
            return RankState{Ticks{static_cast<std::int64_t>(x.bid * 2)}, Ticks{static_cast<std::int64_t>(x.ask * 2)},
                             x.bid_size, x.ask_size};
        };
        EXPECT_DOUBLE_EQ(order_flow_imbalance(rank(quotes[i - 1]), rank(q)), e[i - 1]);
        if (i >= 2) {
            const double two = order_flow_imbalance(rank(quotes[i - 2]), rank(quotes[i - 1])) + e[i - 1];
            const std::array window2 = {12.0, 10.0, -1.0, -5.0};
            EXPECT_DOUBLE_EQ(two, window2[i - 2]);
        }
    }
}

TEST(OfiBest, ANewGenerationSeedsAndEmitsNothing) {
    QuoteFlow flow;
    Quote quote{.time = test::kStart,
                .bid_ticks = Ticks{10},
                .ask_ticks = Ticks{11},
                .bid_price = 10,
                .ask_price = 11,
                .bid_size = 5,
                .ask_size = 5,
                .generation = 1};
    flow.on_quote(quote);
    quote.time += milliseconds{10};
    quote.generation = 2;
    quote.bid_size = 500;
    flow.on_quote(quote);
    flow.advance(test::kStart + seconds{1});
    const QuoteSums sums = flow.sums(test::kStart + seconds{1}, 1);
    EXPECT_EQ(sums.ofi, 0);
    EXPECT_TRUE(sums.has_new_generation);
}

TEST(OfiMulti, ItsFirstRankIsTheBestOfTheBook) {
    const auto records = test::made_up_records(21, 70);
    QuoteFlow quotes;
    BookFlow books;
    market::OrderBook book(8192);
    for (const Record& record : records) {
        const auto* update = std::get_if<test::OwnedUpdate>(&record.body);
        if (update == nullptr) continue;
        books.advance(record.time, [](Timestamp) {});
        ASSERT_EQ(book.apply(update->view()), market::ApplyResult::applied);
        books.on_frame({.time = record.time, .book = book, .instrument = kInstrument});
        Quote quote = quote_of({.bid = *book.best(market::Side::buy), .ask = *book.best(market::Side::sell)},
                               kInstrument, record.time, 0);
        quotes.on_quote(quote);
    }
    const Timestamp u = test::kStart + seconds{60};
    quotes.advance(u);
    EXPECT_DOUBLE_EQ(books.sums(u, 60).ofi[0], quotes.sums(u, 60).ofi);
    EXPECT_NE(quotes.sums(u, 60).ofi, 0);
}

TEST(OfiMulti, FindsThePlantedDirection) {
    // Vectors a d + small noise, d known: the first principal component is d, turned to a positive sum.
    Prng random(3, "pca");
    RankVector direction{};
    double squares = 0;
    for (std::size_t k = 0; k < kRanks; ++k) {
        direction[k] = 1.0 / static_cast<double>(k + 1) - 0.2;
        squares += direction[k] * direction[k];
    }
    Ring<std::array<float, kRanks>> vectors(1440);
    for (int i = 0; i < 1440; ++i) {
        const double a = 10 * random.normal();
        std::array<float, kRanks> vector{};
        for (std::size_t k = 0; k < kRanks; ++k) {
            vector[k] = static_cast<float>(5 - a * direction[k] + 0.01 * random.normal());
        }
        vectors.push(vector);
    }
    const auto found = first_principal_component(vectors);
    ASSERT_TRUE(found.has_value());
    double sum = 0;
    for (std::size_t k = 0; k < kRanks; ++k) {
        EXPECT_NEAR((*found)[k], direction[k] / std::sqrt(squares), 1e-3) << k;
        sum += (*found)[k];
    }
    EXPECT_GT(sum, 0);
    EXPECT_EQ(first_principal_component(vectors), found);
}

TEST(OfiMulti, NothingThatVariesHasNoDirection) {
    Ring<std::array<float, kRanks>> vectors(4);
    EXPECT_FALSE(first_principal_component(vectors).has_value());
    for (int i = 0; i < 4; ++i) vectors.push({});
    EXPECT_FALSE(first_principal_component(vectors).has_value());
}

TEST(Absorption, StrengthIsAggressionTimesStillnessTimesRefill) {
    const AbsorptionWindow window{
        .net_notional = -150, .taken_quantity = 10, .move = 0.05, .resting_before = 20, .resting_after = 19};
    EXPECT_NEAR(*absorption_strength(window, 100, 200), 0.75 * (1 - 0.05 / 0.25) * 0.9, 1e-15);
    AbsorptionWindow huge = window;
    huge.net_notional = 1000;
    EXPECT_NEAR(*absorption_strength(huge, 100, 200), 0.8 * 0.9, 1e-15);
}

TEST(Absorption, NeedsAggressionStillnessAndRefill) {
    const AbsorptionWindow good{
        .net_notional = 150, .taken_quantity = 10, .move = 0.05, .resting_before = 20, .resting_after = 20};
    EXPECT_TRUE(absorption_strength(good, 100, 200).has_value());
    AbsorptionWindow weak = good;
    weak.net_notional = 99;
    EXPECT_FALSE(absorption_strength(weak, 100, 200).has_value());
    AbsorptionWindow moved = good;
    moved.move = 0.26;
    EXPECT_FALSE(absorption_strength(moved, 100, 200).has_value());
    AbsorptionWindow emptied = good;
    emptied.resting_after = 17.9;  // 7.9 of 10 came back
    EXPECT_FALSE(absorption_strength(emptied, 100, 200).has_value());
    EXPECT_FALSE(absorption_strength({}, 0, 0).has_value());
}

TEST(CvdDivergence, EqualsV2) {
    const std::array<double, 10> increments = {.01, .012, .008, -.002, -.004, .001, .006, .009, .007, -.001};
    EXPECT_NEAR(statistics::newey_west_mean(increments, 2)->t, 2.302380, 1e-6);
    EXPECT_DOUBLE_EQ(divergence_strength(3, -2.5), -0.5);
    EXPECT_DOUBLE_EQ(*score_of({.kind = MapKind::lb}, divergence_strength(3, -2.5)), 25);
}

TEST(CvdDivergence, NeedsOppositeSignsAndBothClear) {
    EXPECT_EQ(divergence_strength(3, 2.5), 0);
    EXPECT_EQ(divergence_strength(1.4, -3), 0);
    EXPECT_EQ(divergence_strength(0, -3), 0);
    EXPECT_EQ(divergence_strength(-9, 9), 1);
}

TEST(FootprintStack, FindsThreeDominatedBucketsInARow) {
    // Buyers at 10, 11, 12 against sellers one bucket below; 13 fails the diagonal ratio.
    const std::vector<FootprintLevel> levels = {{9, 1, 2}, {10, 6, 2}, {11, 7, 2}, {12, 6, 3}, {13, 8, 0}};
    EXPECT_EQ(find_stacks(levels).buy, 1);
    EXPECT_EQ(find_stacks(levels).sell, 0);
}

TEST(FootprintStack, MirrorsForSellers) {
    const std::vector<FootprintLevel> levels = {{9, 0, 8}, {10, 3, 6}, {11, 2, 7}, {12, 2, 6}, {13, 2, 1}};
    EXPECT_EQ(find_stacks(levels).sell, 1);
    EXPECT_EQ(find_stacks(levels).buy, 0);
}

TEST(FootprintStack, AGapOrATinyLevelBreaksTheRun) {
    EXPECT_EQ(find_stacks(std::vector<FootprintLevel>{{10, 6, 0}, {11, 6, 0}, {13, 6, 0}, {14, 6, 0}}).buy, 0);
    EXPECT_EQ(find_stacks(std::vector<FootprintLevel>{{10, 600, 0}, {11, 5, 0}, {12, 600, 0}}).buy, 0);
    EXPECT_EQ(find_stacks(std::vector<FootprintLevel>{{10, 600, 0}, {11, 60, 0}, {12, 600, 0}}).buy, 1);
    EXPECT_EQ(find_stacks({}).buy, 0);
}

TEST(FootprintStack, BucketsFollowTheAverageRange) {
    FootprintStack stack;
    TradeSums minute;
    minute.add(Print{.price = 100, .quantity = 1, .notional = 100});
    minute.add(Print{.price = 102, .quantity = 1, .notional = 102});
    minute.add(Print{.price = 100, .quantity = 1, .notional = 100});
    for (int i = 0; i < 13; ++i) stack.close_minute(test::kStart + minutes{i + 1}, minute, 0.01);
    EXPECT_FALSE(stack.bucket_ticks().has_value());
    stack.close_minute(test::kStart + minutes{14}, minute, 0.01);
    EXPECT_EQ(stack.bucket_ticks(), 10);  // 2.00 / 20 = 0.10 = 10 ticks
}

TEST(Vpin, EqualsTheOracle) {
    VpinMeter meter(2);
    meter.set_bucket_volume(5);
    const std::array<std::optional<double>, 6> after = {std::nullopt, std::nullopt, std::nullopt, 0.6, 1.0, 1.0};
    for (std::size_t i = 0; i < kOracleTrades.size(); ++i) {
        meter.add(kOracleTrades[i].quantity, kOracleTrades[i].side);
        ASSERT_EQ(meter.value().has_value(), after[i].has_value()) << i;
        EXPECT_NEAR(meter.value().value_or(-1), after[i].value_or(-1), 1e-15) << i;
    }
}

TEST(Vpin, AnOrderLargerThanAllBucketsMakesThemOneSided) {
    VpinMeter meter(50);
    meter.set_bucket_volume(1);
    meter.add(1e12, market::Side::sell);
    EXPECT_EQ(meter.value(), 1.0);
}

TEST(Vpin, BucketsAreAFiftiethOfTheDayBefore) {
    Vpin vpin;
    const auto print = [](Timestamp at, double quantity) {
        return Print{.time = at, .price = 1, .quantity = quantity, .notional = quantity};
    };
    const Timestamp day = floor_to(test::kStart, std::chrono::hours{24});
    vpin.add(print(day + std::chrono::hours{1}, 60), std::nullopt);
    EXPECT_FALSE(vpin.value().has_value());  // no volume known: no buckets
    vpin.add(print(day + std::chrono::hours{24}, 50), std::nullopt);
    vpin.add(print(day + std::chrono::hours{25}, 100), std::nullopt);
    EXPECT_FALSE(vpin.value().has_value());                            // the first day was not whole
    vpin.add(print(day + std::chrono::hours{48}, 150), std::nullopt);  // 150 the day before: buckets of 3
    EXPECT_EQ(vpin.value(), 1.0);
}

TEST(KyleLambda, EqualsTheOracle) {
    const std::array<double, 8> flow = {100, -50, 30, -80, 60, -20, 40, -10};
    const std::array<double, 8> move = {.10, -.04, .02, -.09, .05, -.01, .05, -.02};
    const auto fit = indicators::least_squares(flow, move, 2);
    ASSERT_TRUE(fit.has_value());
    EXPECT_NEAR(fit->slope, 0.0009914615770969361, 1e-15);
    EXPECT_NEAR(fit->intercept, -0.001175288799598182, 1e-15);
    EXPECT_NEAR(fit->slope_error, 6.776356534130714e-05, 1e-15);
    EXPECT_NEAR(fit->t, 14.631189668123373, 1e-10);
    EXPECT_NEAR(fit->r_squared, 0.9727361596368549, 1e-12);
    EXPECT_NEAR(fit->slope_error_hac, 2.5320980885909353e-05, 1e-15);
    EXPECT_NEAR(fit->t_hac, 39.155733404019344, 1e-9);
    EXPECT_NEAR(*indicators::slope_through_origin(flow, move), 0.000988235294117647, 1e-15);
}

TEST(KyleLambda, OfClosedMinutesFindsThePlantedCost) {
    MinuteHistory history;
    Prng random(5, "kyle");
    for (int i = 0; i < 61; ++i) {
        MinuteRecord minute;
        const double net = 1e6 * random.normal();
        (net > 0 ? minute.trades.buy_notional : minute.trades.sell_notional) = std::abs(net);
        minute.trades.alive_seconds = 60;
        minute.ret_mid_bps = 2.5 * net / 1e6 + 0.3;
        history.push(minute, {});
    }
    KyleLambda lambda;
    Component component = KyleLambda::describe();
    TradeFlow trades;
    QuoteFlow quotes;
    BookFlow books;
    std::vector<float> scratch;
    lambda.evaluate(
        {.second = {test::kStart, scratch}, .trades = trades, .quotes = quotes, .books = books, .history = history},
        component);
    EXPECT_NEAR(*lambda.value(), 2.5, 1e-9);
    EXPECT_FALSE(component.leaves[0].score.has_value());
    EXPECT_TRUE(component.leaves[0].flags.has(Flag::non_directional));
}

TEST(Amihud, EqualsTheOracle) {
    const std::array<double, 3> ret = {0.01, -0.02, 0.005};
    const std::array<double, 3> volume = {1e6, 2e6, 5e5};
    double sum = 0;
    for (std::size_t i = 0; i < ret.size(); ++i) sum += *amihud_bps_per_musd(1e4 * ret[i], volume[i]) / 1e4;
    EXPECT_NEAR(sum / 3, 0.010000000000000002, 1e-15);
    EXPECT_FALSE(amihud_bps_per_musd(5, 0).has_value());
}

// One and five minutes of every windowed component against plain loops over all records.
TEST(OrderFlow, StreamingEqualsBatch) {
    const auto records = test::made_up_records(31, 430, {.trades = 3});
    const test::SlowMinutes slow(records, kInstrument, QuoteSource::book);
    Player player(kInstrument, {});
    int checked = 0;
    player.on_evaluation = [&](const Evaluation& evaluation) {
        const std::int64_t u = to_ns(evaluation.at);
        if (evaluation.at < test::kStart + seconds{310} || evaluation.at.time_since_epoch() % seconds{7} != Nanos{0})
            return;
        ++checked;
        for (const int window : {60, 300}) {
            const std::size_t leaf = window == 60 ? 0 : 1;
            const std::int64_t from = u - window * std::int64_t{1'000'000'000};
            double net = 0;
            double all = 0;
            for (const auto& trade : slow.trades()) {
                if (trade.ns < from || trade.ns >= u) continue;
                net += trade.sign * trade.price * trade.quantity;
                all += trade.price * trade.quantity;
            }
            double parents = 0;
            double signs = 0;
            for (const auto& parent : slow.parents()) {
                if (parent.ns < from || parent.ns >= u) continue;
                ++parents;
                signs += parent.sign;
            }
            const auto [ranks, size] = slow.rank_ofi(from, u);
            double total = 0;
            for (const double e : ranks) total += e;
            const auto& components = evaluation[Dimension::order_flow].components;
            EXPECT_NEAR(*components[0].leaves[leaf].value, net / all, 1e-12);
            EXPECT_NEAR(*components[1].leaves[leaf].value, signs / parents, 1e-12);
            EXPECT_NEAR(*components[2].leaves[leaf].value, slow.ofi(from, u) / *slow.mean_l1_size(from, u), 1e-9);
            EXPECT_NEAR(*components[3].leaves[leaf].value, total / 10 / size, 1e-9);
        }
    };
    for (const Record& record : records) player.play(record);
    EXPECT_GT(checked, 10);
}

// The score of trade_imbalance over one minute, from the records alone: samples, median, z, tanh.
TEST(OrderFlow, AScoreFollowsFromTheRecordsAlone) {
    const auto records = test::made_up_records(32, 60 * 75 + 31, {.trades = 1.5, .book_updates = 1});
    const test::SlowMinutes slow(records, kInstrument, QuoteSource::book);
    const auto imbalance = [&](std::int64_t u) {
        double net = 0;
        double all = 0;
        for (const auto& trade : slow.trades()) {
            if (trade.ns < u - 60'000'000'000 || trade.ns >= u) continue;
            net += trade.sign * trade.price * trade.quantity;
            all += trade.price * trade.quantity;
        }
        return net / all;
    };
    std::optional<Leaf> leaf;
    Timestamp at{};
    Player player(kInstrument, {});
    player.on_evaluation = [&](const Evaluation& evaluation) {
        leaf = evaluation[Dimension::order_flow].components[0].leaves[0];
        at = evaluation.at;
    };
    for (const Record& record : records) player.play(record);
    std::vector<double> samples;
    for (Timestamp end = test::kStart + minutes{1}; end <= at - minutes{1}; end += minutes{1}) {
        samples.push_back(std::abs(static_cast<double>(static_cast<float>(imbalance(to_ns(end))))));
    }
    std::sort(samples.begin(), samples.end());
    const std::size_t n = samples.size();
    const double median = n % 2 == 1 ? samples[n / 2] : (samples[n / 2 - 1] + samples[n / 2]) / 2;
    const double z = std::clamp(0.67449 * imbalance(to_ns(at)) / median, -4.0, 4.0);
    ASSERT_TRUE(leaf->score.has_value());
    EXPECT_EQ(leaf->n, n);
    EXPECT_NEAR(*leaf->score, 50 + 50 * std::tanh(z / 2), 1e-6);  // float32 samples
    EXPECT_NEAR(leaf->coverage, 0.5 + 0.5 * static_cast<double>(n - 60) / 60, 1e-12);
}

TEST(OrderFlow, APrefixOfTheInputGivesAPrefixOfTheScores) {
    const auto records = test::made_up_records(33, 400);
    const auto scores = [&](std::size_t count) {
        std::vector<double> result;
        Player player(kInstrument, {});
        player.on_evaluation = [&](const Evaluation& evaluation) {
            for (const Component& component : evaluation[Dimension::order_flow].components) {
                for (const Leaf& leaf : component.leaves) result.push_back(leaf.value.value_or(-99));
            }
        };
        for (std::size_t i = 0; i < count; ++i) player.play(records[i]);
        return result;
    };
    const auto whole = scores(records.size());
    const auto part = scores(records.size() / 2);
    ASSERT_GT(part.size(), 1000U);
    ASSERT_LT(part.size(), whole.size());
    EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin()));
}

TEST(OrderFlow, AFreshAnalysisKnowsNothingOfTheOneBefore) {
    const auto records = test::made_up_records(34, 200);
    const auto play = [&] {
        Player player(kInstrument, {});
        std::string text;
        player.on_evaluation = [&](const Evaluation& evaluation) {
            text += std::to_string(evaluation[Dimension::order_flow].coverage) + " ";
        };
        for (const Record& record : records) player.play(record);
        return text + test::rows_text(player.minutes, kInstrument);
    };
    EXPECT_EQ(play(), play());
}

TEST(OrderFlow, WeightsAddUp) {
    const OrderFlow flow;
    double components = 0;
    for (const Component& component : flow.score().components) {
        double leaves = 0;
        for (const Leaf& leaf : component.leaves) leaves += leaf.weight;
        EXPECT_NEAR(leaves, 1, 1e-12) << component.name;
        components += component.is_shadow ? 0 : component.weight;
    }
    EXPECT_NEAR(components, 1, 1e-12);
}

}  // namespace
}  // namespace vt::analysis::order_flow
