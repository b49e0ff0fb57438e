#include "engine/engine.hpp"

#include "analysis/grid.hpp"
#include "base/assert.hpp"
#include "engine/saved_state.hpp"
#include "signals/signal_codec.hpp"
#include "track_record/edge_codec.hpp"

#include <algorithm>
#include <climits>

namespace vt::engine {
namespace {

std::size_t index_of(market::Venue venue) { return static_cast<std::size_t>(venue); }

}  // namespace

Engine::Engine(Params params)
    : params_(std::move(params)),
      bybit_(params_.bybit, directory_),
      binance_(params_.binance, directory_),
      clocks_{VenueClock(params_.evaluation_delay), VenueClock(params_.evaluation_delay)},
      signal_watch_(params_.signals, params_.alpha),
      trading_(params_.trading) {}

void Engine::step(const Event& event, std::vector<Effect>& effects) {
    ++counters_.events;
    now_ = event.at;
    output_.clear();
    healing_.clear();
    if (event.sequence != last_sequence_ + 1) inputs_missing(event, effects);
    last_sequence_ = event.sequence;
    trading_.advance(event.at);
    std::visit([&](const auto& body) { take(body, event); }, event.body);
    absorb(effects);
    evaluate_due(effects);
    if (auto said = trading_.take_step(event.at)) {
        const auto step = std::make_shared<const TradingStep>(std::move(*said));
        effects.emplace_back(Traded{step});
        occurrence_watch_.on_trading(*step, directory_, effects);
    }
    if (auto answer = std::exchange(trading_answer_, std::nullopt)) effects.emplace_back(std::move(*answer));
}

void Engine::take(const Opened& opened, const Event& event) {
    with_feed(exchange::venue_of(opened.connection),
              [&](auto& feed) { feed.on_open(opened.connection, event.at, output_); });
}

void Engine::take(const FrameReceived& frame, const Event& event) {
    ++counters_.frames;
    with_feed(exchange::venue_of(frame.connection),
              [&](auto& feed) { feed.on_text(frame.connection, frame.text, event.at, event.sequence, output_); });
}

void Engine::take(const Closed& closed, const Event& event) {
    with_feed(exchange::venue_of(closed.connection),
              [&](auto& feed) { feed.on_close(closed.connection, closed.reason, event.at, output_); });
}

void Engine::take(const Replied& replied, const Event& event) {
    with_feed(exchange::venue_of(replied.reply.request),
              [&](auto& feed) { feed.on_reply(replied.reply, event.at, event.sequence, output_); });
}

void Engine::take(const Tick& /*tick*/, const Event& event) {
    bybit_.on_tick(event.at, output_);
    binance_.on_tick(event.at, output_);
    for (const market::Venue venue : {market::Venue::bybit, market::Venue::binance}) {
        VenueClock& clock = clocks_[index_of(venue)];
        if (clock.watermark()) clock.tick(event.at, clock_offset(venue));
    }
    trading_.on_time(event.at);
}

void Engine::take(const Dropped& dropped, const Event& event) {
    counters_.lost += dropped.count;
    with_feed(exchange::venue_of(dropped.connection),
              [&](auto& feed) { feed.on_dropped(dropped.connection, dropped.count, event.at, output_); });
}

void Engine::take(const StartFeed& start, const Event& event) {
    with_feed(start.venue, [&](auto& feed) { feed.start(event.at, output_); });
}

void Engine::take(const ListInstrument& listing, const Event& /*event*/) {
    output_.listings.push_back({listing.instrument});
}

void Engine::take(const LoadState& load, const Event& /*event*/) {
    auto states = split_saved_state(load.state);
    if (!states) {
        output_.rejections.push_back({.source = "saved state", .what = states.error().what});
        return;
    }
    for (auto& [path_id, bytes] : *states) saved_.insert_or_assign(path_id, std::move(bytes));
    saved_shift_ = load.shift;
    for (const auto& symbol : symbols_) restore(*symbol);
}

void Engine::take(const ResumeSignal& resume, const Event& /*event*/) {
    auto signal = signals::decode_signal(resume.signal);
    if (!signal) {
        output_.rejections.push_back(
            {.source = "signal of " + std::string(resume.instrument), .what = signal.error().what});
        return;
    }
    signal_watch_.resume(std::string(resume.instrument), std::move(*signal), symbols_);
}

void Engine::take(const ResumeTrading& resume, const Event& event) {
    auto saved = desk::decode_saved_trading(resume.saved);
    if (!saved) {
        output_.rejections.push_back({.source = "saved trading", .what = saved.error().what});
        return;
    }
    trading_.resume(std::move(*saved), event.at);
}

void Engine::take(const TradingCommand& command, const Event& event) {
    const auto done = trading_.obey(command, event.at);
    trading_answer_ = TradingAnswered{.number = command.number};
    if (!done) trading_answer_->refusal = done.error();
    if (trading_.desk() != nullptr) trading_answer_->mode = trading_.desk()->limits().state().mode();
}

void Engine::take(const EdgeKnown& known, const Event& /*event*/) {
    auto edges = track_record::decode_edges(known.edges);
    if (!edges) {
        output_.rejections.push_back({.source = "edge", .what = edges.error().what});
        return;
    }
    signal_watch_.know(std::move(*edges), symbols_);
}

template <class Call>
void Engine::with_feed(market::Venue venue, Call&& call) {
    switch (venue) {
        case market::Venue::bybit: call(bybit_); return;
        case market::Venue::binance: call(binance_); return;
    }
    output_.rejections.push_back({.source = "event", .what = "it names a venue that does not exist"});
}

std::optional<Nanos> Engine::clock_offset(market::Venue venue) const {
    return venue == market::Venue::bybit ? bybit_.clock_offset() : binance_.clock_offset();
}

bool Engine::is_backfilled(market::Venue venue) const {
    return venue == market::Venue::bybit ? bybit_.is_backfilled() : binance_.is_backfilled();
}

std::optional<Nanos> Engine::connection_age(exchange::ConnectionId connection) const {
    return exchange::venue_of(connection) == market::Venue::bybit ? bybit_.connection_age(connection, now_)
                                                                  : binance_.connection_age(connection, now_);
}

/// A hole in a recording: what every connection said meanwhile is unknown.
void Engine::inputs_missing(const Event& event, std::vector<Effect>& effects) {
    const std::uint64_t count = event.sequence - last_sequence_ - 1;
    counters_.lost += count;
    effects.push_back(InputsLost{count});
    std::vector<exchange::ConnectionId> connections;
    for (const auto& symbol : symbols_) {
        for (const auto& connection : symbol->connections) {
            if (connection && std::find(connections.begin(), connections.end(), *connection) == connections.end()) {
                connections.push_back(*connection);
            }
        }
    }
    for (const exchange::ConnectionId connection : connections) {
        with_feed(exchange::venue_of(connection),
                  [&](auto& feed) { feed.on_dropped(connection, count, event.at, output_); });
    }
}

void Engine::absorb(std::vector<Effect>& effects) {
    for (const exchange::Listed& listed : output_.listings) list(listed.instrument);
    for (const market::Event& fact : output_.events) apply(fact, effects);
    // Healing a crossed book says what to do (subscribe anew) and that the book is gone; it brings no new facts but
    // that.
    for (const market::Event& fact : healing_.events) apply(fact, effects);
    pass_on(output_, effects);
    pass_on(healing_, effects);
}

void Engine::list(const market::Instrument& instrument) {
    const market::InstrumentId id = directory_.list(instrument);
    cross_venues_.on_listed();
    if (id.value() < symbols_.size()) {
        symbols_[id.value()]->relist(directory_[id]);
        trading_.on_listed(*symbols_[id.value()], now_);
        return;
    }
    VT_ASSERT(id.value() == symbols_.size());
    symbols_.push_back(std::make_unique<Symbol>(directory_[id], params_.confluence, params_.signals));
    order_.push_back(id);
    // Several markets of Bitcoin: the one that speaks for it goes first.
    const auto rank = [&](market::InstrumentId each) {
        const market::Instrument& one = directory_[each];
        return one.is_bitcoin() ? market::preference(one) : INT_MAX;
    };
    std::stable_sort(order_.begin(), order_.end(),
                     [&](market::InstrumentId a, market::InstrumentId b) { return rank(a) < rank(b); });
    restore(*symbols_.back());
    signal_watch_.on_listed(*symbols_.back());
    trading_.on_listed(*symbols_.back(), now_);
}

void Engine::restore(Symbol& symbol) {
    const auto saved = saved_.find(symbol.instrument().path_id());
    if (saved == saved_.end()) return;
    if (const auto loaded = symbol.analysis().load(saved->second, saved_shift_); !loaded) {
        output_.rejections.push_back(
            {.source = "saved state of " + symbol.instrument().symbol, .what = loaded.error().what});
    }
    // Moved in time: the demo market's warm state, whose prices are those of the end of another session.
    if (saved_shift_ != Nanos{0}) symbol.analysis().begin_prices_anew();
    beta_cross_section_.on_loaded(symbol.instrument().venue);
    saved_.erase(saved);
}

void Engine::apply(const market::Event& fact, std::vector<Effect>& effects) {
    Symbol& symbol = *symbols_[fact.instrument.value()];
    // History (candles, samples, settlements) speaks of the past and of the venue's schedule, not of now.
    const bool is_live = !std::holds_alternative<market::Candle>(fact.body) &&
                         !std::holds_alternative<market::FundingSettlement>(fact.body) &&
                         !std::holds_alternative<market::OpenInterestSample>(fact.body) &&
                         !std::holds_alternative<market::LongShortRatio>(fact.body);
    if (is_live) {
        clocks_[index_of(symbol.instrument().venue)].observe(fact.exchange_time, now_);
        evaluate_due(effects);  // before the record that made the second due
    }
    if (symbol.apply(fact)) {
        with_feed(symbol.instrument().venue,
                  [&](auto& feed) { feed.on_book_crossed(fact.instrument, now_, healing_); });
    }
    if (is_live) trading_.on_market(fact, symbol, now_);
}

void Engine::pass_on(exchange::Output& output, std::vector<Effect>& effects) {
    for (const exchange::Listed& listed : output.listings) effects.emplace_back(listed);
    for (exchange::StreamChanged& change : output.changes) effects.emplace_back(std::move(change));
    counters_.rejected += output.rejections.size();
    for (exchange::Rejected& rejection : output.rejections) effects.emplace_back(std::move(rejection));
    for (exchange::Action& action : output.actions) {
        std::visit([&](auto& one) { effects.emplace_back(std::move(one)); }, action);
    }
}

void Engine::evaluate_due(std::vector<Effect>& effects) {
    for (const market::Venue venue : {market::Venue::bybit, market::Venue::binance}) {
        while (const auto due = clocks_[index_of(venue)].next_due()) evaluate_second(venue, *due, effects);
    }
}

void Engine::evaluate_second(market::Venue venue, VenueClock::Due due, std::vector<Effect>& effects) {
    gather_stream_states();
    cross_venues_.refresh(directory_.all());
    btc_return_bps_.reset();
    bitcoin_ = nullptr;
    bitcoin_inputs_ = {};
    beta_cross_section_.prepare(venue, symbols_);
    for (const market::InstrumentId id : order_) {
        Symbol& symbol = *symbols_[id.value()];
        if (symbol.instrument().venue != venue) continue;
        if (due.is_after_skip) symbol.analysis().skip_to(due.second);
        evaluate_symbol(symbol, due.second, effects);
    }
    beta_cross_section_.refresh(venue, due.second, symbols_);
    signal_watch_.measure(venue, due.second, symbols_);
    occurrence_watch_.on_streams(venue, due.second, symbols_, effects);
    if (floor_to(due.second, analysis::kMinute) == due.second) market_watch_.refresh(symbols_, due.second);
}

void Engine::evaluate_symbol(Symbol& symbol, Timestamp second, std::vector<Effect>& effects) {
    ++counters_.evaluations;
    const market::Instrument& instrument = symbol.instrument();
    symbol.close_bars(second, is_backfilled(instrument.venue));
    const analysis::EvaluationInputs inputs = evaluation_inputs(symbol, second);
    symbol.trades_connection_age = inputs.trades_connection_age;
    symbol.clock_offset = inputs.clock_offset;
    symbol.alpha_p = inputs.bitcoin.alpha_p;
    const analysis::Evaluation found = symbol.analysis().evaluate(second, symbol.state().book(), inputs);
    cross_venues_.record(instrument.id, second, symbol.has_live_book() ? found.mid : std::nullopt);
    const auto close_minute = [&](const analysis::MinuteFeatures& minute) {
        auto kept = std::make_shared<const analysis::MinuteFeatures>(minute);
        symbol.keep_minute(kept);
        effects.emplace_back(MinuteClosed{instrument.id, std::move(kept)});
    };
    while (const auto missing = symbol.analysis().next_missing_minute()) close_minute(*missing);
    if (found.closed_minute != nullptr) {
        if (instrument.is_bitcoin() && !btc_return_bps_) btc_return_bps_ = found.closed_minute->ret_mid_bps_1m;
        close_minute(*found.closed_minute);
    }
    const confluence::Opinions opinions{.at = second,
                                        .dimensions = found.dimensions,
                                        .memberships = found.memberships,
                                        .quality = found.quality,
                                        .market = found.market,
                                        .first_sequences = found.first_sequences,
                                        .has_stream_change = symbol.has_stream_change,
                                        .has_resync_change = symbol.has_resync_change};
    symbol.score = symbol.confluence().evaluate(opinions);
    symbol.has_stream_change = symbol.has_resync_change = false;
    ++symbol.revision;
    if (!symbol.score->causes.empty()) effects.emplace_back(Scored{instrument.id, symbol.score});
    const std::size_t before = effects.size();
    signal_watch_.on_second(symbol, second, now_, symbols_, effects);
    for (std::size_t i = before; i < effects.size(); ++i) {
        const auto* signalled = std::get_if<Signalled>(&effects[i]);
        if (signalled != nullptr && signalled->change->change == signals::Change::raised)
            trading_.on_signal(signalled->change->signal, symbol, now_);
    }
    occurrence_watch_.on_second(symbol, second, effects, before);
    if (instrument.is_bitcoin()) {
        if (bitcoin_ == nullptr) speak_for_bitcoin(symbol, found);
    } else if (bitcoin_ != nullptr && floor_to(second, analysis::kMinute) == second &&
               is_backfilled(instrument.venue)) {
        symbol.pair_bars_with(*bitcoin_);
    }
}

/// What the venue's others are told of Bitcoin at this second, by the first of its markets.
void Engine::speak_for_bitcoin(const Symbol& symbol, const analysis::Evaluation& found) {
    bitcoin_ = &symbol;
    if (symbol.has_live_book()) {
        bitcoin_inputs_.mid = found.mid;
        bitcoin_inputs_.mid_age = found.mid_age;
    }
    bitcoin_inputs_.score = symbol.score->score;
    bitcoin_inputs_.coverage = symbol.score->coverage;
}

analysis::EvaluationInputs Engine::evaluation_inputs(const Symbol& symbol, Timestamp second) const {
    const auto state_of = [&](market::Stream stream) {
        return symbol.stream_states[static_cast<std::size_t>(stream)];
    };
    const auto age_of = [&](market::Stream stream) -> std::optional<Nanos> {
        const auto connection = symbol.connections[static_cast<std::size_t>(stream)];
        if (!connection) return std::nullopt;
        return connection_age(*connection);
    };
    analysis::EvaluationInputs inputs;
    inputs.trades_connection_age = age_of(market::Stream::trades);
    inputs.liquidations_connection_age = age_of(market::Stream::liquidations);
    inputs.trades_missing =
        inputs.trades_connection_age.has_value() && state_of(market::Stream::trades) != exchange::StreamState::live;
    inputs.btc_ret_bps_1m = btc_return_bps_;
    inputs.clock_offset = clock_offset(symbol.instrument().venue);
    inputs.is_trading = symbol.instrument().is_trading();
    inputs.other_venue_bps = other_venue_bps(symbol);
    inputs.bitcoin = bitcoin_inputs_;
    beta_cross_section_.tell(symbol.instrument(), inputs.bitcoin);
    if (const MarketInternals& market = internals(); market.fear_greed) {
        inputs.fear_and_greed = analysis::FearAndGreed(*market.fear_greed, market.fear_greed_coverage,
                                                       std::max(Nanos{0}, second - market.at));
    }
    return inputs;
}

std::optional<double> Engine::other_venue_bps(const Symbol& symbol) const {
    const market::CrossVenueMap& map = cross_venues_.map();
    const auto mid_of = [&](const Symbol& one) -> std::optional<double> {
        const auto mid = one.has_live_book() ? one.state().mid() : std::nullopt;
        return mid ? std::optional(*mid / map.units(one.instrument().id)) : std::nullopt;
    };
    const auto own = mid_of(symbol);
    if (!own) return std::nullopt;
    for (const market::InstrumentId other : map.counterparts(symbol.instrument().id)) {
        if (const auto mid = mid_of(*symbols_[other.value()])) return market::basis_bps(*own, *mid);
    }
    return std::nullopt;
}

void Engine::gather_stream_states() {
    const auto gather = [&](std::span<const exchange::StreamStatus> streams) {
        for (const exchange::StreamStatus& status : streams) {
            Symbol& symbol = *symbols_[status.instrument.value()];
            exchange::StreamState& known = symbol.stream_states[static_cast<std::size_t>(status.stream)];
            if (known != status.state) symbol.has_stream_change = true;
            const bool was_resyncing = known == exchange::StreamState::resyncing;
            const bool is_resyncing = status.state == exchange::StreamState::resyncing;
            if (status.stream == market::Stream::book && was_resyncing != is_resyncing)
                symbol.has_resync_change = true;
            known = status.state;
            symbol.connections[static_cast<std::size_t>(status.stream)] = status.connection;
        }
    };
    gather(bybit_.streams());
    gather(binance_.streams());
}

void Engine::save(std::string& out) const {
    std::vector<SavedState> states;
    for (const auto& symbol : symbols_) {
        SavedState& state = states.emplace_back();
        state.path_id = symbol->instrument().path_id();
        symbol->analysis().save(state.bytes);
    }
    join_saved_states(states, out);
}

}  // namespace vt::engine
