// The generator's figures are those that it states. Standard errors are estimated over independent seeds.

#include "sim/market.hpp"

#include "base/digest.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>
#include <numeric>

namespace vt::sim {
namespace {

using market::Side;

constexpr Timestamp kStart = from_ms(1'700'000'040'000);

struct Estimate {
    double mean = 0;
    double standard_error = 0;
};

Estimate over_seeds(const std::vector<double>& values) {
    const auto n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    double squares = 0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    return {mean, std::sqrt(squares / (n - 1) / n)};
}

void expect_within_three_errors(const Estimate& estimate, double stated, double largest_error) {
    EXPECT_NEAR(estimate.mean, stated, 3 * estimate.standard_error);
    EXPECT_LT(estimate.standard_error, largest_error) << "too uncertain to mean anything";
    testing::Test::RecordProperty("mean", std::to_string(estimate.mean));
    testing::Test::RecordProperty("standard_error", std::to_string(estimate.standard_error));
}

double autocorrelation(const std::vector<double>& x, std::size_t lag) {
    const double mean = std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
    double covariance = 0;
    double variance = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        variance += (x[i] - mean) * (x[i] - mean);
        if (i + lag < x.size()) covariance += (x[i] - mean) * (x[i + lag] - mean);
    }
    return covariance / variance;
}

/// Orders of one symbol, put together from prints of one time.
struct Parents {
    std::vector<double> seconds;
    std::vector<double> signs;

    void add(const market::Event& event) {
        const auto* trade = std::get_if<market::Trade>(&event.body);
        if (trade == nullptr) return;
        const double at = to_seconds(event.exchange_time - kStart);
        if (!seconds.empty() && seconds.back() == at) return;
        seconds.push_back(at);
        signs.push_back(market::sign(trade->aggressor));
    }
};

/// Maximum likelihood of (base rate, branching) of a Hawkes process with exponential kernel of known decay, by EM.
double branching_ratio(const std::vector<double>& at, double decay) {
    double base = .5 * static_cast<double>(at.size()) / at.back();
    double branching = .5;
    for (int iteration = 0; iteration < 200; ++iteration) {
        double from_base = 0;
        double excited = 0;
        for (std::size_t i = 0; i < at.size(); ++i) {
            if (i > 0) excited = (excited + 1) * std::exp(-decay * (at[i] - at[i - 1]));
            from_base += base / (base + branching * decay * excited);
        }
        const auto n = static_cast<double>(at.size());
        base = from_base / at.back();
        branching = (n - from_base) / n;
    }
    return branching;
}

SymbolParams coarse(const std::string& symbol) {
    return SymbolParams{.symbol = symbol,
                        .base = symbol,
                        .tick_size = {.mantissa = 1, .scale = 4},
                        .lot_size = {.mantissa = 1, .scale = 1},
                        .price = .8,
                        .activity = 1,
                        .size_scale = .1};
}

Params plain() {
    Params params;
    params.market.start = kStart;
    params.market.truths_start = kStart;
    return params;
}

TEST(Market, BranchingRatioIsAsStated) {
    std::vector<double> found;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        Params params = plain();
        params.market.has_metaorders = false;  // a rate that changes with the runs would look like excitation
        Market market(seed, params, {});
        Parents parents;
        market.advance(kStart + std::chrono::minutes{40}, [&](const market::Event& event) { parents.add(event); });
        found.push_back(branching_ratio(parents.seconds, 1.5));
    }
    expect_within_three_errors(over_seeds(found), .70, .02);
}

TEST(Market, SignsRemember) {
    std::vector<double> first, tenth, one_tick;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        Market market(seed, plain(), {});
        Parents parents;
        double updates = 0;
        double tight = 0;
        market.advance(kStart + std::chrono::hours{1}, [&](const market::Event& event) {
            parents.add(event);
            if (!std::holds_alternative<market::BookUpdate>(event.body)) return;
            const Book& book = market[0].book();
            const auto spread = book.best(Side::sell)->price - book.best(Side::buy)->price;
            ASSERT_GE(spread, Ticks{1});
            updates += 1;
            tight += spread == Ticks{1} ? 1 : 0;
        });
        first.push_back(autocorrelation(parents.signs, 1));
        tenth.push_back(autocorrelation(parents.signs, 10));
        one_tick.push_back(tight / updates);
    }
    expect_within_three_errors(over_seeds(first), .19, .01);
    expect_within_three_errors(over_seeds(tenth), .07, .01);
    expect_within_three_errors(over_seeds(one_tick), .94, .01);
}

