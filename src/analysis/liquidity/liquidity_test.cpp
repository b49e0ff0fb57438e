#include "analysis/liquidity/liquidity.hpp"

#include "analysis/archive.hpp"
#include "analysis/liquidity/test_bars.hpp"
#include "analysis/liquidity/test_rig.hpp"
#include "analysis/test_sums.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vt::analysis::liquidity {
namespace {

using namespace std::chrono_literals;
using test::random_book;
using test::Rig;
using test::RigBook;

constexpr std::size_t kBook = 0, kQueue = 1, kImpact = 2, kZones = 3, kProfile = 4, kSweep = 5;
constexpr double kExact = 1e-12;

/// Everything that evaluate() found, as bytes.
std::string found(const Liquidity& liquidity) {
    std::string bytes;
    StateWriter writer(bytes);
    DimensionScore score = liquidity.score();
    for (Component& component : score.components) writer(component.leaves, component.score, component.coverage);
    writer(score.score, score.coverage);
    for (Measure measure : liquidity.measures())
        writer(measure.value, measure.n, measure.coverage, measure.age, measure.flags);
    return bytes;
}
std::string state(Liquidity& liquidity) {
    std::string bytes;
    StateWriter writer(bytes);
    writer(liquidity);
    return bytes;
}

/// A rig that has seen `minutes` of random books and five days of random bars: everything is alive.
Rig warm_rig(int minutes = 125, std::uint64_t seed = 1, AnalysisParams params = {}) {
    Rig rig(params);
    const auto bars = test::in_live_order(test::random_walk(seed, 288 * 5, 10'000, 2));
    // Bars of the five days before the rig's end.
    const Timestamp end = floor_to(rig.u + std::chrono::minutes{minutes}, std::chrono::minutes{30});
    const Nanos shift = end - (test::kMonday + 120h);
    for (market::Candle candle : bars) {
        candle.open_time += shift;
        rig.liquidity.on_candle(candle);
    }
    Prng prng(seed);
    for (int i = 0; i < minutes * 60; ++i) rig.second(random_book(prng));
    return rig;
}

TEST(Liquidity, HasTheSixRowsAndTheirWeights) {
    Rig rig;
    const auto& components = rig.liquidity.score().components;
    ASSERT_EQ(components.size(), 6U);
    const std::vector<std::pair<std::string_view, double>> expected{
        {"book_imbalance", .40}, {"queue_imbalance", .25},  {"impact_asymmetry", .15},
        {"sr_zones", .20},       {"profile_location", 0.0}, {"liquidity_sweep", 0.0}};
    for (std::size_t i = 0; i < components.size(); ++i) {
        EXPECT_EQ(components[i].name, expected[i].first);
        EXPECT_EQ(components[i].weight, expected[i].second);
        EXPECT_EQ(components[i].is_shadow, expected[i].second == 0);
        double frames = 0;
        for (const Leaf& leaf : components[i].leaves) frames += leaf.weight;
        EXPECT_DOUBLE_EQ(frames, 1);
    }
}

TEST(Liquidity, NothingSeenIsNothingSaid) {
    Rig rig;
    rig.ages = {};
    rig.second({});
    EXPECT_FALSE(rig.liquidity.score().score.has_value());
    EXPECT_EQ(rig.liquidity.score().coverage, 0);
    for (const Component& component : rig.liquidity.score().components) {
        for (const Leaf& leaf : component.leaves) {
            EXPECT_FALSE(leaf.score.has_value());
            EXPECT_TRUE(leaf.flags.has(Flag::no_input)) << component.name;
        }
    }
}

TEST(Liquidity, LeavesWarmAsTheTableSays) {
    Rig rig;
    Prng prng(3);
    for (int i = 0; i < 60 * 60; ++i) rig.second(random_book(prng));
    EXPECT_EQ(rig.leaf(kBook).n, 59U) << "the sample that ended at u still overlaps the window at u";
    EXPECT_FALSE(rig.leaf(kBook).score.has_value());
    EXPECT_EQ(rig.leaf(kBook).ready_in, Nanos{60s});
    for (int i = 0; i < 60; ++i) rig.second(random_book(prng));
    for (const std::size_t index : {kBook, kQueue, kImpact}) {
        EXPECT_EQ(rig.leaf(index).n, 60U);
        ASSERT_TRUE(rig.leaf(index).score.has_value());
        EXPECT_NEAR(rig.leaf(index).coverage, .5, kExact);
    }
    for (int i = 0; i < 45 * 60; ++i) rig.second(random_book(prng));
    EXPECT_NEAR(rig.leaf(kBook).coverage, .5 + .5 * 45 / 60, kExact);
}

TEST(Liquidity, AgeOfTheBookLowersTheCoverageOfThoseThatReadIt) {
    Rig rig = warm_rig();
    Prng prng(5);
    const RigBook look = random_book(prng);
    rig.second(look);
    const double book = rig.leaf(kBook).coverage, queue = rig.leaf(kQueue).coverage,
                 impact = rig.leaf(kImpact).coverage;
    EXPECT_NEAR(book, 1, kExact);
    rig.ages.book = 4500ms;
    rig.second(look);
    EXPECT_NEAR(rig.leaf(kBook).coverage, book * std::exp(-2.5 / 5), kExact);
    EXPECT_NEAR(rig.leaf(kImpact).coverage, impact * std::exp(-2.5 / 5), kExact);
    EXPECT_NEAR(rig.leaf(kQueue).coverage, queue, kExact) << "reads the best quotes only";
    rig.ages = {.quote = 7s, .book = 100ms};
    rig.second(look);
    EXPECT_NEAR(rig.leaf(kQueue).coverage, queue * std::exp(-1), kExact);
    EXPECT_NEAR(rig.leaf(kBook).coverage, book, kExact);
    rig.ages.quote = 2s + 5s * 3;  // e^-3 = .0498 < .05
    rig.second(look);
    EXPECT_FALSE(rig.leaf(kQueue).score.has_value());
    EXPECT_EQ(rig.leaf(kQueue).coverage, 0);
    EXPECT_TRUE(rig.leaf(kQueue).flags.has(Flag::stale));
    const auto& score = rig.liquidity.score();
    const double expected =
        .40 * rig.component(kBook).coverage + .15 * rig.component(kImpact).coverage + .20 * rig.leaf(kZones).coverage;
    EXPECT_NEAR(score.coverage, expected, kExact);
}

TEST(Liquidity, AnInputThatIsGoneIsNull) {
    Rig rig = warm_rig();
    Prng prng(5);
    rig.ages = {};
    rig.second(random_book(prng));
    for (const std::size_t index : {kBook, kQueue, kImpact}) {
        EXPECT_FALSE(rig.leaf(index).score.has_value());
        EXPECT_EQ(rig.leaf(index).coverage, 0);
        EXPECT_TRUE(rig.leaf(index).flags.has(Flag::no_input));
    }
    EXPECT_NEAR(rig.liquidity.score().coverage, .20 * rig.leaf(kZones).coverage, kExact);
}

TEST(Liquidity, MissingSecondsCutTheCoverageByTheirShare) {
    Rig rig = warm_rig();
    Prng prng(5);
    for (int i = 0; i < 21; ++i) rig.second({});
    for (int i = 0; i < 10; ++i) rig.second(random_book(prng));
    EXPECT_NEAR(rig.leaf(kBook, 0).coverage, 1 - 21.0 / 60, kExact);
    EXPECT_NEAR(rig.leaf(kImpact, 0).coverage, 1 - 21.0 / 60, kExact);
    EXPECT_TRUE(rig.leaf(kBook, 0).flags.has(Flag::gap));
    EXPECT_NEAR(rig.leaf(kQueue).coverage, 1, kExact) << "its ten seconds are whole again";
    rig.second({});
    rig.second({});
    rig.second({});
    EXPECT_NEAR(rig.leaf(kQueue).coverage, .7, kExact);
    for (int i = 0; i < 6; ++i) rig.second({});
    EXPECT_FALSE(rig.leaf(kQueue).score.has_value()) << "nine of ten are missing";
    EXPECT_NEAR(rig.leaf(kBook, 0).coverage, .5, kExact) << "30 of 60: the last that counts";
    rig.second({});
    EXPECT_FALSE(rig.leaf(kBook, 0).score.has_value());
}

TEST(Liquidity, FewQuotesCutTheCoverageOfTheQueue) {
    Rig rig = warm_rig();
    Prng prng(5);
    rig.quotes_per_second = 0;
    rig.second(random_book(prng));
    for (int i = 0; i < 7; ++i) rig.second(random_book(prng));
    EXPECT_NEAR(rig.leaf(kQueue).coverage, .8, kExact) << "4 updates of 5 in the last ten seconds";
    EXPECT_EQ(rig.leaf(kQueue).events, 4U);
    EXPECT_TRUE(rig.leaf(kQueue).flags.has(Flag::few_events));
}

TEST(Liquidity, FlagsCutTheCoverage) {
    AnalysisParams params;
    params.book_flags = {Flag::conflated};
    Rig rig = warm_rig(125, 1, params);
    EXPECT_NEAR(rig.leaf(kBook).coverage, .9, kExact);
    EXPECT_NEAR(rig.leaf(kQueue).coverage, 1, kExact);
    rig.liquidity.set_spoof_like(.8);
    Prng prng(2);
    rig.second(random_book(prng));
    EXPECT_NEAR(rig.leaf(kBook).coverage, .9 * .6, kExact);
    EXPECT_NEAR(rig.leaf(kImpact).coverage, .9 * .6, kExact);
    EXPECT_NEAR(rig.leaf(kQueue).coverage, .6, kExact);
    EXPECT_TRUE(rig.leaf(kQueue).flags.has(Flag::spoof_like));
}

TEST(Liquidity, ABookThatIsNotKnownFarEnoughCutsTheCoverage) {
    Rig rig = warm_rig();
    Prng prng(5);
    for (int i = 0; i < 300; ++i) {
        RigBook look = random_book(prng, 1, 9, 2);  // 40 levels from .9 to 8.7 bps
        look.depth = 40;                            // of 9 bps: 8.7 are known
        rig.second(look);
    }
    EXPECT_NEAR(rig.leaf(kBook, 0).coverage, 8.7 / 9, kExact);
    EXPECT_TRUE(rig.leaf(kBook, 0).flags.has(Flag::not_covered));
    EXPECT_FALSE(rig.liquidity.depth_quote().has_value()) << "depth within 9 bps is not known";
    for (int i = 0; i < 60; ++i) {
        RigBook look = random_book(prng);  // to 4 bps
        look.depth = 40;
        rig.second(look);
    }
    EXPECT_FALSE(rig.leaf(kBook, 0).value.has_value()) << "less than half of the band";
    EXPECT_EQ(rig.leaf(kBook, 0).coverage, 0);
}

TEST(Liquidity, TheOrderMustFitIntoTheBook) {
    Rig rig = warm_rig();
    Prng prng(5);
    rig.threshold = 500'000;  // 40 coins at 10 000 are 400 000
    rig.second(random_book(prng, 1));
    for (int i = 0; i < 61; ++i) rig.second(random_book(prng, .2));
    EXPECT_FALSE(rig.leaf(kImpact, 0).value.has_value());
    EXPECT_TRUE(rig.leaf(kImpact, 0).flags.has(Flag::not_covered));
    rig.threshold.reset();
    for (int i = 0; i < 61; ++i) rig.second(random_book(prng));
    EXPECT_FALSE(rig.leaf(kImpact, 0).value.has_value());
    EXPECT_TRUE(rig.leaf(kImpact, 0).flags.has(Flag::few_events)) << "fewer than 500 parent trades";
}

TEST(Liquidity, ZonesAgeAndCountTheirBars) {
    Rig rig = warm_rig();
    const Leaf& zones = rig.leaf(kZones);
    ASSERT_TRUE(zones.score.has_value());
    EXPECT_NEAR(zones.coverage, 1, kExact);
    EXPECT_EQ(zones.n_min, 200U);
    // No bar for 20 minutes since the last one's close (at :00, the rig is at :05): e^-((age - 600)/3600).
    Prng prng(1);
    for (int i = 0; i < 15 * 60; ++i) rig.second(random_book(prng));
    EXPECT_NEAR(rig.leaf(kZones).coverage, std::exp(-(1200.0 - 600) / 3600), kExact);
    EXPECT_EQ(rig.leaf(kZones).age, Nanos{20min});
    Rig young;
    const auto bars = test::in_live_order(test::random_walk(4, 6 * 60));  // 60 half hours
    for (market::Candle candle : bars) {
        candle.open_time += test::kStart - (test::kMonday + 30h);
        young.liquidity.on_candle(candle);
    }
    for (int i = 0; i < 30; ++i) young.second(random_book(prng));
    EXPECT_NEAR(young.leaf(kZones).coverage, 60.0 / 200, kExact);
    EXPECT_TRUE(young.leaf(kZones).flags.has(Flag::warming));
    EXPECT_EQ(young.leaf(kZones).ready_in, Nanos{30min * 140});
}

TEST(Liquidity, ShadowComponentsAreComputedAndCountForNothing) {
    const Rig rig = warm_rig();
    EXPECT_TRUE(rig.leaf(kProfile).value.has_value());
    EXPECT_TRUE(rig.leaf(kSweep).value.has_value());
    EXPECT_TRUE(rig.leaf(kProfile).flags.has(Flag::shadow));
    ASSERT_TRUE(rig.liquidity.score().score.has_value());
    expect_sum(rig.liquidity.score());
}

/// What the three book components should say, from the whole past kept as plain numbers.
class SlowModel {
public:
    void second(const RigBook& look, double scale_bps, std::optional<double> order) {
        double bid = 0, ask = 0;
        for (std::size_t i = 0; i < look.bids.size(); ++i) {
            const double distance = (static_cast<double>(i) + 1) * .1;
            if (distance > 3 * scale_bps + 1e-9) break;
            const double weight = std::exp(-distance / scale_bps);
            bid += weight * static_cast<double>(look.bids[i].price.value() * look.bids[i].quantity.value());
            ask += weight * static_cast<double>(look.asks[i].price.value() * look.asks[i].quantity.value());
        }
        book.push_back((bid - ask) / (bid + ask));
        impact.emplace_back();
        if (order) impact.back() = std::log(cost(look.asks, *order) / cost(look.bids, *order));
        const auto qb = static_cast<double>(look.bids[0].quantity.value());
        const auto qa = static_cast<double>(look.asks[0].quantity.value());
        queue.push_back((qb - qa) / (qb + qa));
        if (book.size() % 60 != 0) return;
        book_minutes.push_back(mean_of_last(book, 60));
        impact_minutes.push_back(mean_of_last(impact, 60));
        queue_minutes.push_back(mean_of_last(queue, 10));
    }
    [[nodiscard]] static double mean_of_last(const std::vector<std::optional<double>>& values, std::size_t n) {
        double sum = 0, count = 0;
        for (std::size_t i = values.size() - n; i < values.size(); ++i) {
            sum += values[i].value_or(0);
            count += values[i] ? 1 : 0;
        }
        return sum / count;
    }
    /// Of the newest minute, judged by those before it.
    [[nodiscard]] static double score(std::vector<double> minutes) {
        const double value = minutes.back();
        minutes.pop_back();
        for (double& sample : minutes) sample = std::abs(sample);
        std::sort(minutes.begin(), minutes.end());
        const std::size_t n = minutes.size();
        const double median = n % 2 == 1 ? minutes[n / 2] : (minutes[n / 2 - 1] + minutes[n / 2]) / 2;
        return 50 + 50 * std::tanh(std::clamp(.67449 * value / median, -4.0, 4.0) / 2);
    }
    std::vector<std::optional<double>> book, impact, queue;
    std::vector<double> book_minutes, impact_minutes, queue_minutes;

private:
    static double cost(const std::vector<market::Level>& levels, double order) {
        double rest = order, base = 0;
        for (const market::Level& level : levels) {
            const double price = static_cast<double>(level.price.value()) * .1;
            const double take = std::min(rest / price, static_cast<double>(level.quantity.value()) * .001);
            base += take;
            rest -= take * price;
        }
        return std::abs(order / base - 10'000);
    }
};

TEST(Liquidity, StreamingEqualsBatch) {
    Rig rig;
    SlowModel model;
    Prng prng(17);
    for (int second = 1; second <= 100 * 60; ++second) {
        const RigBook look = random_book(prng, 1 + .3 * std::sin(second / 200.0));
        rig.second(look);
        // k is 1 bp until a minute has closed, and Q* is unknown until something was evaluated.
        model.second(look, second <= 60 ? 1 : 3, second == 1 ? std::nullopt : std::optional<double>(20'000));
        if (second < 300 || second % 7 != 0) continue;
        EXPECT_NEAR(*rig.leaf(kBook, 0).value, SlowModel::mean_of_last(model.book, 60), 1e-9);
        EXPECT_NEAR(*rig.leaf(kBook, 1).value, SlowModel::mean_of_last(model.book, 300), 1e-9);
        EXPECT_NEAR(*rig.leaf(kImpact, 0).value, SlowModel::mean_of_last(model.impact, 60), 1e-8);
        EXPECT_NEAR(*rig.leaf(kImpact, 1).value, SlowModel::mean_of_last(model.impact, 300), 1e-8);
        EXPECT_NEAR(*rig.leaf(kQueue).value, SlowModel::mean_of_last(model.queue, 10), 1e-12);
    }
    ASSERT_EQ(rig.leaf(kBook).n, 99U);
    constexpr double kFloat = 1e-5;  // the past is kept in single precision
    EXPECT_NEAR(*rig.leaf(kBook).score, SlowModel::score(model.book_minutes), kFloat);
    EXPECT_NEAR(*rig.leaf(kQueue).score, SlowModel::score(model.queue_minutes), kFloat);
    EXPECT_NEAR(*rig.leaf(kImpact).score, SlowModel::score(model.impact_minutes), kFloat);
}

/// The sample of a second may be taken before the second before it is evaluated; never across a minute's end, where
/// the scale may change: the record that makes it due makes the minute due first.
TEST(Liquidity, SamplesThatRunAheadOfTheEvaluationChangeNothing) {
    Rig together, ahead;
    Prng prng(9);
    std::vector<RigBook> looks;
    for (int i = 0; i < 400; ++i) looks.push_back(random_book(prng));
    for (const RigBook& look : looks) together.second(look);
    for (std::size_t i = 0; i < looks.size(); i += 2) {
        const Timestamp start = ahead.u;
        for (const std::size_t j : {i, i + 1}) {
            ahead.u = start + 1s * static_cast<std::int64_t>(j - i + 1);
            ahead.quotes_in_second(looks[j]);
            ahead.sample(looks[j]);
        }
        for (const std::size_t j : {i, i + 1}) {
            ahead.u = start + 1s * static_cast<std::int64_t>(j - i + 1);
            ahead.evaluate();
        }
    }
    EXPECT_EQ(*ahead.leaf(kBook, 0).value, *together.leaf(kBook, 0).value);
    EXPECT_EQ(*ahead.leaf(kQueue).value, *together.leaf(kQueue).value);
    EXPECT_EQ(ahead.leaf(kBook, 1).value.value(), together.leaf(kBook, 1).value.value());
}

TEST(Liquidity, WhatFollowsChangesNothingThatWasSaid) {
    Rig whole;
    Prng prng(21);
    std::vector<RigBook> looks;
    for (int i = 0; i < 1000; ++i) looks.push_back(random_book(prng));
    const auto bars = test::in_live_order(test::random_walk(4, 1000));
    const Nanos shift = test::kStart + 10min - (test::kMonday + 5min * 1000);
    std::vector<std::string> said;
    const auto run = [&](Rig& rig, std::size_t until, std::vector<std::string>* record) {
        std::size_t next = 0;
        for (std::size_t i = 0; i < until; ++i) {
            while (next < bars.size() && bars[next].open_time + bars[next].interval + shift <= rig.u + 1s) {
                market::Candle candle = bars[next++];
                candle.open_time += shift;
                rig.liquidity.on_candle(candle);
            }
            rig.second(looks[i]);
            if (record != nullptr) record->push_back(found(rig.liquidity));
        }
    };
    run(whole, looks.size(), &said);
    for (const std::size_t cut :
         {std::size_t{1}, std::size_t{59}, std::size_t{60}, std::size_t{313}, std::size_t{700}}) {
        Rig rig;
        run(rig, cut, nullptr);
        EXPECT_EQ(found(rig.liquidity), said[cut - 1]) << cut;
    }
}

TEST(Liquidity, LoadingAndGoingOnIsNeverHavingStopped) {
    Rig rig = warm_rig(70, 6);
    const std::string bytes = state(rig.liquidity);
    Rig loaded;
    StateReader reader(bytes);
    reader(loaded.liquidity);
    ASSERT_FALSE(reader.failed());
    EXPECT_EQ(reader.remaining(), 0U);
    EXPECT_EQ(state(loaded.liquidity), bytes);
    loaded.u = rig.u;
    loaded.sequence = rig.sequence;
    Prng a(77), b(77);
    for (int i = 0; i < 700; ++i) {
        rig.second(random_book(a));
        loaded.second(random_book(b));
        ASSERT_EQ(found(rig.liquidity), found(loaded.liquidity)) << i;
    }
    EXPECT_LT(bytes.size(), 150'000U);
    RecordProperty("state_bytes", std::to_string(bytes.size()));
    std::cout << "state: " << bytes.size() << " bytes\n";
}

TEST(Liquidity, ABrokenStateIsRefused) {
    Rig rig = warm_rig(2, 6);
    const std::string bytes = state(rig.liquidity);
    for (std::size_t cut = 0; cut < bytes.size(); cut += 1009) {
        Rig loaded;
        StateReader reader(std::string_view(bytes).substr(0, cut));
        reader(loaded.liquidity);
        EXPECT_TRUE(reader.failed()) << cut;
    }
}

/// A damaged state is refused, or it is one that can be worked with: nothing aborts, and scores stay scores.
TEST(Liquidity, ADamagedStateNeverBreaksTheProgram) {
    Rig rig = warm_rig(62, 6);
    const std::string bytes = state(rig.liquidity);
    Prng prng(123);
    int refused = 0;
    for (int trial = 0; trial < 400; ++trial) {
        std::string damaged = bytes;
        for (int i = 0; i < 3; ++i) {
            damaged[prng.below(damaged.size())] = static_cast<char>(prng.below(256));
        }
        Rig loaded;
        StateReader reader(damaged);
        reader(loaded.liquidity);
        if (reader.failed()) {
            ++refused;
            continue;
        }
        loaded.u = rig.u;
        Prng look(5);
        for (int i = 0; i < 62; ++i) loaded.second(random_book(look));
        const auto& score = loaded.liquidity.score();
        EXPECT_TRUE(score.coverage >= 0 && score.coverage <= 1);
        EXPECT_TRUE(score.score.value_or(50) >= 0 && score.score.value_or(50) <= 100);
    }
    EXPECT_GT(refused, 10);
    EXPECT_LT(refused, 400);
}

TEST(Liquidity, AStateMovedInTimeGoesOnTheSame) {
    Rig rig = warm_rig(70, 6);
    const std::string bytes = state(rig.liquidity);
    constexpr Nanos kWeek = 168h;
    Rig moved;
    StateReader reader(bytes, kWeek);
    reader(moved.liquidity);
    ASSERT_FALSE(reader.failed());
    moved.u = rig.u + kWeek;
    Prng a(77), b(77);
    for (int i = 0; i < 200; ++i) {
        rig.second(random_book(a));
        moved.second(random_book(b));
        ASSERT_EQ(rig.liquidity.score().score, moved.liquidity.score().score) << i;
        ASSERT_EQ(rig.liquidity.score().coverage, moved.liquidity.score().coverage) << i;
    }
}

TEST(Liquidity, AStateMovedOffTheBarsGridForgetsTheBars) {
    Rig rig = warm_rig(2, 6);
    const std::string bytes = state(rig.liquidity);
    for (const auto& [shift, is_kept] : {std::pair{Nanos{8h}, true}, std::pair{Nanos{7min}, false}}) {
        Rig moved;
        StateReader reader(bytes, shift);
        reader(moved.liquidity);
        ASSERT_FALSE(reader.failed());
        EXPECT_EQ(moved.liquidity.zones().zones().empty(), !is_kept);
        EXPECT_EQ(moved.liquidity.profile().value_area().has_value(), is_kept);
    }
}

TEST(Liquidity, AfterAPauseWindowsStartAnew) {
    Rig rig = warm_rig();
    rig.liquidity.skip_to(rig.u + 90s);
    rig.u += 90s;
    Prng prng(4);
    rig.second(random_book(prng));
    EXPECT_FALSE(rig.leaf(kBook, 0).score.has_value());
    EXPECT_FALSE(rig.leaf(kQueue).score.has_value());
    EXPECT_EQ(rig.leaf(kQueue).n, 125U) << "the past is kept";
    for (int i = 0; i < 59; ++i) rig.second(random_book(prng));
    EXPECT_NEAR(rig.leaf(kBook, 0).coverage, 1, kExact);
}

TEST(Liquidity, ANewContractForgetsPricesAndSaysSo) {
    Rig rig = warm_rig();
    rig.liquidity.clear_prices(rig.units);
    Prng prng(4);
    rig.second(random_book(prng));
    EXPECT_TRUE(rig.liquidity.zones().zones().empty());
    EXPECT_FALSE(rig.leaf(kZones).score.has_value());
    EXPECT_TRUE(rig.leaf(kZones).flags.has(Flag::contract_changed));
    EXPECT_FALSE(rig.liquidity.profile().value_area().has_value());
}

/// WALL: a large ask rests, is seen, and is traded through.
TEST(Liquidity, AWallOfAsksIsSeenOnBothBookLeaves) {
    Rig rig = warm_rig();
    Prng prng(8);
    for (int i = 0; i < 300; ++i) {
        RigBook look = random_book(prng);
        look.asks[10].quantity = Lots{500'000};  // 500 coins 1.1 bps away, where 40 rest on all of a side
        rig.second(look);
    }
    EXPECT_LT(*rig.leaf(kBook, 0).score, 5);
    EXPECT_LT(*rig.leaf(kBook, 1).value, -.8);
    for (int i = 0; i < 300; ++i) rig.second(random_book(prng));  // traded through
    EXPECT_NEAR(*rig.leaf(kBook, 1).value, 0, .1);
}

/// THIN: the spread is six times as wide and a fifth of the depth is left. No side is weaker, so no direction.
TEST(Liquidity, AThinBookHasLittleDepthAndNoDirection) {
    Rig rig = warm_rig();
    const double usual = rig.liquidity.depth_quote().value();
    Prng prng(8);
    double score = 0;
    for (int i = 0; i < 600; ++i) {
        RigBook look = random_book(prng, 1, 6, 1);
        for (auto* side : {&look.bids, &look.asks}) {
            for (auto& level : *side) level.quantity = Lots{1 + level.quantity.value() / 5};
        }
        rig.second(look);
        score += *rig.leaf(kBook, 0).score / 600;
    }
    EXPECT_NEAR(rig.liquidity.depth_quote().value() / usual, .2, .04);
    EXPECT_NEAR(score, 50, 15);
    for (const Measure& measure : rig.liquidity.measures()) {
        if (measure.name != "spread") continue;
        EXPECT_NEAR(measure.value.value(), 1.2, 1e-9);
    }
}

TEST(Liquidity, HeavyBidsScoreAboveFifty) {
    Rig rig = warm_rig();
    Prng prng(8);
    double queue = 0;
    for (int i = 0; i < 300; ++i) {
        rig.second(random_book(prng, 3));
        queue += *rig.leaf(kQueue).score / 300;
    }
    EXPECT_GT(queue, 60) << "ten seconds are noisy, five minutes are not";
    EXPECT_GT(*rig.leaf(kBook, 0).score, 60);
    EXPECT_GT(*rig.leaf(kImpact, 0).score, 60);
    EXPECT_GT(*rig.liquidity.score().score, 60);
}

}  // namespace
}  // namespace vt::analysis::liquidity
