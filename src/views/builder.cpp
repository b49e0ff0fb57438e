#include "views/builder.hpp"

#include "confluence/reasons.hpp"
#include "market/coin_choice.hpp"
#include "views/beta_view.hpp"
#include "views/known_sum.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace vt::views {
namespace {

/// A venue refuses a signed request of a clock that is further ahead.
constexpr Nanos kClockLimit = std::chrono::seconds{1};

constexpr std::size_t kReasons = 3;
constexpr std::size_t kTapeRows = 100;

std::optional<double> times(const std::optional<double>& value, const std::optional<double>& factor) {
    if (!value || !factor) return std::nullopt;
    return *value * *factor;
}

void take_levels(const market::OrderBook& book, market::Side side, std::vector<market::Level>& out) {
    book.walk(side, [&](const market::Level& level) {
        out.push_back(level);
        return out.size() < kBookLevels;
    });
}

std::optional<double> spread_bps(const market::InstrumentState& state) {
    const auto bid = state.book().best(market::Side::buy);
    const auto ask = state.book().best(market::Side::sell);
    const auto mid = state.mid();
    if (!bid || !ask || !mid) return std::nullopt;
    return 1e4 * state.instrument().price(ask->price - bid->price) / *mid;
}

std::vector<std::string> flags_of(const engine::Symbol& symbol) {
    std::vector<std::string> flags;
    for (std::size_t i = 0; i < market::kStreamCount; ++i) {
        if (!symbol.connections[i] || symbol.stream_states[i] == exchange::StreamState::live) continue;
        flags.push_back(std::string(market::name(static_cast<market::Stream>(i))) + " " +
                        std::string(exchange::name(symbol.stream_states[i])));
    }
    if (!symbol.instrument().is_trading()) flags.emplace_back("not trading");
    return flags;
}

void add_feed_rows(std::span<const exchange::StreamStatus> streams, market::Venue venue, Timestamp now,
                   std::vector<FeedRow>& rows) {
    for (const exchange::StreamStatus& status : streams) {
        FeedRow row{.venue = venue,
                    .connection = status.connection.value() & 0x00FF'FFFFU,
                    .stream = status.stream,
                    .instrument = status.instrument,
                    .gaps = status.gaps,
                    .resyncs = status.resyncs,
                    .state = status.state};
        if (status.last_receive_time) row.age = std::max(Nanos{0}, now - *status.last_receive_time);
        rows.push_back(row);
    }
}

void add_clocks(const engine::Engine& engine, Snapshot& snapshot) {
    for (const market::Venue venue : {market::Venue::bybit, market::Venue::binance}) {
        if (const auto offset = engine.clock_offset(venue)) snapshot.clocks.push_back({venue, *offset});
    }
}

void judge_health(Snapshot& snapshot, const std::vector<std::string>& hindrances) {
    std::size_t live = 0, judged = 0;
    std::array<std::size_t, market::kStreamCount> troubled{};
    for (const FeedRow& row : snapshot.feeds) {
        ++judged;
        if (row.state == exchange::StreamState::live) {
            ++live;
        } else {
            ++troubled[static_cast<std::size_t>(row.stream)];
        }
    }
    // The program itself works, or there would be no picture: without a single venue it is degraded, not down.
    snapshot.health = judged > 0 && live == judged ? Health::ok : Health::degraded;
    if (judged == 0) snapshot.reasons.emplace_back("no stream is subscribed yet");
    for (std::size_t i = 0; i < troubled.size(); ++i) {
        if (troubled[i] == 0) continue;
        snapshot.reasons.push_back(std::to_string(troubled[i]) + " " +
                                   std::string(market::name(static_cast<market::Stream>(i))) +
                                   (troubled[i] == 1 ? " stream is not live" : " streams are not live"));
    }
    if (!hindrances.empty()) snapshot.health = Health::degraded;
    snapshot.reasons.insert(snapshot.reasons.end(), hindrances.begin(), hindrances.end());
    for (const ClockRow& clock : snapshot.clocks) {
        if (std::chrono::abs(clock.offset) <= kClockLimit) continue;
        snapshot.reasons.push_back("the clock of " + std::string(market::name(clock.venue)) + " is " +
                                   std::to_string(std::chrono::abs(clock.offset) / std::chrono::milliseconds{1}) +
                                   (clock.offset > Nanos{0} ? " ms ahead of" : " ms behind") +
                                   " this machine's: set the clock (NTP)");
    }
    if (snapshot.dropped > 0)
        snapshot.reasons.push_back(std::to_string(snapshot.dropped) +
                                   " inputs were lost since the start: the engine was too slow");
}

}  // namespace