double middle(const Book& book, double tick) {
    const auto bid = book.best(Side::buy)->price.value();
    const auto ask = book.best(Side::sell)->price.value();
    return static_cast<double>(bid + ask) / 2 * tick;
}

TEST(Market, BetasAndLagsAreAsStated) {
    constexpr std::array kBetas = {.5, 1.0, 1.4, 2.0};
    constexpr std::array kLags = {0, 1, 2, 5};
    std::array<std::vector<double>, 4> found;
    std::array<std::array<double, 9>, 4> products{};
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        std::vector<SymbolParams> symbols;
        for (std::size_t i = 0; i < kBetas.size(); ++i) {
            symbols.push_back(coarse("ALT" + std::to_string(i)));
            symbols.back().beta = kBetas[i];
            symbols.back().lag = std::chrono::seconds{kLags[i]};
            symbols.back().activity = .5;
        }
        Market market(seed, plain(), symbols);
        constexpr std::size_t kSeconds = 3600;
        std::vector<std::vector<double>> logs(5);
        for (std::size_t s = 0; s < kSeconds; ++s) {
            market.advance(kStart + std::chrono::seconds{s + 1}, {});
            for (std::size_t i = 0; i < 5; ++i) {
                logs[i].push_back(std::log(middle(market[i].book(), market[i].params().tick_size.to_double())));
            }
        }
        for (std::size_t i = 0; i < kBetas.size(); ++i) {
            for (std::size_t shift = 0; shift < products[i].size(); ++shift) {
                for (std::size_t t = 20; t + 5 < kSeconds; t += 2) {  // returns of 2 s, for the lag
                    products[i][shift] +=
                        (logs[0][t + 2 - shift] - logs[0][t - shift]) * (logs[i + 1][t + 2] - logs[i + 1][t]);
                }
            }
            double xy = 0;
            double xx = 0;
            const auto lag = static_cast<std::size_t>(kLags[i]);
            for (std::size_t t = 60; t + 60 < kSeconds; t += 60) {  // returns of a minute, for beta
                const double x = logs[0][t + 60 - lag] - logs[0][t - lag];
                xy += x * (logs[i + 1][t + 60] - logs[i + 1][t]);
                xx += x * x;
            }
            found[i].push_back(xy / xx);
        }
    }
    for (std::size_t i = 0; i < kBetas.size(); ++i) {
        SCOPED_TRACE(i);
        expect_within_three_errors(over_seeds(found[i]), kBetas[i], .15);
        const auto best = std::max_element(products[i].begin(), products[i].end());
        EXPECT_NEAR(static_cast<double>(best - products[i].begin()), kLags[i], 1);
    }
}

TEST(Market, EveryTradeRemovesExactlyItsSizeAndNoBookIsCrossed) {
    Params params = plain();
    params.factor_symbol = coarse("FACTOR");
    params.market.writes_every_change = true;
    params.market.depths = {};
    Market market(3, params, {coarse("ALT")});
    struct Shadow {
        std::map<std::int64_t, std::int64_t> bids, asks;
        std::optional<market::Trade> pending;
    };
    std::map<std::uint32_t, Shadow> shadows;
    int trades = 0;
    market.advance(kStart + std::chrono::minutes{20}, [&](const market::Event& event) {
        Shadow& shadow = shadows[event.instrument.value()];
        if (const auto* trade = std::get_if<market::Trade>(&event.body)) {
            ASSERT_FALSE(shadow.pending.has_value());
            shadow.pending = *trade;
            ++trades;
            return;
        }
        const auto* update = std::get_if<market::BookUpdate>(&event.body);
        if (update == nullptr) return;
        if (shadow.pending) {
            const market::Trade trade = *std::exchange(shadow.pending, std::nullopt);
            const bool is_buy = trade.aggressor == Side::buy;
            auto& resting = is_buy ? shadow.asks : shadow.bids;
            const auto changed = is_buy ? update->asks : update->bids;
            ASSERT_TRUE((is_buy ? update->bids : update->asks).empty());
            ASSERT_EQ(changed.size(), 1U);
            ASSERT_EQ(changed[0].price, trade.price);
            ASSERT_EQ(changed[0].quantity.value(), resting[trade.price.value()] - trade.quantity.value());
        }
        for (const auto& level : update->bids) {
            if (level.quantity.value() == 0)
                shadow.bids.erase(level.price.value());
            else
                shadow.bids[level.price.value()] = level.quantity.value();
        }
        for (const auto& level : update->asks) {
            if (level.quantity.value() == 0)
                shadow.asks.erase(level.price.value());
            else
                shadow.asks[level.price.value()] = level.quantity.value();
        }
        ASSERT_FALSE(shadow.bids.empty());
        ASSERT_FALSE(shadow.asks.empty());
        ASSERT_LT(shadow.bids.rbegin()->first, shadow.asks.begin()->first);
    });
    EXPECT_GT(trades, 3000);
}

