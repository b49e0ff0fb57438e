#include "sim/symbol_market.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"
#include "sim/laws.hpp"

#include <algorithm>
#include <cmath>

namespace vt::sim {

using market::Level;
using market::Side;

namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr double kImpact = .6;  // permanent impact, in sd of a minute, of an order of the mean turnover of a minute
/// A liquidation tells nothing about the value: it moves the efficient price like an order a sixteenth its size. With
/// more, cascades feed on themselves until nobody has a position left.
constexpr double kForcedImpact = 1.0 / 16;
/// What impact leaves of the variance for news: 1 - .6^2, so that the whole keeps the stated volatility.
constexpr double kNewsShare = .8;
/// The least scale of the side's tilt, in sd of a second: on fine ticks the half-spread is far below what the price
/// moves in one, and sides tilted by it would all be alike. At 30 the signs' autocorrelation is .19 at lag 1 (.27
/// with 1.5).
constexpr double kTiltSigmas = 30;
constexpr std::uint32_t kEveryChange = 1'000'000;

OrderFlowParams flow_params(const SymbolParams& symbol, const SymbolMarketParams& params) {
    OrderFlowParams flow{.activity = symbol.activity};
    if (symbol.truth == Truth::no_edge || !params.has_metaorders) flow.metaorders_per_second = 0;
    if (symbol.truth == Truth::no_edge) flow.cross_excitation = flow.self_excitation = .525;  // no memory of the side
    return flow;
}

/// Expected turnover of a minute: (base rate + metaorders) / (1 - branching) orders of the mean size.
double mean_minute(const SymbolParams& symbol, const OrderFlowParams& flow) {
    const double branching = (flow.self_excitation + flow.cross_excitation) / flow.decay_per_second;
    const double outside = 2 * flow.base_rate_per_second + flow.metaorders_per_second * 30;
    return 60 * symbol.activity * outside / (1 - branching) * SizeLaw(symbol.size_scale).mean();
}

/// For the history of the factor itself.
SymbolParams without_own_part(SymbolParams symbol) {
    symbol.idio_bps = 0;
    return symbol;
}

double tick_bps(const SymbolParams& symbol) { return symbol.tick_size.to_double() / symbol.price * 1e4; }

LiquidityParams liquidity_params(const SymbolParams& symbol) {
    return LiquidityParams{
        .rate_per_second = 3 * symbol.activity, .size_scale = symbol.size_scale, .tick_bps = tick_bps(symbol)};
}

Nanos cadence(std::uint32_t depth) {
    switch (depth) {
        case 200: return std::chrono::milliseconds{100};
        case 1000: return std::chrono::milliseconds{200};
        default: return kStep;
    }
}

}  // namespace

SymbolMarket::SymbolMarket(std::uint64_t seed, market::InstrumentId id, const SymbolParams& symbol,
                           const SymbolMarketParams& params, FactorLink factor)
    : id_(id),
      symbol_(symbol),
      params_(params),
      tick_(symbol.tick_size.to_double()),
      lot_(symbol.lot_size.to_double()),
      makes_factor_(factor.is_source),
      log_price_(math::log(symbol.price)),
      efficient_ticks_(symbol.price / tick_),
      sizes_(symbol.size_scale),
      news_(seed, "factor", params.factor),
      idio_draws_(seed, stream_name(symbol.symbol, "own returns")),
      size_draws_(seed, stream_name(symbol.symbol, "order sizes")),
      truth_draws_(seed, stream_name(symbol.symbol, "truth")),
      flow_(seed, symbol.symbol, flow_params(symbol, params), params.start),
      liquidity_(seed, symbol.symbol, liquidity_params(symbol)),
      book_(window_ticks(tick_bps(symbol))),
      tape_(seed, factor.is_source ? without_own_part(symbol) : symbol,
            {.start = params.start,
             .mean_minute_quote = mean_minute(symbol, flow_params(symbol, params)),
             .history_minutes = params.history_minutes},
            factor.history),
      derivatives_(seed, symbol,
                   {.start = params.start,
                    .funding_interval = params.funding_interval,
                    .mean_minute_quote = mean_minute(symbol, flow_params(symbol, params))},
                   tape_),
      mean_minute_quote_(mean_minute(symbol, flow_params(symbol, params))),
      trade_id_high_(Prng(seed, stream_name(symbol.symbol, "trade ids")).next()) {
    VT_ASSERT(symbol.lag <= kMaxLag);
    VT_ASSERT(symbol.price > 0);
    book_.reset(Ticks{std::llround(efficient_ticks_)});
    liquidity_.fill(book_, efficient_ticks_, lots_per_quote());
    for (const std::uint32_t depth : params.depths) windows_.emplace_back(depth);
    update_ids_.assign(windows_.size(), 0);
    if (params.writes_every_change) every_change_.emplace(kEveryChange);
    is_listed_ = symbol.truth != Truth::new_listing;
}

