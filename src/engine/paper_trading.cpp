#include "engine/paper_trading.hpp"

#include "analysis/bitcoin_beta/bitcoin_beta.hpp"
#include "base/math.hpp"
#include "engine/signal_odds.hpp"
#include "engine/signal_watch.hpp"
#include "execution/trade_codec.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace vt::engine {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMinutes = 60;
constexpr double kMinutesMin = 30;
constexpr Nanos kTermsEvery = 1s;
/// Instruments are listed soon after the start, or are not followed any more.
constexpr Nanos kMissingAfter = 1min;

Ticks to_ticks(const market::Instrument& instrument, double price) {
    return Ticks{static_cast<std::int64_t>(std::llround(price / instrument.tick()))};
}

/// From the returns of the last hour's closed minutes. out: absent under half an hour of them
std::optional<double> annual_volatility(const Symbol& symbol) {
    const auto& minutes = symbol.state().candles()[market::Timeframe::m1];
    double n = 0, sum = 0, squares = 0;
    for (std::size_t i = minutes.size() - std::min(minutes.size(), kMinutes); i + 1 < minutes.size(); ++i) {
        const market::Candle one = minutes[i];
        const market::Candle next = minutes[i + 1];
        if (!next.is_closed || next.open_time - one.open_time != Nanos{1min}) continue;
        const double move = math::log(next.close / one.close);
        ++n;
        sum += move;
        squares += move * move;
    }
    if (n < kMinutesMin) return std::nullopt;
    const double variance = (squares - sum * sum / n) / (n - 1);
    return risk::annualised(std::sqrt(std::max(0.0, variance)), 1min);
}

std::vector<execution::Attribution> attribution_of(const confluence::ScoreRecord& record) {
    double whole = 0;
    for (const auto& part : record.parts) whole += part.contribution;
    std::vector<execution::Attribution> shares;
    if (whole == 0) return shares;
    for (std::size_t i = 0; i < record.parts.size(); ++i)
        if (record.parts[i].contribution != 0)
            shares.push_back({std::string(analysis::name(static_cast<analysis::Dimension>(i))),
                              record.parts[i].contribution / whole});
    return shares;
}

}  // namespace

std::string_view name(TradingWish wish) {
    switch (wish) {
        case TradingWish::halt: return "halt";
        case TradingWish::flatten: return "flatten";
        case TradingWish::reduce: return "reduce";
        case TradingWish::release: return "release";
        case TradingWish::close: return "close";
        case TradingWish::end_reducing: return "end_reducing";
        case TradingWish::cancel: return "cancel";
    }
    return "unknown";
}

PaperTrading::PaperTrading(const TradingParams& params) : params_(params) {}

bool PaperTrading::is_tradable(const market::Instrument& instrument) const {
    return params_.is_on && instrument.venue == market::Venue::bybit &&
           instrument.category == market::Category::linear && instrument.settle == params_.currency;
}

void PaperTrading::resume(desk::SavedTrading saved, Timestamp /*now*/) {
    if (params_.is_on && desk_ == nullptr) saved_ = std::move(saved);
}

void PaperTrading::on_listed(const Symbol& symbol, Timestamp now) {
    const market::Instrument& instrument = symbol.instrument();
    if (!is_tradable(instrument)) return;
    const bool is_new = listed_.emplace(instrument.id, &symbol).second;
    if (desk_ == nullptr) return;
    if (is_new) venue_->follow(symbol.state());
    desk_->on_instrument(instrument, now);
    pump(now);
}

std::vector<std::string> PaperTrading::missing() const {
    std::vector<std::string> names;
    if (!saved_) return names;
    for (const desk::SavedRecord& trade : saved_->trades) {
        const bool is_there = std::ranges::any_of(
            listed_, [&](const auto& each) { return each.second->instrument().path_id() == trade.instrument; });
        if (!is_there) names.push_back(trade.instrument);
    }
    return names;
}

void PaperTrading::give_up(const Error& error) {
    given_up_ = error.what;
    desk_.reset();
    venue_.reset();
    said_.emplace_back(execution::Warning{execution::WarningKind::not_resumed, std::nullopt, error.what});
}