void add_to(Digest& digest, const market::Event& event) {
    std::vector<double> numbers{static_cast<double>(to_ns(event.exchange_time) / 1000),
                                static_cast<double>(event.body.index())};
    if (const auto* trade = std::get_if<market::Trade>(&event.body)) {
        numbers.push_back(static_cast<double>(trade->price.value()));
        numbers.push_back(static_cast<double>(trade->quantity.value()));
    } else if (const auto* update = std::get_if<market::BookUpdate>(&event.body)) {
        for (const auto levels : {update->bids, update->asks}) {
            for (const auto& level : levels) {
                numbers.push_back(static_cast<double>(level.price.value()));
                numbers.push_back(static_cast<double>(level.quantity.value()));
            }
        }
    } else if (const auto* ticker = std::get_if<market::Ticker>(&event.body)) {
        for (const auto& value : {ticker->last_price, ticker->mark_price, ticker->index_price, ticker->funding_rate,
                                  ticker->open_interest_base, ticker->turnover_24h_quote}) {
            numbers.push_back(value.value_or(-1));
        }
    } else if (const auto* candle = std::get_if<market::Candle>(&event.body)) {
        for (const double value : {candle->open, candle->high, candle->low, candle->close, candle->volume_base}) {
            numbers.push_back(value);
        }
    }
    for (const double number : numbers) {
        std::array<char, 8> bytes;
        static_assert(sizeof bytes == sizeof number);
        std::memcpy(bytes.data(), &number, sizeof number);
        digest.update(std::string_view(bytes.data(), bytes.size()));
    }
}

/// The digest of everything one symbol says in a quarter of an hour.
std::string digest_of(std::uint64_t seed, const std::vector<SymbolParams>& symbols, std::size_t which,
                      Nanos slice = std::chrono::seconds{10}) {
    Market market(seed, plain(), symbols);
    Digest digest;
    for (Timestamp at = kStart; at < kStart + std::chrono::minutes{15};) {
        at += slice;
        market.advance(std::min(at, kStart + std::chrono::minutes{15}), [&](const market::Event& event) {
            if (event.instrument.value() == which) add_to(digest, event);
        });
    }
    return digest.hex();
}

TEST(Market, SameSeedSameBytesInEveryBuild) {
    const std::string digest = digest_of(7, {coarse("ALT")}, 1);
    EXPECT_EQ(digest_of(7, {coarse("ALT")}, 1, std::chrono::milliseconds{37}), digest) << "slices of advance()";
    EXPECT_NE(digest_of(8, {coarse("ALT")}, 1), digest);
    // The same in dev, in release, and whatever the CPU offers.
    EXPECT_EQ(digest, "70420f0f308bb560087c31891d410379f7274e40c3f75016d452aaa70f8c6697");
}

TEST(Market, AnotherSymbolChangesNothingInTheOthers) {
    const std::string alone = digest_of(7, {coarse("ALT")}, 1);
    EXPECT_EQ(digest_of(7, {coarse("ALT"), coarse("BLT")}, 1), alone);
    EXPECT_EQ(digest_of(7, {coarse("BLT"), coarse("ALT")}, 2), alone);
    EXPECT_EQ(digest_of(7, {}, 0), digest_of(7, {coarse("ALT"), coarse("BLT")}, 0));
}

