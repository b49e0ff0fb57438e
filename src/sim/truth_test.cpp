// What is planted can be found: one short run for each truth, with truths counted from the start.

#include "sim/market.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace vt::sim {
namespace {

using market::Side;

constexpr Timestamp kStart = from_ms(1'700'000'040'000);

struct Print {
    double minutes = 0;
    double sign = 0;
    double notional = 0;
};

/// A market of one symbol with a truth, with what was printed.
struct Session {
    explicit Session(Truth truth, std::uint64_t seed = 4) : market(seed, params(), {with_truth(symbol(), truth)}) {}

    static Params params() {
        Params params;
        params.market.start = kStart;
        params.market.truths_start = kStart;
        params.market.depths = {};
        return params;
    }
    static SymbolParams symbol() {
        return SymbolParams{.symbol = "TRUEUSDT",
                            .base = "TRUE",
                            .tick_size = {.mantissa = 1, .scale = 4},
                            .lot_size = {.mantissa = 1, .scale = 1},
                            .price = .8,
                            .activity = .6,
                            .size_scale = .1};
    }
    /// Runs to a minute; `each` is called every 20 ms with the minute.
    void to(double minute, const std::function<void(double)>& each = {}) {
        const Timestamp end = kStart + Nanos{static_cast<std::int64_t>(minute * 6e10)};
        const auto sink = [this](const market::Event& event) {
            if (event.instrument.value() != 1) return;
            const double at = to_seconds(event.exchange_time - kStart) / 60;
            ++events;
            if (const auto* trade = std::get_if<market::Trade>(&event.body)) {
                const double quote = static_cast<double>(trade->price.value() * trade->quantity.value()) * 1e-5;
                prints.push_back({at, market::sign(trade->aggressor), quote});
            } else if (const auto* one = std::get_if<market::Liquidation>(&event.body)) {
                (one->side == market::LiquidatedSide::long_position ? longs : shorts) += one->quantity * one->price;
            }
        };
        while (market.now() < end) {
            market.advance(each ? market.now() + kStep : end, sink);
            if (each) each(to_seconds(market.now() - kStart) / 60);
        }
    }
    [[nodiscard]] double imbalance(double from, double until) const {
        double signed_sum = 0;
        double sum = 0;
        for (const Print& print : prints) {
            if (print.minutes < from || print.minutes >= until) continue;
            signed_sum += print.sign;
            sum += 1;
        }
        return signed_sum / sum;
    }
    [[nodiscard]] double middle() const {
        const Book& book = market[1].book();
        return static_cast<double>((book.best(Side::buy)->price + book.best(Side::sell)->price).value()) / 2;
    }
    [[nodiscard]] double depth(std::size_t levels) const {
        double lots = 0;
        for (const Side side : {Side::buy, Side::sell}) {
            std::size_t seen = 0;
            market[1].book().walk(side, [&](const market::Level& level) {
                lots += static_cast<double>(level.quantity.value());
                return ++seen < levels;
            });
        }
        return lots;
    }