void PaperTrading::begin(Timestamp now) {
    const desk::SavedTrading saved = saved_.value_or(desk::SavedTrading{});
    venue_ = std::make_unique<paper::Venue>(params_.venue);
    desk_ = std::make_unique<desk::Desk>(params_.desk, saved.numbering, params_.currency);
    const auto id_of = [&](const std::string& path_id) {
        const auto at = std::ranges::find_if(
            listed_, [&](const auto& each) { return each.second->instrument().path_id() == path_id; });
        return at->first;
    };
    for (const auto& [id, symbol] : listed_) {
        venue_->follow(symbol->state());
        desk_->on_instrument(symbol->instrument(), now);
    }
    if (!saved.limits.empty()) desk_->restore_limits(saved.limits, now);
    if (!saved.venue.empty())
        if (const auto restored = venue_->restore(saved.venue); !restored) return give_up(restored.error());
    for (const desk::SavedRecord& record : saved.trades) {
        auto trade = execution::decode_trade(record.bytes, id_of(record.instrument));
        if (!trade) return give_up(trade.error());
        std::vector<trading::Order::Facts> orders;
        for (const desk::SavedRecord& each : saved.orders) {
            if (each.trade != record.trade) continue;
            auto order = execution::decode_order(each.bytes, id_of(record.instrument));
            if (!order) return give_up(order.error());
            orders.push_back(std::move(*order));
        }
        desk_->resume(std::move(*trade), std::move(orders), now);
    }
    saved_.reset();
    desk_->begin(now);
    if (early_halt_) desk_->halt(early_halt_->flattens, early_halt_->who, early_halt_->reason, now);
    early_halt_.reset();
    pump(now);
}

void PaperTrading::advance(Timestamp now) {
    if (venue_) venue_->advance(now);
}

void PaperTrading::on_market(const market::Event& event, const Symbol& symbol, Timestamp now) {
    if (desk_ == nullptr || !listed_.contains(event.instrument)) return;
    venue_->on_market(event);
    if (const auto* trade = std::get_if<market::Trade>(&event.body))
        desk_->on_price(symbol.instrument().id, trade->price, now);
    pump(now);
}

risk::ClusterId PaperTrading::cluster_of(const Symbol& symbol) const {
    const auto id = symbol.instrument().id;
    if (const auto known = clusters_.find(id); known != clusters_.end()) return known->second;
    for (const auto& [other, cluster] : clusters_)
        if (minute_correlation(symbol, *listed_.at(other)).value_or(1) >= params_.cluster_correlation) return cluster;
    return risk::ClusterId{id.value()};
}

risk::MarketTerms PaperTrading::terms_of(const Symbol& symbol) {
    risk::MarketTerms terms{.cluster = cluster_of(symbol),
                            .moves = past_.moves(symbol.instrument().id, symbol.state().candles())};
    if (const auto& mark = symbol.state().ticker().mark_price) terms.mark = to_ticks(symbol.instrument(), *mark);
    if (symbol.instrument().is_bitcoin()) {
        terms.beta_bound = 1;
        return terms;
    }
    const auto* const beta = symbol.analysis().bitcoin_beta();
    if (beta == nullptr) return terms;
    // the largest of the timeframes: which of them holds while a trade is open nobody knows
    for (const auto& frame : beta->estimates())
        if (frame) terms.beta_bound = std::max(terms.beta_bound.value_or(0), std::abs(frame->upper_beta()));
    return terms;
}

void PaperTrading::on_signal(const signals::Signal& signal, const Symbol& symbol, Timestamp now) {
    if (desk_ == nullptr) return;
    const market::InstrumentState& state = symbol.state();
    const auto bid = symbol.has_live_book() ? state.book().best(market::Side::buy) : std::nullopt;
    const auto ask = symbol.has_live_book() ? state.book().best(market::Side::sell) : std::nullopt;
    const auto age_of = [&](market::Stream stream) -> std::optional<Nanos> {
        const auto at = state.last_receive_time(stream);
        return at ? std::optional(std::max(Nanos{0}, now - *at)) : std::nullopt;
    };
    const risk::MarketTerms terms = terms_of(symbol);
    risk::MarketView view{.instrument = symbol.instrument(), .terms = terms};
    if (bid && ask) {
        view.spread_bps = 2e4 * static_cast<double>((ask->price - bid->price).value()) /
                          static_cast<double>((ask->price + bid->price).value());
        view.book_age = age_of(market::Stream::book);
    }
    view.mark_age = age_of(market::Stream::ticker);
    view.venue_latency = params_.venue.latency.least + params_.venue.latency.mean_above;
    view.is_venue_degraded = false;  // the simulated venue is this program
    view.annual_volatility = annual_volatility(symbol);
    view.turnover_24h = state.ticker().turnover_24h_quote;
    clusters_.insert_or_assign(symbol.instrument().id, *terms.cluster);
    desk_->on_terms(symbol.instrument().id, terms);
    desk::Idea idea{.signal = signal, .attribution = attribution_of(*symbol.score)};
    if (const auto* edge = track_record::edge_named(symbol.edges.get(), signal.strategy)) {
        idea.chance = win_chance(signal, *edge);
        idea.health = edge_health(*edge);
    }
    desk_->on_signal(idea, view, now);
    pump(now);
}