void SymbolMarket::emit(Timestamp at, market::EventBody body, const Sink& sink) const {
    if (!sink || !is_listed_) return;
    sink(market::Event{.instrument = id_, .exchange_time = at, .receive_time = at, .body = std::move(body)});
}

void SymbolMarket::step(std::int64_t step, double factor_return, const Sink& sink) {
    const Timestamp now = time_of_step(step);
    move_efficient_price(step, factor_return);
    if (symbol_.truth != Truth::none) play_truth(step, sink);
    liquidity_.step(book_, efficient_ticks_, lots_per_quote());
    flush_changes(now - kStep, sink);
    take_orders(now, sink);
    if (to_ns(now) % kSecondNs == 0) step_second(now, sink);
    publish(step, sink);
}

void SymbolMarket::move_efficient_price(std::int64_t step, double factor_return) {
    const std::int64_t ns = step * kStepNs;
    double move = makes_factor_ ? 0 : beta_at(ns) * factor_return;
    if (step % 5 == 0) {  // every 100 ms
        const bool has_impact = symbol_.truth != Truth::no_edge;
        const double share = has_impact ? kNewsShare : 1;
        double own = makes_factor_ ? news_.next(ns) * share
                                   : student_t4(idio_draws_) * symbol_.idio_bps * 1e-4 * share * std::sqrt(1.0 / 600);
        if (symbol_.truth == Truth::reverting) own -= own_log_ * (1 - half_life_weight(.1, 1800));
        own += planted_return(ns);
        own_log_ += own;
        move += own;
    }
    if (is_price_pinned_ || move == 0) return;
    log_price_ += move;
    efficient_ticks_ = math::exp(log_price_) / tick_;
}

double SymbolMarket::tilt() const {
    if (symbol_.truth == Truth::no_edge) return .5;
    const auto bid = book_.best(Side::buy);
    const auto ask = book_.best(Side::sell);
    if (!bid || !ask) return .5;
    const double middle = static_cast<double>(bid->price.value() + ask->price.value()) / 2;
    const double half_spread = static_cast<double>(ask->price.value() - bid->price.value()) / 2;
    const double second_bps = symbol_.idio_bps / std::sqrt(60.0) * kTiltSigmas;
    const double scale = std::max(half_spread, second_bps * 1e-4 * efficient_ticks_);
    return 1 / (1 + math::exp(-(efficient_ticks_ - middle) / scale));
}

void SymbolMarket::take_orders(Timestamp until, const Sink& sink) {
    while (const auto arrival = flow_.next(until)) {
        const double now_tilt = tilt();
        const double plain = flow_.buy_probability(now_tilt);
        const double expected = flow_.expected_buy_probability(now_tilt, *arrival);
        const double chance = std::clamp(plain + flow_tilt_, 0.0, 1.0);
        const double draw = flow_.uniform();
        const Side side = arrival->side ? *arrival->side : (draw < chance ? Side::buy : Side::sell);
        flow_.record(side, arrival->at);
        const double notional = sizes_.draw(size_draws_);
        order(arrival->at, side, notional, sink);
        add_impact(arrival->at, side, notional, expected);
    }
}