    Market market;
    std::vector<Print> prints;
    double longs = 0;
    double shorts = 0;
    int events = 0;
};

TEST(Truth, FlowTiltsTheSidesWhileItLasts) {
    Session run(Truth::flow);
    run.to(36);
    EXPECT_GT(run.imbalance(20, 35), .35);
    EXPECT_LT(std::abs(run.imbalance(0, 20)), .2);
}

TEST(Truth, AbsorptionSellsMuchAndThePriceStands) {
    Session run(Truth::absorption);
    run.to(40);
    const double before = run.middle();
    double near_by = 0;
    double steps = 0;
    run.to(45, [&](double) {
        near_by += std::abs(run.middle() / before - 1) < 3e-4 ? 1 : 0;  // a quarter of an sd of a minute, and a tick
        steps += 1;
    });
    double sold = 0;
    double bought = 0;
    for (const Print& print : run.prints) {
        if (print.minutes >= 40) (print.sign < 0 ? sold : bought) += print.notional;
    }
    EXPECT_GT(sold, 7 * run.market[1].mean_minute_quote());
    EXPECT_GT(sold, 2 * bought);
    EXPECT_GT(near_by / steps, .97);
    run.to(50);
    EXPECT_GT(run.market[1].book().level_count(Side::buy), 20U);
}

TEST(Truth, IcebergRefillsWithinAQuarterSecond) {
    Session run(Truth::iceberg);
    run.to(54.99);
    const auto shown = std::llround(2 * SizeLaw(.1).mean() / (run.middle() * 1e-4) / .1);
    std::int64_t before = 0;
    Ticks price{0};
    std::vector<double> refills;  // seconds since the shown part was eaten
    double eaten_at = 0;
    run.to(60, [&](double minute) {
        const Book& book = run.market[1].book();
        if (price.value() == 0) {  // the iceberg is at the best bid of its first moment
            if (minute < 55) return;
            price = book.best(Side::buy)->price;
        }
        const std::int64_t now = book.quantity_at(Side::buy, price).value();
        const double worth = static_cast<double>(shown) * static_cast<double>(price.value()) * 1e-5;
        for (auto print = run.prints.rbegin(); print != run.prints.rend() && print->minutes > eaten_at; ++print) {
            if (print->sign < 0 && print->notional >= .9 * worth) eaten_at = print->minutes;
        }
        // The same quantity appears again, but for the rounding of its price and what others add in the same 20 ms.
        if (std::abs(static_cast<double>(now - before - shown)) < .02 * static_cast<double>(shown)) {
            refills.push_back((minute - eaten_at) * 60);
        }
        before = now;
    });
    const auto quick = std::count_if(refills.begin(), refills.end(), [](double s) { return s >= .04 && s <= .28; });
    EXPECT_GE(quick, 6);  // some are hidden by what others add or take within the same 20 ms
    EXPECT_GE(refills.size(), 9U);
}

TEST(Truth, SpoofComesAndGoesUntraded) {
    Session run(Truth::spoof);
    run.to(59.99);
    const double spoof = 8 * SizeLaw(.1).tail_quantile(.01) / (run.middle() * 1e-4) / .1;
    std::vector<double> came, lasted;
    double before = 0;
    run.to(66, [&](double minute) {
        double now = 0;
        run.market[1].book().walk(Side::sell, [&](const market::Level& level) {
            now += static_cast<double>(level.quantity.value());
            return true;
        });
        const double change = before > 0 ? now - before : 0;
        if (std::abs(change - spoof) < .05 * spoof) came.push_back(minute);
        if (std::abs(change + spoof) < .05 * spoof && !came.empty()) lasted.push_back((minute - came.back()) * 60);
        before = now;
    });
    EXPECT_GE(came.size(), 13U);
    EXPECT_LE(came.size(), 16U);
    EXPECT_GE(std::count_if(lasted.begin(), lasted.end(), [](double s) { return std::abs(s - 2) < .1; }), 10);
}

TEST(Truth, WallRestsAndIsThenBought) {
    Session run(Truth::wall);
    run.to(30.01);
    double largest = 0;
    Ticks price{0};
    run.market[1].book().walk(Side::sell, [&](const market::Level& level) {
        if (static_cast<double>(level.quantity.value()) > largest) {
            largest = static_cast<double>(level.quantity.value());
            price = level.price;
        }
        return true;
    });
    EXPECT_GT(largest, 500 * 2000 * .1 / .8 / .1 * .9);
    run.to(34.9);
    EXPECT_GT(static_cast<double>(run.market[1].book().quantity_at(Side::sell, price).value()), largest * .2);
    run.to(35.1);
    EXPECT_EQ(run.market[1].book().quantity_at(Side::sell, price), Lots{0});
}

TEST(Truth, WhalesBuyFourTimes) {
    Session run(Truth::whale);
    run.to(73);
    std::map<double, double> orders;  // by time
    for (const Print& print : run.prints) {
        if (print.minutes > 69.99 && print.sign > 0) orders[print.minutes] += print.notional;
    }
    const double large = SizeLaw(.1).tail_quantile(.001);
    EXPECT_GE(std::count_if(orders.begin(), orders.end(), [&](const auto& one) { return one.second > 2 * large; }),
              4);
}

TEST(Truth, ThinMarketsAreWideAndShallow) {
    Session run(Truth::thin);
    const auto mean_over = [&](double until) {
        double spread = 0;
        double depth = 0;
        double steps = 0;
        run.to(until, [&](double) {
            const Book& book = run.market[1].book();
            spread += static_cast<double>((book.best(Side::sell)->price - book.best(Side::buy)->price).value());
            depth += run.depth(20);
            steps += 1;
        });
        return std::pair(spread / steps, depth / steps);
    };
    run.to(70);
    const auto before = mean_over(75);
    run.to(75.5);
    const auto within = mean_over(84);
    EXPECT_GT(within.first, 4 * before.first);
    EXPECT_LT(within.second, before.second / 2.5);
    run.to(88);
    const auto after = mean_over(90);
    EXPECT_LT(after.first, 2 * before.first);
}

TEST(Truth, NewListingIsSilentUntilItIsListed) {
    Session run(Truth::new_listing);
    run.to(29.9);
    EXPECT_EQ(run.events, 0);
    EXPECT_FALSE(run.market[1].is_listed());
    run.to(31);
    EXPECT_GT(run.events, 50);
}

TEST(Truth, NoEdgeHasNoMemoryNoBetaAndNoImpact) {
    Session run(Truth::no_edge);
    run.to(120);
    std::vector<double> signs;
    double last = -1;
    for (const Print& print : run.prints) {
        if (print.minutes != last) signs.push_back(print.sign);
        last = print.minutes;
    }
    double products = 0;
    for (std::size_t i = 1; i < signs.size(); ++i) products += signs[i] * signs[i - 1];
    const auto n = static_cast<double>(signs.size());
    EXPECT_LT(std::abs(products / n), 4 / std::sqrt(n));
    EXPECT_LT(std::abs(run.imbalance(0, 120)), 4 / std::sqrt(n));
}

TEST(Truth, CascadeLiquidatesLongs) {
    Session run(Truth::cascade);
    run.to(90);
    const double interest = run.market[1].derivatives().open_interest_base();
    run.longs = run.shorts = 0;
    run.to(93);
    EXPECT_GT(run.longs, 10 * run.shorts);
    EXPECT_GT(run.longs, 0);
    EXPECT_LT(run.imbalance(90, 92), -.1);
    run.to(95);  // the depth takes them a fifth a second, so the fall lasts minutes
    EXPECT_LT(run.market[1].derivatives().open_interest_base() / interest, .98);  // what was stacked has gone again
}

TEST(Truth, CrowdingLiftsThePremiumAndFunding) {
    Session run(Truth::crowded);
    run.to(100);
    const double before = run.market[1].derivatives().crowding();
    run.to(165);
    EXPECT_GT(run.market[1].derivatives().crowding(), before + 2);
    EXPECT_GT(run.market[1].derivatives().funding_rate(), 1e-4);
}

TEST(Truth, QuadrantsMovePriceAndOpenInterestAsNamed) {
    Session run(Truth::quadrants);
    std::array<double, 4> price{};
    std::array<double, 4> interest{};
    for (std::size_t phase = 0; phase < 4; ++phase) {
        const double price_before = run.middle();
        const double interest_before = run.market[1].derivatives().open_interest_base();
        run.to(30 * static_cast<double>(phase + 1));
        price[phase] = run.middle() / price_before - 1;
        interest[phase] = run.market[1].derivatives().open_interest_base() / interest_before - 1;
    }
    EXPECT_GT(price[0], price[1]);
    EXPECT_GT(price[2], price[3]);
    EXPECT_GT(interest[0], 0);
    EXPECT_GT(interest[1], 0);
    EXPECT_LT(interest[2], 0);
    EXPECT_LT(interest[3], 0);
}

TEST(Truth, RevertingPricesComeBack) {
    // The own part's excursions stay within what a half-life of 30 minutes allows: sd = 6 bps x sqrt(30 / (2 ln 2)) =
    // 28 bps.
    double squares = 0;
    double count = 0;
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
        Session run(Truth::reverting, seed);
        const double start = run.market[1].log_efficient_price();
        const double factor_start = run.market[0].log_efficient_price();
        for (int minute = 120; minute <= 420; minute += 20) {
            run.to(minute);
            const double own =
                run.market[1].log_efficient_price() - start - (run.market[0].log_efficient_price() - factor_start);
            squares += own * own;
            count += 1;
        }
    }
    EXPECT_LT(std::sqrt(squares / count), 45e-4);
    EXPECT_GT(std::sqrt(squares / count), 10e-4);
}

