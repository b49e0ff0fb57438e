#include "analysis/sentiment/sentiment.hpp"

#include "analysis/sentiment/test_rig.hpp"
#include "analysis/test_sums.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace vt::analysis::sentiment {
namespace {

using namespace test;

TEST(LongShortAccounts, IsReadAgainstTheCrowdAtHalfGain) {
    Rig rig;
    Prng prng(4);
    std::vector<double> values;
    for (int i = 100; i > 0; --i) {
        const double share = .5 + .03 * prng.normal();
        values.push_back(static_cast<double>(static_cast<float>(std::log(share / (1 - share)))));
        rig.sentiment.on_long_short_ratio(floor_to(rig.u, hours{1}) - i * hours{1}, {share, 1 - share});
    }
    rig.sentiment.on_long_short_ratio(rig.u, {.58, .42});
    rig.second();
    const Leaf& leaf = rig.leaf(long_short);
    const double median = median_of(values);
    std::vector<double> deviations;
    for (const double value : values) deviations.push_back(std::abs(value - median));
    const double z = std::clamp(0.67449 * (std::log(.58 / .42) - median) / median_of(deviations), -4.0, 4.0);
    EXPECT_EQ(leaf.n, 100U);
    EXPECT_NEAR(*leaf.value, std::log(.58 / .42), 1e-12);
    ASSERT_TRUE(leaf.score);
    EXPECT_NEAR(*leaf.score, 50 - 25 * std::tanh(z / 2), 1e-4);
    EXPECT_LT(*leaf.score, 50);
    EXPECT_NEAR(leaf.coverage, .5 + .5 * 28 / 72, 1e-9);
    EXPECT_NEAR(*value_at(leaf.map, *leaf.score), *leaf.value, 1e-9) << "what would change it can be asked";
    EXPECT_FALSE(value_at(leaf.map, 80)) << "no ratio leads beyond 25 points";
    rig.run(minutes{40});
    EXPECT_NEAR(leaf.coverage, (.5 + .5 * 28 / 72) * std::exp(-1801.0 / 1800), 1e-9);
    rig.run(hours{2});
    EXPECT_FALSE(leaf.score);
    EXPECT_TRUE(leaf.flags.has(Flag::stale));
}

TEST(TopVsCrowd, ComparesTwoZsWhereTheVenueHasTopTraders) {
    Rig rig({.has_top_traders = true});
    Prng prng(5);
    rig.ratios(100, prng);
    for (int i = 99; i >= 0; --i) {
        const double share = .5 + .01 * prng.normal();
        rig.sentiment.on_long_short_ratio(rig.u - i * hours{1}, {share, 1 - share, market::RatioOf::top_positions});
    }
    rig.sentiment.on_long_short_ratio(rig.u + seconds{1}, {.48, .52});
    rig.sentiment.on_long_short_ratio(rig.u + seconds{1}, {.52, .48, market::RatioOf::top_positions});
    rig.run(seconds{2});
    const Leaf& leaf = rig.leaf(top_vs_crowd);
    ASSERT_TRUE(leaf.score);
    EXPECT_GT(*leaf.value, 1);  // top traders are long, the crowd is short
    EXPECT_NEAR(*leaf.score, 50 + 50 * std::tanh(std::min(*leaf.value, 4.0) / 2), 1e-9);
    EXPECT_EQ(rig.component(oi_price).weight, 0.5);
    EXPECT_EQ(rig.component(top_vs_crowd).weight, 0.25);
    EXPECT_FALSE(rig.component(top_vs_crowd).is_shadow);
}

TEST(TopVsCrowd, DoesNotApplyElsewhereAndTheOthersShareItsWeight) {
    Rig rig;
    rig.second();
    const Component& absent = rig.component(top_vs_crowd);
    EXPECT_TRUE(absent.is_shadow);
    EXPECT_EQ(absent.weight, 0);
    EXPECT_TRUE(absent.leaves[0].flags.has(Flag::not_applicable));
    EXPECT_FALSE(absent.leaves[0].flags.has(Flag::no_input));
    EXPECT_DOUBLE_EQ(rig.component(oi_price).weight, 2.0 / 3);
    EXPECT_DOUBLE_EQ(rig.component(long_short).weight, 1.0 / 3);
}

TEST(FundingExcess, IsWhatIsPaidBeyondInterestByTheHour) {
    EXPECT_NEAR(funding_excess_bps_per_hour(1e-4, hours{8}), 0, 1e-15);  // the neutral reading of every interval
    EXPECT_NEAR(funding_excess_bps_per_hour(1.25e-5, hours{1}), 0, 1e-15);
    EXPECT_NEAR(funding_excess_bps_per_hour(9e-4, hours{8}), 1, 1e-12);
    EXPECT_NEAR(funding_excess_bps_per_hour(-3e-4, hours{4}), -0.875, 1e-12);
    // A contract of its own interest: on Binance those on shares pay none.
    EXPECT_NEAR(funding_excess_bps_per_hour(0, hours{8}, 0.0), 0, 1e-15);
    EXPECT_NEAR(funding_excess_bps_per_hour(5e-5, hours{8}, 5e-5), 0, 1e-15);
    EXPECT_NEAR(funding_excess_bps_per_hour(5e-5, hours{4}, 1e-4), 0, 1e-15);
    Rig rig;
    for (int i = 100; i >= 1; --i)  // stamped a little late
        rig.sentiment.on_settlement(kStart - i * hours{8} + milliseconds{7}, 1e-4 * (1 + i % 10));
    rig.ticker.funding_rate = 5.5e-4;
    rig.second();
    const Leaf& leaf = rig.leaf(funding);
    EXPECT_EQ(leaf.n, 99U);  // the first has no interval
    EXPECT_NEAR(*leaf.value, 4.5 / 8, 1e-12);
    ASSERT_TRUE(leaf.score);
    EXPECT_NEAR(*leaf.score, 50, 4);  // in the middle of ten equally frequent rates
    rig.interest_per_8h = 5.5e-4;
    rig.second();
    EXPECT_NEAR(*leaf.value, 0, 1e-12);
    rig.ticker.funding_interval.reset();
    rig.second();
    EXPECT_FALSE(leaf.value) << "a rate without its interval says nothing";
}

TEST(FundingExcess, IsSaidInDeviationsOfItsOwnPastOnceThereIsOne) {
    // Settlements of .9, .3, .9, .3 ... bps an hour beyond interest: their mean is .6, and with 72 of them their
    // standard deviation is .3 sqrt(72/71). The first one has no interval and is no sample.
    const auto settle = [](Rig& rig, int count) {
        for (int i = count; i >= 1; --i)
            rig.sentiment.on_settlement(kStart - i * hours{8}, 1e-4 + 8e-4 * (i % 2 == 0 ? .9 : .3));
    };
    Rig few, enough, all_the_same;
    settle(few, 72);
    settle(enough, 73);
    for (int i = 100; i >= 1; --i) all_the_same.sentiment.on_settlement(kStart - i * hours{8}, 1e-4);
    for (Rig* rig : {&few, &enough, &all_the_same}) {
        rig->ticker.funding_rate = 1e-4 + 8e-4 * 1.2;
        rig->second();
    }
    EXPECT_EQ(few.leaf(funding).n, 71U);
    EXPECT_FALSE(few.sentiment.facts().funding_z) << "one sample too few";
    EXPECT_EQ(enough.leaf(funding).n, 72U);
    ASSERT_TRUE(enough.sentiment.facts().funding_z);
    EXPECT_NEAR(*enough.sentiment.facts().funding_z, (1.2 - .6) / (.3 * std::sqrt(72.0 / 71)), 1e-5);
    EXPECT_FALSE(all_the_same.sentiment.facts().funding_z) << "rounding is no spread";

    enough.ticker.funding_rate = 1e-4 + 8e-4 * .6;
    enough.second();
    EXPECT_GT(*enough.sentiment.facts().funding_z, 1.9) << "as of the minute";
    enough.run(minutes{1});
    EXPECT_NEAR(*enough.sentiment.facts().funding_z, 0, 1e-5);
    enough.ticker.funding_rate.reset();
    enough.run(minutes{1});
    EXPECT_FALSE(enough.sentiment.facts().funding_z) << "no rate, no distance";
}

TEST(FundingExcess, AnHourIsSampledOnce) {
    Rig rig;
    for (int i = 100; i >= 1; --i) rig.sentiment.on_settlement(rig.u - i * hours{1} + milliseconds{7}, 1e-4);
    rig.ticker.funding_interval = hours{1};
    rig.ticker.funding_rate = 5e-4;
    for (int i = 0; i < 4; ++i) {
        rig.run(hours{1});  // at the whole hour, the running estimate is the sample
        rig.sentiment.on_settlement(rig.u + milliseconds{7}, 9e-4);
    }
    rig.ticker.funding_rate = 7e-4;
    rig.second();
    EXPECT_EQ(rig.leaf(funding).n, 102U) << "99 of the history, three of the hours before the last";
    ASSERT_TRUE(rig.leaf(funding).score);
    EXPECT_EQ(*rig.leaf(funding).score, 100) << "more than all that was estimated";
}

TEST(Premium, IsTheMeanOfTheSecondsOfFiveMinutes) {
    Rig rig;
    std::vector<double> seconds_bps;
    Prng prng(6);
    for (int i = 0; i < 700; ++i) {
        rig.ticker.mark_price = 100 * std::exp(1e-4 * (3 + prng.normal()));
        rig.ticker.index_price = 100;
        seconds_bps.push_back(1e4 * std::log(*rig.ticker.mark_price / 100));
        rig.second();
    }
    double mean = 0;
    for (std::size_t i = 400; i < 700; ++i) mean += seconds_bps[i] / 300;
    EXPECT_NEAR(*rig.leaf(premium).value, mean, 1e-5);
    rig.ages.ticker = seconds{11};
    rig.run(seconds{149});
    EXPECT_TRUE(rig.leaf(premium).value);
    EXPECT_TRUE(rig.leaf(premium).flags.has(Flag::gap));
    rig.run(seconds{2});
    EXPECT_FALSE(rig.leaf(premium).value) << "more than half of the window is missing";
}

TEST(LiquidationImbalance, EqualsTheDirectDecayOfEveryEvent) {
    Rig rig;
    Prng prng(7);
    struct Event {
        Timestamp at;
        double quote = 0;
    };
    std::vector<Event> events;
    int compared = 0;
    for (int i = 0; i < 30 * 3600; ++i) {
        const bool is_busy = i / 3600 % 9 == 3;  // more than the ring holds within a day
        while (prng.uniform() < (is_busy ? .6 : .002)) {
            const bool is_long = prng.uniform() < .6;
            events.push_back({rig.u + milliseconds{500}, 1e4 * prng.exponential() * (is_long ? -1 : 1)});
            rig.liquidate(is_long, std::abs(events.back().quote), -milliseconds{500});
        }
        rig.second();
        if (i % 600 != 599) continue;
        long double longs = 0, shorts = 0;
        std::size_t n = 0;
        for (std::size_t k = events.size(); k-- > 0 && n < 4096 && events[k].at >= rig.u - hours{24}; ++n) {
            const long double weight = std::exp2(-static_cast<long double>((rig.u - events[k].at).count()) / 3.6e12L);
            (events[k].quote < 0 ? longs : shorts) += std::abs(events[k].quote) * weight;
        }
        const Leaf& leaf = rig.leaf(liquidations);
        EXPECT_EQ(leaf.events, n);
        if (!leaf.value || n == 0) continue;
        ++compared;
        ASSERT_NEAR(*leaf.value, static_cast<double>((shorts - longs) / (shorts + longs)), 1e-9) << i;
    }
    EXPECT_GT(events.size(), 8000U);
    EXPECT_GT(compared, 100);
}

TEST(LiquidationImbalance, SilenceOfALiveStreamIsAnObservationAndAbsenceIsNot) {
    Rig rig({.liquidation_flags = {Flag::censored}});
    const Leaf& leaf = rig.leaf(liquidations);
    rig.run(minutes{59});
    EXPECT_FALSE(leaf.score) << "most of what counts was not watched";
    rig.run(hours{9});
    EXPECT_EQ(leaf.score, 50);
    EXPECT_TRUE(leaf.flags.has(Flag::no_event));
    EXPECT_TRUE(leaf.flags.has(Flag::censored));
    EXPECT_NEAR(leaf.coverage, .7 * (1 - std::exp2(-(9 * 60 + 59) / 60.0)), 1e-9);
    ASSERT_TRUE(rig.sentiment.facts().liquidated_long_quote);
    rig.ages.liquidations.reset();
    rig.run(seconds{1});
    EXPECT_FALSE(leaf.score);
    EXPECT_FALSE(rig.sentiment.facts().liquidated_long_quote);
    rig.ages.liquidations = milliseconds{1};
    rig.sentiment.skip(hours{2});
    rig.run(seconds{1});
    EXPECT_FALSE(leaf.score) << "two hours without the program";
}

TEST(FearGreed, SpeaksAsTheIndexDoesWithItsCoverageAndAge) {
    Rig rig;
    rig.second();
    EXPECT_TRUE(rig.leaf(fear_greed).flags.has(Flag::no_input));
    rig.mood = FearAndGreed(80, .6, minutes{1});
    rig.second();
    EXPECT_NEAR(*rig.leaf(fear_greed).value, .6, 1e-12);
    EXPECT_NEAR(*rig.leaf(fear_greed).score, 80, 1e-9);
    EXPECT_NEAR(rig.leaf(fear_greed).coverage, .6, 1e-12);
    rig.mood->age = hours{7};
    rig.second();
    EXPECT_NEAR(rig.leaf(fear_greed).coverage, .6 * std::exp(-1.0), 1e-12);
    EXPECT_FALSE(rig.sentiment.score().score) << "it is in the shadow: outside all sums";
}

/// A day of everything, so that all components have a voice. The state after each minute goes to `told`.
void live_a_day(Rig& rig, std::uint64_t seed, int minutes_count = 16 * 60, std::vector<std::string>* told = nullptr) {
    RandomMarket market(seed);
    Prng prng(seed, "the rest");
    rig.ratios(150, prng);
    for (int i = 0; i < minutes_count; ++i) {
        if (prng.uniform() < .05) rig.liquidate(prng.uniform() < .5, 1e4 * prng.exponential());
        if (floor_to(rig.u, minutes{5}) == rig.u) {
            const double share = .5 + .02 * prng.normal();
            rig.sentiment.on_long_short_ratio(rig.u, {share, 1 - share});
        }
        rig.ticker.funding_rate = 1e-4 + 5e-5 * prng.normal();
        market.minute(rig);
        if (told != nullptr) told->push_back(rig.text());
    }
}

/// Each input taken away in turn, on a venue without and on one with top traders.
TEST(Sentiment, TheScoreIsTheSumOfItsLeavesAndEachInputHasItsCoverage) {
    struct Loss {
        std::string of;
        std::vector<std::size_t> components;  // that say nothing without it
        Nanos until{};                        // they do
        std::optional<Flag> flag;
        void (*lose)(Rig&);
    };
    for (const bool has_top_traders : {false, true}) {
        Rig whole({.has_top_traders = has_top_traders});
        Prng tops(3, "tops");
        for (std::int64_t i = 150; has_top_traders && i > 0; --i) {
            const double share = .5 + .01 * tops.normal();
            whole.sentiment.on_long_short_ratio(floor_to(whole.u, hours{1}) - i * hours{1},
                                                {share, 1 - share, market::RatioOf::top_positions});
        }
        for (int i = 100; i >= 1; --i) whole.sentiment.on_settlement(whole.u - i * hours{8}, 1e-5 * (i % 20));
        live_a_day(whole, 8);
        if (has_top_traders) whole.sentiment.on_long_short_ratio(whole.u, {.51, .49, market::RatioOf::top_positions});
        whole.mood = FearAndGreed(70, 1, Nanos{0});
        whole.second();
        const DimensionScore full = whole.sentiment.score();
        expect_sum(full, "all");
        ASSERT_TRUE(full.score);
        EXPECT_NE(*full.score, 50);
        const auto silent_ticker = [](Rig& rig) { rig.ages.ticker.reset(); };
        const auto silent_polls = [](Rig&) {};
        for (const Loss& loss :
             {Loss{"ticker", {oi_price, funding, premium}, seconds{1}, Flag::no_input, silent_ticker},
              Loss{"mid", {oi_price}, minutes{12}, Flag::stale, [](Rig& rig) { rig.mid.reset(); }},
              Loss{"open interest",
                   {oi_price},
                   minutes{12},
                   Flag::stale,
                   [](Rig& rig) { rig.ticker.open_interest_base.reset(); }},
              Loss{"funding", {funding}, seconds{1}, std::nullopt, [](Rig& rig) { rig.ticker.funding_rate.reset(); }},
              Loss{"polls", {long_short, top_vs_crowd}, hours{3}, Flag::stale, silent_polls},
              Loss{"liquidations",
                   {liquidations},
                   seconds{1},
                   Flag::no_input,
                   [](Rig& rig) { rig.ages.liquidations.reset(); }},
              Loss{"mood", {fear_greed}, seconds{1}, Flag::no_input, [](Rig& rig) { rig.mood.reset(); }}}) {
            Rig rig = whole;
            loss.lose(rig);
            rig.run(loss.until);
            const DimensionScore& score = rig.sentiment.score();
            expect_sum(score, loss.of);
            double lost = 0;
            for (const std::size_t i : loss.components) {
                if (i == top_vs_crowd && !has_top_traders) continue;
                const Leaf& leaf = rig.leaf(i);
                EXPECT_TRUE(whole.leaf(i).score) << loss.of << ' ' << i;
                EXPECT_FALSE(leaf.score) << loss.of << ' ' << i;
                EXPECT_EQ(leaf.coverage, 0) << loss.of << ' ' << i;
                if (loss.flag) {
                    EXPECT_TRUE(leaf.flags.has(*loss.flag)) << loss.of << ' ' << i;
                }
                lost += full.components[i].weight * full.components[i].coverage;  // of the shadow: nothing
            }
            if (loss.until == Nanos{seconds{1}}) {
                EXPECT_NEAR(full.coverage - score.coverage, lost, 2e-3) << loss.of;
            }
            // Meanwhile others may have warmed up further: what is left is what they cover.
            double rest = 0;
            for (const Component& component : score.components) rest += component.weight * component.coverage;
            EXPECT_NEAR(score.coverage, rest, 1e-12) << loss.of;
            if (lost > 0) {
                EXPECT_LT(score.coverage, full.coverage) << loss.of;
            }
        }
    }
}

std::string saved(Rig& rig) {
    std::string bytes;
    StateWriter writer(bytes);
    writer(rig.sentiment);
    return bytes;
}

TEST(Sentiment, SavedAndLoadedGoesOnAsIfItHadNeverStoppedAlsoADayLater) {
    for (const Nanos shift : {Nanos{0}, Nanos{hours{24}}}) {
        Rig one;
        live_a_day(one, 9, 700);
        Rig two;
        const std::string bytes = saved(one);
        StateReader reader(bytes, shift);
        reader(two.sentiment);
        ASSERT_FALSE(reader.failed());
        ASSERT_EQ(reader.remaining(), 0U);
        two.u = one.u + shift;
        two.ticker = one.ticker;
        two.mid = one.mid;
        for (int i = 0; i < 90; ++i) {
            one.minute(1e-4 * (i % 5 - 2), 1e-4 * (i % 3 - 1));
            two.minute(1e-4 * (i % 5 - 2), 1e-4 * (i % 3 - 1));
            ASSERT_EQ(one.text(), two.text()) << i;
        }
        if (shift == Nanos{0}) {
            EXPECT_TRUE(saved(one) == saved(two));
        }
    }
}

TEST(Sentiment, WhatComesLaterChangesNothingBefore) {
    // The same market to its end and cut short: nothing said at any minute hangs on what follows.
    Rig cut, whole;
    std::vector<std::string> of_cut, of_whole, of_another;
    live_a_day(whole, 10, 400, &of_whole);
    live_a_day(cut, 10, 300, &of_cut);
    ASSERT_EQ(of_cut.size(), 300U);
    for (std::size_t i = 0; i < of_cut.size(); ++i) ASSERT_EQ(of_cut[i], of_whole[i]) << i;
    Rig another;
    live_a_day(another, 11, 300, &of_another);
    EXPECT_NE(of_another.back(), of_cut.back());
    EXPECT_NE(of_whole.back(), of_cut.back());
}

TEST(Sentiment, EqualTimesInAnyOrderGiveTheSame) {
    Rig one;
    Rig two;
    one.run(hours{2});
    two.run(hours{2});
    const std::vector<std::pair<bool, double>> same_time = {{true, 1000}, {false, 250}, {true, 4096}, {true, 512}};
    for (const auto& [is_long, quote] : same_time) one.liquidate(is_long, quote);
    for (auto it = same_time.rbegin(); it != same_time.rend(); ++it) two.liquidate(it->first, it->second);
    one.second();
    two.second();
    EXPECT_EQ(one.text(), two.text());
}

TEST(Sentiment, ANewContractCountsItsCoinsAnew) {
    Rig rig;
    live_a_day(rig, 11);
    ASSERT_TRUE(rig.leaf(oi_price).score);
    rig.sentiment.clear_prices();
    rig.second();
    EXPECT_FALSE(rig.leaf(oi_price).score);
    EXPECT_TRUE(rig.leaf(oi_price).flags.has(Flag::contract_changed));
    EXPECT_TRUE(rig.leaf(long_short).score) << "shares of accounts are no prices";
}

TEST(Sentiment, DivergenceIsTheRankCorrelationOfTenSpans) {
    Rig rig;
    Prng prng(12);
    std::vector<double> price, interest;
    for (int i = 0; i < 10; ++i) {
        price.push_back(1e-3 * prng.normal());
        interest.push_back(-price.back() + 1e-5 * prng.normal());
    }
    rig.minute(0);
    rig.run(minutes{19});
    EXPECT_FALSE(rig.sentiment.facts().divergence);
    for (int i = 0; i < 10; ++i) {
        rig.minute(price[static_cast<std::size_t>(i)], interest[static_cast<std::size_t>(i)]);
        rig.run(minutes{19});
    }
    ASSERT_TRUE(rig.sentiment.facts().divergence);
    EXPECT_EQ(rig.sentiment.facts().divergence->at, rig.u);
    const auto expected = indicators::bootstrap_rank_correlation(price, interest, 1000, 1);
    EXPECT_DOUBLE_EQ(rig.sentiment.facts().divergence->ranks.correlation, expected->correlation);
    EXPECT_LT(rig.sentiment.facts().divergence->ranks.upper, 0);
}

}  // namespace
}  // namespace vt::analysis::sentiment