void SymbolMarket::order(Timestamp at, Side taker, double notional, const Sink& sink) {
    const double lots = std::max(1.0, std::round(notional * lots_per_quote()));
    take(at, taker, Lots{static_cast<std::int64_t>(lots)}, sink);
}

void SymbolMarket::take(Timestamp at, Side taker, Lots quantity, const Sink& sink) {
    const Side resting = market::opposite(taker);
    Lots filled{0};
    while (quantity.value() > 0) {
        const auto best = book_.best(resting);
        if (!best) break;
        // The last level of a side is never taken whole: a book has two sides.
        if (book_.level_count(resting) == 1 && quantity >= best->quantity) break;
        const Lots part = std::min(quantity, best->quantity);
        const auto orders = static_cast<double>(book_.orders_at(resting, best->price));
        const double share = static_cast<double>(part.value()) / static_cast<double>(best->quantity.value());
        const Lots removed = book_.remove(resting, best->price, part, static_cast<std::int32_t>(orders * share));
        VT_ASSERT(removed == part);
        liquidity_.filled(book_, resting, best->price);
        tape_.advance(at);
        tape_.on_trade(best->price, part);
        ++sequence_;
        emit(at,
             market::Trade{.id = {.high = trade_id_high_, .low = next_trade_++},
                           .price = best->price,
                           .quantity = part,
                           .aggressor = taker},
             sink);
        flush_changes(at, sink);
        quantity -= part;
        filled += part;
    }
    if (filled.value() > 0) {
        derivatives_.on_taker(static_cast<double>(filled.value()) * lot_, price_per_tick_now());
    }
}

void SymbolMarket::add_impact(Timestamp at, Side taker, double notional, double buy_probability) {
    if (symbol_.truth == Truth::no_edge || is_price_pinned_) return;
    const double sigma = makes_factor_ ? news_.sigma_1m(to_ns(at)) : symbol_.idio_bps * 1e-4;
    // Only what one who knows the flow did not expect moves the price for good: it stays a martingale although sides
    // have memory.
    const double surprise = market::sign(taker) - (2 * buy_probability - 1);
    const double move = kImpact * sigma * std::sqrt(notional / mean_minute_quote_) * surprise;
    log_price_ += move;
    own_log_ += move;
    efficient_ticks_ *= 1 + move;
}

void SymbolMarket::step_second(Timestamp now, const Sink& sink) {
    const auto closed_before = tape_.current().open_time;
    tape_.advance(now);
    if (tape_.current().open_time != closed_before) emit(now, tape_.last_closed(), sink);
    const double share_before = derivatives_.long_share();
    const Timestamp funding_before = derivatives_.next_funding();
    const double rate = derivatives_.funding_rate();
    derivatives_.step_second(now, math::exp(log_price_));
    if (derivatives_.next_funding() != funding_before) emit(now, market::FundingSettlement{.rate = rate}, sink);
    if (derivatives_.long_share() != share_before) {
        const double share = derivatives_.long_share();
        emit(now, market::OpenInterestSample{.base = derivatives_.open_interest_base()}, sink);
        emit(now, market::LongShortRatio{.long_share = share, .short_share = 1 - share}, sink);
    }
    liquidate(now, sink);
    keep_window();
}