/// The betas of the minutes until one and after it, and the own drift after it, of a minute.
struct TwoBetas {
    double before = 0, after = 0, drift_after = 0;
};
TwoBetas betas_around(Truth truth, int at_minute, int until) {
    double before_xy = 0, before_xx = 0, after_xy = 0, after_xx = 0, after_y = 0, after_x = 0;
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
        Session run(truth, seed);
        double alt = run.market[1].log_efficient_price();
        double factor = run.market[0].log_efficient_price();
        for (int minute = 1; minute <= until; ++minute) {
            run.to(minute);
            const double x = run.market[0].log_efficient_price() - factor;
            const double y = run.market[1].log_efficient_price() - alt;
            (minute <= at_minute ? before_xy : after_xy) += x * y;
            (minute <= at_minute ? before_xx : after_xx) += x * x;
            if (minute > at_minute) after_y += y, after_x += x;
            alt += y;
            factor += x;
        }
    }
    const double after = after_xy / after_xx;
    return {before_xy / before_xx, after, (after_y - after * after_x) / (2 * (until - at_minute))};
}

TEST(Truth, BetaBreaks) {
    const TwoBetas found = betas_around(Truth::beta_break, 120, 240);
    EXPECT_NEAR(found.before, 1.5, .3);
    EXPECT_NEAR(found.after, .5, .3);
}

TEST(Truth, WhatDecouplesFollowsNoMoreAndGoesUpByItself) {
    const TwoBetas found = betas_around(Truth::decoupled, 60, 240);
    EXPECT_NEAR(found.before, 1.5, .3);
    EXPECT_NEAR(found.after, 0, .3);
    EXPECT_GT(found.drift_after, .5e-4) << "a quarter of 6 bps is planted, over 180 minutes of 6 bps each";
}

}  // namespace
}  // namespace vt::sim