std::string_view name(MarketMode mode) {
    switch (mode) {
        case MarketMode::live: return "live";
        case MarketMode::demo: return "demo";
        case MarketMode::replay: return "replay";
    }
    return "unknown";
}

std::string_view name(Health health) {
    switch (health) {
        case Health::ok: return "ok";
        case Health::degraded: return "degraded";
        case Health::down: return "down";
    }
    return "unknown";
}

namespace {

std::vector<MarketTotal> market_totals(const std::vector<Row>& rows) {
    struct Sums {
        std::uint32_t instruments = 0;
        KnownSum volume, interest;
    };
    std::map<std::pair<market::Venue, market::Category>, Sums> markets;
    for (const Row& row : rows) {
        Sums& sums = markets[{row.instrument.venue, row.instrument.category}];
        ++sums.instruments;
        sums.volume.add(row.turnover_24h_usd);
        sums.interest.add(row.open_interest_usd);
    }
    std::vector<MarketTotal> totals;
    for (const auto& [key, sums] : markets) {
        totals.push_back({.venue = key.first,
                          .category = key.second,
                          .instruments = sums.instruments,
                          .volume_24h_usd = sums.volume.total(),
                          .open_interest_usd = sums.interest.total()});
    }
    return totals;
}

}  // namespace

std::vector<const Row*> preferred_rows(const std::vector<Row>& rows) {
    std::vector<market::Speaker> speakers;
    speakers.reserve(rows.size());
    for (const Row& row : rows)
        speakers.push_back({&row.instrument, market::voice_of(row.price.has_value(), row.age)});
    std::vector<const Row*> preferred;
    for (const std::size_t index : market::one_of_each_coin(speakers)) {
        if (rows[index].price) preferred.push_back(&rows[index]);
    }
    std::sort(preferred.begin(), preferred.end());  // all of one array
    return preferred;
}

MarketOverview overview_of(const std::vector<Row>& rows) {
    MarketOverview overview{.markets = market_totals(rows)};
    KnownSum change, funding, volume, interest;
    for (const Row* row : preferred_rows(rows)) {
        ++overview.coins_count;
        if (row->instrument.is_bitcoin()) {
            overview.btc_price = row->price;
            overview.btc_change_24h_pct = row->change_24h_pct;
            if (row->score) overview.regime = row->score->regime;
        }
        if (row->change_24h_pct.value_or(0) > 0) ++overview.gainers_count;
        if (row->change_24h_pct.value_or(0) < 0) ++overview.losers_count;
        change.add(row->change_24h_pct);
        funding.add(row->funding_rate);
        volume.add(row->turnover_24h_usd);
        interest.add(row->open_interest_usd);
    }
    overview.average_change_24h_pct = change.mean();
    overview.average_funding_rate = funding.mean();
    overview.total_volume_24h_usd = volume.total();
    overview.total_open_interest_usd = interest.total();
    return overview;
}