TEST(Market, HistoryEndsAtTheFirstPriceAndFollowsTheFactor) {
    auto alt = coarse("ALT");
    alt.beta = 1.5;
    Market market(5, plain(), {alt});
    const auto candles =
        market[1].tape().candles(std::chrono::minutes{1}, kStart - std::chrono::hours{48}, kStart, 5000);
    const auto factor =
        market[0].tape().candles(std::chrono::minutes{1}, kStart - std::chrono::hours{48}, kStart, 5000);
    ASSERT_EQ(candles.size(), 2880U);
    ASSERT_EQ(factor.size(), 2880U);
    EXPECT_DOUBLE_EQ(candles.back().close, .8);
    EXPECT_EQ(candles.back().open_time, kStart - std::chrono::minutes{1});
    double xy = 0;
    double xx = 0;
    for (std::size_t i = 0; i < candles.size(); ++i) {
        EXPECT_TRUE(candles[i].is_closed);
        EXPECT_GE(candles[i].high, std::max(candles[i].open, candles[i].close));
        EXPECT_LE(candles[i].low, std::min(candles[i].open, candles[i].close));
        if (i == 0) continue;
        EXPECT_EQ(candles[i].open, candles[i - 1].close);
        const double x = std::log(factor[i].close / factor[i].open);
        xy += x * std::log(candles[i].close / candles[i].open);
        xx += x * x;
    }
    EXPECT_NEAR(xy / xx, 1.5, .15);
    // The session's candles go on where the history ended, and larger ones are made of them.
    market.advance(kStart + std::chrono::minutes{10}, {});
    const auto later = market[1].tape().candles(std::chrono::minutes{5}, kStart - std::chrono::minutes{10},
                                                kStart + std::chrono::minutes{10}, 100);
    ASSERT_GE(later.size(), 3U);
    for (std::size_t i = 1; i < later.size(); ++i) EXPECT_EQ(later[i].open, later[i - 1].close);
}

TEST(Tape, LongCandlesReachBackTwoMonthsAndJoinWithoutAStep) {
    Market market(5, plain(), {coarse("ALT")});
    auto& tape = market[1].tape();
    const auto long_ones = tape.candles(std::chrono::hours{4}, from_ms(0), kStart, 1000);
    ASSERT_GE(long_ones.size(), 355U);
    for (std::size_t i = 1; i < long_ones.size(); ++i) {
        EXPECT_EQ(long_ones[i].open, long_ones[i - 1].close);
        EXPECT_EQ(long_ones[i].open_time - long_ones[i - 1].open_time, std::chrono::hours{4});
        EXPECT_EQ(to_ns(long_ones[i].open_time) % Nanos{std::chrono::hours{4}}.count(), 0);
    }
    EXPECT_DOUBLE_EQ(long_ones.back().close, .8);
    const auto minutes = tape.candles(std::chrono::minutes{1}, from_ms(0), kStart, 100000);
    EXPECT_GE(minutes.size(), 3U * 1440);
    EXPECT_LE(minutes.size(), 3U * 1440 + 30);
    // Asked in another order, the history is the same.
    Market again(5, plain(), {coarse("ALT")});
    EXPECT_EQ(again[1].tape().candles(std::chrono::minutes{1}, from_ms(0), kStart, 100000), minutes);
    EXPECT_EQ(again[1].tape().candles(std::chrono::hours{4}, from_ms(0), kStart, 1000), long_ones);
}

TEST(Tape, CandlesMayBeAlignedToAShiftedCalendar) {
    Market market(5, plain(), {coarse("ALT")});
    const Nanos shift = std::chrono::minutes{7};
    const auto candles =
        market[1].tape().candles(std::chrono::minutes{5}, kStart - std::chrono::hours{2}, kStart, 100, shift);
    ASSERT_FALSE(candles.empty());
    for (const auto& candle : candles) {
        EXPECT_EQ(to_ns(candle.open_time + shift) % Nanos{std::chrono::minutes{5}}.count(), 0);
    }
}

TEST(Market, FollowsAFactorFromOutside) {
    Params params = plain();
    params.has_outside_factor = true;
    auto alt = coarse("ALT");
    alt.beta = 1;
    alt.lag = std::chrono::seconds{1};
    Market market(5, params, {alt});
    ASSERT_EQ(market.size(), 1U);
    market.set_factor_price(kStart + std::chrono::seconds{1}, params.factor_symbol.price * 1.01);
    market.advance(kStart + std::chrono::milliseconds{1980}, {});
    EXPECT_NEAR(std::exp(market[0].log_efficient_price()) / .8, 1.0, 1.5e-3);
    market.advance(kStart + std::chrono::seconds{12}, {});
    EXPECT_NEAR(std::exp(market[0].log_efficient_price()) / .8, 1.01, 2e-3);
    EXPECT_NEAR(middle(market[0].book(), 1e-4) / .8, 1.01, 3e-3);
}