void PaperTrading::tell_terms(Timestamp now) {
    if (terms_at_ && now - *terms_at_ < kTermsEvery) return;
    terms_at_ = now;
    std::erase_if(clusters_, [&](const auto& each) {
        return std::ranges::none_of(desk_->executor().trades(), [&](const auto& trade) {
            return trade.second.plan.instrument == each.first && !trade.second.ended_at;
        });
    });
    for (const auto& [id, trade] : desk_->executor().trades()) {
        if (trade.ended_at) continue;
        const Symbol& symbol = *listed_.at(trade.plan.instrument);
        const risk::MarketTerms terms = terms_of(symbol);
        clusters_.insert_or_assign(trade.plan.instrument, *terms.cluster);
        desk_->on_terms(trade.plan.instrument, terms);
    }
}

void PaperTrading::on_time(Timestamp now) {
    if (!params_.is_on || !given_up_.empty() || listed_.empty()) return;
    if (desk_ == nullptr) {
        if (missing().empty()) return begin(now);
        if (!waiting_since_) waiting_since_ = now;
        if (now - *waiting_since_ < kMissingAfter) return;
        std::string names;
        for (const std::string& each : missing()) names += " " + each;
        return give_up(
            {Errc::not_found, "nothing is traded: a trade is open in" + names +
                                  ", which is not followed: follow it again (--symbols, [bybit]), or begin "
                                  "with a new account (`virtuoso paper reset`)"});
    }
    tell_terms(now);
    desk_->on_time(now);
    pump(now);
}

void PaperTrading::pump(Timestamp now) {
    for (bool is_busy = true; is_busy;) {
        is_busy = false;
        for (desk::Output& output : desk_->take_outputs()) {
            is_busy = true;
            if (const auto* request = std::get_if<trading::Request>(&output)) {
                venue_->submit(*request, now);
            } else {
                said_.push_back(std::move(output));
            }
        }
        for (const trading::Report& report : venue_->take_reports()) {
            is_busy = true;
            desk_->on_report(report, now);
        }
    }
}

Result<void> PaperTrading::obey(const TradingCommand& command, Timestamp now) {
    const auto& [number, wish, trade, order, who, reason] = command;
    if (!given_up_.empty()) return fail(Errc::unavailable, given_up_);
    if (!params_.is_on) return fail(Errc::unavailable, "nothing is traded: start with `--trade paper`");
    if (desk_ == nullptr) {
        const bool is_halt = wish == TradingWish::halt || wish == TradingWish::flatten;
        if (!is_halt) return fail(Errc::unavailable, "trading has not begun yet: ask again once markets are listed");
        early_halt_ = {.flattens = wish == TradingWish::flatten || (early_halt_ && early_halt_->flattens),
                       .who = std::string(who),
                       .reason = std::string(reason)};
        return fail(Errc::unavailable,
                    "trading has not begun yet: in this run it will be halted from the first moment, but the next "
                    "start would not know; ask again once markets are listed, or put the file KILL "
                    "(trading.kill_file) in its place");
    }
    Result<void> done;
    switch (wish) {
        case TradingWish::halt: desk_->halt(false, who, reason, now); break;
        case TradingWish::flatten: desk_->halt(true, who, reason, now); break;
        case TradingWish::reduce: desk_->reduce(who, reason, now); break;
        case TradingWish::release: done = desk_->release(who, reason, now); break;
        case TradingWish::close: done = desk_->close(trade, now); break;
        case TradingWish::end_reducing: done = desk_->end_reducing(who, reason, now); break;
        case TradingWish::cancel: done = desk_->cancel(order, now); break;
    }
    pump(now);
    return done;
}

std::optional<TradingStep> PaperTrading::take_step(Timestamp now) {
    if (said_.empty()) return std::nullopt;
    TradingStep step{.at = now, .outputs = std::exchange(said_, {})};
    if (desk_ != nullptr) {
        step.limits = desk_->encode_limits();
        venue_->encode(step.venue);
    }
    return step;
}

}  // namespace vt::engine
