// The planted truths of one symbol: what is done to an ordinary market, and when.

#include "base/math.hpp"
#include "sim/laws.hpp"
#include "sim/symbol_market.hpp"

#include <algorithm>
#include <cmath>

namespace vt::sim {

using market::Side;

namespace {

std::int64_t minutes(double count) { return static_cast<std::int64_t>(count * 6e10); }

}  // namespace

double SymbolMarket::minutes_of_truth(std::int64_t ns) const {
    return static_cast<double>(ns - to_ns(params_.truths_start)) / static_cast<double>(kMinuteNs);
}

bool SymbolMarket::is_between(std::int64_t ns, double from_min, double to_min) const {
    const std::int64_t since = ns - to_ns(params_.truths_start);
    return since >= minutes(from_min) && since < minutes(to_min);
}

double SymbolMarket::beta_at(std::int64_t ns) const {
    if (symbol_.truth == Truth::beta_break && minutes_of_truth(ns) >= 120) return .5;
    if (symbol_.truth == Truth::decoupled && minutes_of_truth(ns) >= 60) return 0;
    return symbol_.beta;
}

/// Added to the own return of 100 ms.
double SymbolMarket::planted_return(std::int64_t ns) const {
    // A quarter of an sd a minute: over four hours four times what a walk goes.
    if (symbol_.truth == Truth::decoupled && minutes_of_truth(ns) >= 60) return symbol_.idio_bps * 1e-4 / 4 / 600;
    if (symbol_.truth != Truth::quadrants || !is_between(ns, 0, 120)) return 0;
    // Phases of 30 min: price up, down, up, down, by two thirds of an sd a minute.
    const auto phase = static_cast<int>(minutes_of_truth(ns) / 30);
    const double up = phase % 2 == 0 ? 1 : -1;
    return up * symbol_.idio_bps * 1e-4 * (2.0 / 3) / 600;
}

Ticks SymbolMarket::rank_price(Side side, std::size_t rank) const {
    std::size_t seen = 0;
    Ticks price = book_.best(side) ? book_.best(side)->price : Ticks{std::llround(efficient_ticks_)};
    book_.walk(side, [&](const market::Level& level) {
        price = level.price;
        return ++seen < rank;
    });
    return price;
}

/// Buys what is offered up to a price, so that a bid can stand there.
void SymbolMarket::buy_up_to(Ticks price, Timestamp at, const Sink& sink) {
    std::int64_t lots = 0;
    book_.walk(Side::sell, [&](const market::Level& level) {
        if (level.price > price) return false;
        lots += level.quantity.value();
        return true;
    });
    if (lots == 0) return;
    flow_.record(Side::buy, at);
    take(at, Side::buy, Lots{lots}, sink);
}

void SymbolMarket::play_truth(std::int64_t step, const Sink& sink) {
    const std::int64_t ns = step * kStepNs;
    switch (symbol_.truth) {
        case Truth::flow: flow_tilt_ = is_between(ns, 20, 35) ? .30 : 0; break;
        case Truth::absorption: play_absorption(ns, sink); break;
        case Truth::iceberg: play_iceberg(ns, sink); break;
        case Truth::spoof: play_spoof(ns); break;
        case Truth::wall: play_wall(ns, sink); break;
        case Truth::whale: play_whale(ns, sink); break;
        case Truth::thin: play_thin(ns); break;
        case Truth::new_listing: is_listed_ = minutes_of_truth(ns) >= 30; break;
        case Truth::cascade: play_cascade(ns); break;
        case Truth::crowded: play_crowding(ns); break;
        case Truth::quadrants:
            // Open interest up in phases 0 and 1, down in 2 and 3, by 6 % an hour.
            if (is_between(ns, 0, 120))
                derivatives_.scale_open_interest(is_between(ns, 0, 60) ? 1 + 3.3e-7 : 1 - 3.3e-7);
            break;
        case Truth::none:
        case Truth::lagged:
        case Truth::in_step:
        case Truth::beta_break:
        case Truth::decoupled:
        case Truth::reverting:
        case Truth::no_edge: break;
    }
}

/// A seller of 10 mean minutes of turnover in 5 minutes, two orders a second, against a bid at one price that is
/// filled up at once; nobody else moves the price meanwhile.
void SymbolMarket::play_absorption(std::int64_t ns, const Sink& sink) {
    if (!is_between(ns, 40, 45)) {
        if (truth_.is_active) {
            liquidity_.unpin(book_, Side::buy, truth_.price);
            liquidity_.set_following(true);
            is_price_pinned_ = false;
            truth_.is_active = false;
        }
        return;
    }
    const double each = 10 * mean_minute_quote_ / 600;
    if (!truth_.is_active) {
        const auto bid = book_.best(Side::buy);
        if (!bid) return;
        truth_.is_active = true;
        truth_.price = bid->price;
        truth_.shown = Lots{static_cast<std::int64_t>(std::max(1.0, 15 * each * lots_per_quote()))};
        truth_.next_ns = ns;
        is_price_pinned_ = true;
        liquidity_.set_following(false);
    }
    const Timestamp at = from_ns(ns - kStepNs + 1);
    const Lots missing = truth_.shown - liquidity_.pinned_at(Side::buy, truth_.price);
    if (missing.value() > 0) {
        buy_up_to(truth_.price, at, sink);
        liquidity_.pin(book_, Side::buy, truth_.price, missing);
    }
    if (ns < truth_.next_ns) return;
    truth_.next_ns += 500'000'000;
    flow_.record(Side::sell, at);
    order(at, Side::sell, each * (.5 + truth_draws_.uniform()), sink);
}

/// A bid that shows a twentieth of itself at the best price; each time what it shows is eaten, it shows as much again
/// after 50 to 250 ms, 12 times. A seller who takes what is at the price keeps it busy.
void SymbolMarket::play_iceberg(std::int64_t ns, const Sink& sink) {
    if (!is_between(ns, 55, 70) || truth_.done > 13) {
        if (truth_.is_active) {
            liquidity_.set_following(true);
            is_price_pinned_ = false;
            truth_.is_active = false;
        }
        return;
    }
    if (!truth_.is_active) {
        const auto bid = book_.best(Side::buy);
        if (!bid) return;
        truth_.is_active = true;
        truth_.price = bid->price;
        truth_.shown = Lots{std::max<std::int64_t>(2, std::llround(2 * sizes_.mean() * lots_per_quote()))};
        truth_.next_ns = ns;
        is_price_pinned_ = true;
        liquidity_.set_following(false);
    }
    const Timestamp at = from_ns(ns - kStepNs + 1);
    if (liquidity_.pinned_at(Side::buy, truth_.price).value() == 0) {
        if (truth_.next_ns == 0) {
            truth_.next_ns = ns + 50'000'000 + static_cast<std::int64_t>(truth_draws_.uniform() * 2e8);
        }
        if (ns < truth_.next_ns) return;
        truth_.next_ns = 0;
        truth_.until_ns = ns + 1'500'000'000;
        buy_up_to(truth_.price, at, sink);
        if (++truth_.done <= 13) liquidity_.pin(book_, Side::buy, truth_.price, truth_.shown);
        return;
    }
    if (ns < truth_.until_ns) return;
    truth_.until_ns = ns + 1'500'000'000;
    // A sell order that reaches through the shown part at the iceberg's price and no further.
    std::int64_t lots = 0;
    book_.walk(Side::buy, [&](const market::Level& level) {
        if (level.price < truth_.price) return false;
        lots += level.quantity.value();
        return true;
    });
    flow_.record(Side::sell, at);
    if (lots > 0) take(at, Side::sell, Lots{lots}, sink);
}

/// Every 20 s, an ask of 8 times the 99 % order at rank 3 that is gone after 2 s, unless it was traded.
void SymbolMarket::play_spoof(std::int64_t ns) {
    if (truth_.is_active && ns >= truth_.until_ns) {
        liquidity_.unpin(book_, Side::sell, truth_.price);
        truth_.is_active = false;
    }
    if (!is_between(ns, 60, 65) || truth_.is_active || ns < truth_.next_ns) return;
    truth_.next_ns = ns + 20'000'000'000;
    truth_.until_ns = ns + 2'000'000'000;
    truth_.price = rank_price(Side::sell, 3);
    const double lots = 8 * sizes_.tail_quantile(.01) * lots_per_quote();
    liquidity_.pin(book_, Side::sell, truth_.price, Lots{std::max<std::int64_t>(1, std::llround(lots))});
    truth_.is_active = true;
    ++truth_.done;
}

/// An ask of 500 median orders at rank 8 that rests for 5 minutes, in which the price turns below it, and is then
/// bought whole.
void SymbolMarket::play_wall(std::int64_t ns, const Sink& sink) {
    if (!is_between(ns, 30, 36)) return;
    if (!truth_.is_active && truth_.done == 0) {
        truth_.price = rank_price(Side::sell, 8);
        const double lots = 500 * 2000 * symbol_.size_scale * lots_per_quote();
        liquidity_.pin(book_, Side::sell, truth_.price, Lots{std::max<std::int64_t>(1, std::llround(lots))});
        truth_.is_active = true;
        truth_.done = 1;
    }
    const double below = static_cast<double>(truth_.price.value()) - 3;
    if (truth_.is_active && efficient_ticks_ > below) {
        log_price_ += math::log(below / efficient_ticks_);
        efficient_ticks_ = below;
    }
    if (!truth_.is_active || !is_between(ns, 35, 36)) return;
    truth_.is_active = false;
    const double quote =
        static_cast<double>(liquidity_.pinned_at(Side::sell, truth_.price).value()) / lots_per_quote();
    const Timestamp at = from_ns(ns - kStepNs + 1);
    buy_up_to(truth_.price, at, sink);
    add_impact(at, Side::buy, quote, .5);
}

/// Four buys of 5 times the 99.9 % order, 50 s apart.
void SymbolMarket::play_whale(std::int64_t ns, const Sink& sink) {
    if (!is_between(ns, 70, 73) || truth_.done >= 4 || ns < truth_.next_ns) return;
    truth_.next_ns = ns + 50'000'000'000;
    ++truth_.done;
    const double notional = 5 * sizes_.tail_quantile(.001);
    const Timestamp at = from_ns(ns - kStepNs + 1);
    flow_.record(Side::buy, at);
    order(at, Side::buy, notional, sink);
    add_impact(at, Side::buy, notional, .5);
}

void SymbolMarket::play_thin(std::int64_t ns) {
    const bool is_thin = is_between(ns, 75, 85);
    if (is_thin == truth_.is_active) return;
    truth_.is_active = is_thin;
    liquidity_.thin_out(book_, is_thin ? .2 : 1, is_thin ? 6 : 1);
}

/// Within the minute before +90, longs of 4 % of open interest whose liquidation lies 2 to 4 sd of a minute below the
/// price, so that open interest is seen to rise and then to fall with them; then the jump.
void SymbolMarket::play_cascade(std::int64_t ns) {
    const double minute = minutes_of_truth(ns);
    const bool is_stacking = truth_.done == 0 && minute >= 89.5;
    const bool is_jumping = truth_.done == 1 && minute >= 90;
    if (!is_stacking && !is_jumping) return;
    ++truth_.done;
    const double calm = params_.factor.calm_bps * symbol_.beta;
    const double sigma = std::sqrt(symbol_.idio_bps * symbol_.idio_bps + calm * calm) * 1e-4;
    if (is_stacking) {
        const double price = price_per_tick_now();
        derivatives_.stack_longs(price * (1 - 2 * sigma), price * (1 - 4 * sigma),
                                 .04 * derivatives_.open_interest_base());
        return;
    }
    log_price_ -= 4 * sigma;
    efficient_ticks_ *= 1 - 4 * sigma;
}

void SymbolMarket::play_crowding(std::int64_t ns) {
    const double ramp = std::clamp((minutes_of_truth(ns) - 100) / 60, 0.0, 1.0);
    derivatives_.set_extra_crowding(4 * ramp);
}

}  // namespace vt::sim