std::shared_ptr<const Snapshot> Builder::build(const engine::Engine& engine, const Surroundings& surroundings) {
    auto snapshot = std::make_shared<Snapshot>();
    if (!started_) started_ = surroundings.now;
    snapshot->at = surroundings.now;
    snapshot->publication = ++publications_;
    snapshot->mode = mode_;
    snapshot->uptime = surroundings.now - *started_;
    snapshot->events = engine.counters().events;
    snapshot->rejected = engine.counters().rejected;
    snapshot->dropped = surroundings.dropped;
    known_.resize(engine.symbols().size());
    for (std::size_t i = 0; i < known_.size(); ++i) {
        const engine::Symbol& symbol = *engine.symbols()[i];
        snapshot->rows.push_back(row_of(symbol, surroundings.now));
        refresh_beta(known_[i], symbol);
        snapshot->rows.back().beta = known_[i].beta;
        if (!known_[i].detail || known_[i].revision != symbol.revision) refresh_detail(known_[i], symbol);
        snapshot->details.push_back(known_[i].detail);
    }
    refresh_signals(engine, surroundings.now);
    snapshot->signals = signals_;
    snapshot->trading =
        std::make_shared<const TradingView>(trading_view_of(engine.trading(), talk_, surroundings.now));
    add_feed_rows(engine.bybit_streams(), market::Venue::bybit, surroundings.now, snapshot->feeds);
    add_feed_rows(engine.binance_streams(), market::Venue::binance, surroundings.now, snapshot->feeds);
    snapshot->internals = engine.internals();
    snapshot->overview = overview_of(snapshot->rows);
    snapshot->overview.btc_dominance_tracked_pct = times(snapshot->internals.btc_turnover_share, 100.0);
    snapshot->overview.fear_greed = snapshot->internals.fear_greed;
    snapshot->overview.fear_greed_coverage = snapshot->internals.fear_greed_coverage;
    snapshot->coins = coin_markets(engine, surroundings.now);
    add_clocks(engine, *snapshot);
    snapshot->tiers = surroundings.tiers;
    judge_health(*snapshot, surroundings.hindrances);
    return snapshot;
}

void Builder::refresh_signals(const engine::Engine& engine, Timestamp now) {
    const Timestamp second = floor_to(now, std::chrono::seconds{1});
    if (signals_ && second == signals_at_) return;
    signals_at_ = second;
    std::vector<signals::Signal> shown;
    for (const auto& symbol : engine.symbols()) {
        for (const signals::Signal& signal : symbol->signals().followed())
            if (signal.is_raised()) shown.push_back(signal);
    }
    std::stable_sort(shown.begin(), shown.end(), [](const signals::Signal& a, const signals::Signal& b) {
        return a.confirmed_at > b.confirmed_at;
    });
    if (shown.size() > kSignalsShown) shown.resize(kSignalsShown);
    signals_ = std::make_shared<const std::vector<signals::Signal>>(std::move(shown));
}

Row Builder::row_of(const engine::Symbol& symbol, Timestamp now) const {
    const market::InstrumentState& state = symbol.state();
    const market::Ticker& ticker = state.ticker();
    Row row{.instrument = symbol.instrument()};
    row.price = state.last_price();
    row.change_24h_pct = times(ticker.change_24h, 100.0);
    row.high_24h = ticker.high_24h;
    row.low_24h = ticker.low_24h;
    row.volume_24h = ticker.volume_24h_base;
    row.turnover_24h_usd = ticker.turnover_24h_quote;
    row.funding_rate = ticker.funding_rate;
    const auto interval = ticker.funding_interval ? ticker.funding_interval : symbol.instrument().funding_interval;
    if (interval) row.funding_interval_hours = to_seconds(*interval) / 3600;
    row.next_funding_at = ticker.next_funding_at;
    if (const auto* facts = symbol.analysis().sentiment_facts()) row.funding_zscore = facts->funding_z;
    row.open_interest_usd = times(state.open_interest_base(), ticker.mark_price ? ticker.mark_price : row.price);
    row.open_interest_change_1h_pct = times(state.open_interest_change_1h(now), 100.0);
    row.spread_bps = spread_bps(state);
    row.score = symbol.score;
    row.past = symbol.confluence().past();
    for (std::size_t i = 0; i < symbol.confluence().history().size(); ++i) {
        row.score_history.emplace_back(symbol.confluence().history()[i].at, symbol.confluence().history()[i].score);
    }
    if (row.score->score && !row.score_history.empty())
        row.score_change = *row.score->score - row.score_history.back().second;
    row.age = market::data_age(state, now);
    row.gates = std::make_shared<const std::vector<signals::Gate>>(
        signals::gates(*row.score, row.past, engine::gate_facts(symbol, now), symbol.signals().params()));
    row.gate = stopping_gate(*row.gates);
    row.signal_distance = symbol.signal_distance;
    row.strategies = symbol.strategies;
    row.reasons = confluence::reasons(*row.score, kReasons);
    row.flags = flags_of(symbol);
    return row;
}