void SymbolMarket::liquidate(Timestamp now, const Sink& sink) {
    constexpr std::size_t kMaxWaiting = 4096;
    for (ForcedClose& close : derivatives_.take_forced_closes()) {
        if (forced_.size() < kMaxWaiting) forced_.push_back(close);  // beyond: taken over by the insurance fund
    }
    if (forced_.empty()) return;
    // At most a fifth of what rests within 25 bps on the side that must take it, each second.
    std::array<double, 2> room{};
    for (const Side resting : {Side::buy, Side::sell}) {
        double lots = 0;
        book_.walk(resting, [&](const Level& level) {
            lots += static_cast<double>(level.quantity.value());
            return std::abs(static_cast<double>(level.price.value()) - efficient_ticks_) < efficient_ticks_ * 25e-4;
        });
        room[resting == Side::buy ? 0 : 1] = .2 * lots;
    }
    std::size_t kept = 0;
    for (ForcedClose& close : forced_) {
        const bool is_long = close.side == market::LiquidatedSide::long_position;
        double& left = room[is_long ? 0 : 1];
        const double wanted = std::floor(close.quantity_base / lot_);
        const double lots = std::min(wanted, std::floor(left));
        if (lots >= 1) {
            left -= lots;
            close.quantity_base -= lots * lot_;
            emit(now,
                 market::Liquidation{.side = close.side, .price = close.bankruptcy_price, .quantity = lots * lot_},
                 sink);
            const Side taker = is_long ? Side::sell : Side::buy;
            take(now, taker, Lots{static_cast<std::int64_t>(lots)}, sink);
            flow_.record(taker, now);
            add_impact(now, taker, lots * lot_ * price_per_tick_now() * kForcedImpact, .5);
        }
        if (wanted >= 1 && close.quantity_base >= lot_) forced_[kept++] = close;
    }
    forced_.resize(kept);
}

void SymbolMarket::keep_window() {
    const double moved = efficient_ticks_ - static_cast<double>(book_.centre().value());
    const double reach = static_cast<double>(window_ticks(tick_bps(symbol_))) / 8;
    if (std::abs(moved) < reach) return;
    book_.recentre(Ticks{std::llround(efficient_ticks_)});
    if (book_.level_count(Side::buy) == 0 || book_.level_count(Side::sell) == 0) {
        liquidity_.fill(book_, efficient_ticks_, lots_per_quote());  // the price left the whole window at once
    }
}

void SymbolMarket::flush_changes(Timestamp at, const Sink& sink) {
    if (!every_change_) return;
    const bool is_first = every_change_->bids().empty() && every_change_->asks().empty();
    if (!every_change_->refresh(book_)) return;
    emit(at,
         market::BookUpdate{.is_snapshot = is_first,
                            .update_id = book_.changes(),
                            .bids = every_change_->bid_changes(),
                            .asks = every_change_->ask_changes()},
         sink);
}

void SymbolMarket::publish(std::int64_t step, const Sink& sink) {
    const Timestamp now = time_of_step(step);
    if (!is_listed_ || !sink) return;
    for (std::size_t i = 0; i < windows_.size(); ++i) {
        DepthWindow& window = windows_[i];
        if (to_ns(now) % cadence(window.depth()).count() != 0) continue;
        if (!window.refresh(book_)) continue;
        ++update_ids_[i];
        emit(now,
             market::BookUpdate{.is_snapshot = update_ids_[i] == 1,
                                .depth = window.depth(),
                                .update_id = update_ids_[i],
                                .bids = window.bid_changes(),
                                .asks = window.ask_changes()},
             sink);
    }
    if (step % 5 == 0) publish_ticker(now, sink);
}

void SymbolMarket::publish_ticker(Timestamp now, const Sink& sink) {
    const double last = static_cast<double>(tape_.last_price().value()) * tick_;
    const bool is_second = to_ns(now) % kSecondNs == 0;
    if (last_ticker_ && !is_second && last_ticker_->last_price == last) return;
    market::Ticker ticker{.last_price = last};
    if (is_second || !last_ticker_) {
        const DayStatistics day = tape_.day();
        const double open = static_cast<double>(day.open.value()) * tick_;
        ticker.mark_price = derivatives_.mark_price();
        ticker.index_price = derivatives_.index_price();
        ticker.high_24h = static_cast<double>(day.high.value()) * tick_;
        ticker.low_24h = static_cast<double>(day.low.value()) * tick_;
        ticker.previous_price_24h = open;
        ticker.change_24h = last / open - 1;
        ticker.volume_24h_base = day.volume_base;
        ticker.turnover_24h_quote = day.turnover_quote;
        ticker.open_interest_base = derivatives_.open_interest_base();
        ticker.funding_rate = derivatives_.funding_rate();
        ticker.next_funding_at = derivatives_.next_funding();
        ticker.funding_interval = derivatives_.funding_interval();
    }
    last_ticker_ = ticker;
    emit(now, ticker, sink);
}

}  // namespace vt::sim