TEST(Market, OpenInterestSamplesAndSettlementsHaveNoHoles) {
    Params params = plain();
    params.market.funding_interval = std::chrono::hours{1};
    Market market(5, params, {coarse("ALT")});
    int settlements = 0;
    market.advance(kStart + std::chrono::minutes{125}, [&](const market::Event& event) {
        if (event.instrument.value() == 1 && std::holds_alternative<market::FundingSettlement>(event.body))
            ++settlements;
    });
    auto& derivatives = market[1].derivatives();
    const auto samples =
        derivatives.open_interest(std::chrono::minutes{5}, kStart - std::chrono::hours{5}, market.now(), 60);
    ASSERT_EQ(samples.size(), 60U);
    for (std::size_t i = 1; i < samples.size(); ++i) {
        EXPECT_EQ(samples[i].at - samples[i - 1].at, std::chrono::minutes{5});
    }
    EXPECT_LE(market.now() - samples.back().at, std::chrono::minutes{5});
    EXPECT_EQ(settlements, 2);
    const auto rates = derivatives.settlements(kStart - std::chrono::hours{100}, market.now(), 200);
    EXPECT_EQ(rates.size(), 102U);
    using market::RatioOf;
    const auto mean_of = [](const std::vector<Sample>& shares) {
        double sum = 0;
        for (const Sample& sample : shares) sum += sample.value;
        return sum / static_cast<double>(shares.size());
    };
    const auto between = [&](RatioOf of, Timestamp from) {
        return derivatives.long_shares(of, std::chrono::minutes{5}, from, market.now(), 1000);
    };
    for (const RatioOf of : {RatioOf::accounts, RatioOf::top_accounts, RatioOf::top_positions}) {
        for (const Sample& sample : between(of, kStart - std::chrono::hours{50})) {
            EXPECT_GT(sample.value, 0);
            EXPECT_LT(sample.value, 1);
        }
    }
    // Top traders' positions lean against the crowd, their accounts less far with it.
    const auto crowd = between(RatioOf::accounts, kStart + std::chrono::minutes{5});
    const auto accounts = between(RatioOf::top_accounts, kStart + std::chrono::minutes{5});
    const auto positions = between(RatioOf::top_positions, kStart + std::chrono::minutes{5});
    ASSERT_EQ(crowd.size(), positions.size());
    ASSERT_EQ(crowd.size(), accounts.size());
    double with = 0;
    double against = 0;
    double spread = 0;
    for (std::size_t i = 0; i < crowd.size(); ++i) {
        const double lean = crowd[i].value - mean_of(crowd);
        spread += lean * lean;
        with += lean * (accounts[i].value - mean_of(accounts));
        against += lean * (positions[i].value - mean_of(positions));
    }
    EXPECT_GT(with / spread, 0.2);
    EXPECT_LT(with / spread, 0.8);
    EXPECT_LT(against / spread, -0.3);
}

TEST(FundingRate, FollowsTheVenuesFormula) {
    // exchanges publish F = P + clamp(I - P, -.05 %, +.05 %), I = .01 % for 8 h
    constexpr std::array<std::array<double, 2>, 6> kCases{{{-0.0012, -0.0006999999999999999},
                                                           {-0.0004, 9.999999999999999e-05},
                                                           {0, 0.0001},
                                                           {0.0002, 0.0001},
                                                           {0.0006, 0.00010000000000000005},
                                                           {0.001, 0.0005}}};
    for (const auto& [premium, rate] : kCases) EXPECT_NEAR(funding_rate(premium, std::chrono::hours{8}), rate, 1e-18);
    for (const int length : {1, 2, 4, 8}) {  // the neutral reading is the interest of the interval
        const double interest = 1e-4 * length / 8;
        EXPECT_DOUBLE_EQ(funding_rate(interest, std::chrono::hours{length}), interest);
    }
}

}  // namespace
}  // namespace vt::sim