void Builder::refresh_beta(Known& known, const engine::Symbol& symbol) {
    const auto* beta = symbol.analysis().bitcoin_beta();
    if (beta == nullptr) {
        known.beta.reset();
        return;
    }
    const auto at_of = [](const auto& lead) { return lead ? std::optional(lead->at) : std::nullopt; };
    const bool is_current = known.beta && known.beta->revision == beta->estimates_revision() &&
                            at_of(known.beta->lead_lag) == at_of(beta->lead_lag());
    if (is_current) return;
    known.beta = std::make_shared<const BetaView>(
        BetaView{.frames = beta->estimates(), .lead_lag = beta->lead_lag(), .revision = beta->estimates_revision()});
}

void Builder::refresh_detail(Known& known, const engine::Symbol& symbol) const {
    const market::InstrumentState& state = symbol.state();
    auto detail = std::make_shared<SymbolDetail>();
    detail->book.state = symbol.stream_states[static_cast<std::size_t>(market::Stream::book)];
    detail->book.generation = state.book().generation();
    detail->book.at = state.last_exchange_time(market::Stream::book).value_or(Timestamp{});
    take_levels(state.book(), market::Side::buy, detail->book.bids);
    take_levels(state.book(), market::Side::sell, detail->book.asks);
    const std::size_t shown = std::min(kTapeRows, state.trades().size());
    for (std::size_t i = state.trades().size() - shown; i < state.trades().size(); ++i) {
        detail->trades.push_back({.at = state.trades()[i].at,
                                  .trade = state.trades()[i].trade,
                                  .sequence = symbol.trade_count - (state.trades().size() - 1 - i)});
    }
    for (const market::Timeframe frame : market::kTimeframes) {
        const auto f = static_cast<std::size_t>(frame);
        const market::CandleSeries& series = state.candles()[frame];
        const bool has_open = !series.empty() && !series.back().is_closed;
        const std::size_t closed = series.size() - (has_open ? 1U : 0U);
        const auto last = closed > 0 ? std::optional(series[closed - 1].open_time) : std::nullopt;
        CandlesView& view = detail->candles[f];
        if (known.detail && known.closed_sizes[f] == closed && known.last_closed[f] == last) {
            view.closed = known.detail->candles[f].closed;
        } else {
            auto candles = std::make_shared<std::vector<market::Candle>>();
            const std::size_t first = closed - std::min(closed, kCandlesShown);
            candles->reserve(closed - first);
            for (std::size_t i = first; i < closed; ++i) candles->push_back(series[i]);
            view.closed = std::move(candles);
            known.closed_sizes[f] = closed;
            known.last_closed[f] = last;
        }
        if (has_open) view.open = series.back();
    }
    share_slow_parts(known, symbol, *detail);
    known.detail = std::move(detail);
    known.revision = symbol.revision;
}

/// What changes seldom is the last picture's as long as it did not.
void Builder::share_slow_parts(Known& known, const engine::Symbol& symbol, SymbolDetail& detail) {
    if (known.detail && known.liquidation_count == symbol.liquidation_count) {
        detail.liquidations = known.detail->liquidations;
    } else {
        const auto& all = symbol.state().liquidations();
        auto shown = std::make_shared<std::vector<market::TimedLiquidation>>();
        for (std::size_t i = all.size() - std::min(all.size(), kLiquidationsShown); i < all.size(); ++i)
            shown->push_back(all[i]);
        detail.liquidations = std::move(shown);
        known.liquidation_count = symbol.liquidation_count;
    }
    if (known.detail && known.minute_revision == symbol.minute_revision) {
        detail.minute = known.detail->minute;
    } else if (!symbol.minutes().empty()) {
        detail.minute = minute_detail_of(symbol);
        known.minute_revision = symbol.minute_revision;
    }
}

}  // namespace vt::views
