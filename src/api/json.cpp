#include "api/json.hpp"

#include "api/internals_json.hpp"
#include "api/strategies_json.hpp"
#include "base/decimal.hpp"
#include "confluence/changes.hpp"
#include "confluence/explanation.hpp"
#include "confluence/flips.hpp"
#include "confluence/score_record.hpp"
#include "confluence/wording.hpp"
#include "signals/gates.hpp"
#include "views/beta_view.hpp"
#include "views/builder.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace vt::api {
namespace {

using views::MarketOverview;
using views::Row;
using views::Snapshot;

constexpr std::size_t kMovers = 5;

std::int64_t whole_ms(Nanos span) { return std::chrono::floor<std::chrono::milliseconds>(span).count(); }

/// Whole seconds, so that a quiet table does not change ten times a second; exact below one.
std::int64_t calm_age_ms(Nanos age) { return std::chrono::floor<std::chrono::seconds>(age).count() * 1000; }

void write_dimensions(JsonWriter& out, const Row& row) {
    out.begin_object();
    for (std::size_t d = 0; d < analysis::kDimensionCount; ++d) {
        const auto dimension = static_cast<analysis::Dimension>(d);
        out.field(analysis::name(dimension), row.score->parts[d].opinion.score);
    }
    out.end_object();
}

void write_dimensions_that_are(JsonWriter& out, const Row& row, analysis::Membership membership) {
    out.begin_array();
    for (std::size_t d = 0; d < analysis::kDimensionCount; ++d) {
        if (row.score->parts[d].membership == membership)
            out.value(analysis::name(static_cast<analysis::Dimension>(d)));
    }
    out.end_array();
}

void write_texts(JsonWriter& out, const std::vector<std::string>& texts) {
    out.begin_array();
    for (const std::string& text : texts) out.value(text);
    out.end_array();
}

void write_direction(JsonWriter& out, const confluence::ScoreRecord& score) {
    if (score.direction) {
        out.value(confluence::name(*score.direction));
    } else {
        out.null();
    }
}

void write_warming(JsonWriter& out, const confluence::ScoreRecord& score) {
    if (score.score || !score.ready_in) {
        out.null();
        return;
    }
    out.begin_object().field("ready_in_seconds", std::chrono::ceil<std::chrono::seconds>(*score.ready_in).count());
    out.field("text", "warming, ready in " + confluence::countdown(*score.ready_in)).end_object();
}

void write_market_totals(JsonWriter& out, const std::vector<views::MarketTotal>& markets) {
    out.begin_array();
    for (const views::MarketTotal& total : markets) {
        out.begin_object()
            .field("exchange", market::name(total.venue))
            .field("category", market::name(total.category))
            .field("instruments_count", total.instruments)
            .field("volume_24h_usd", total.volume_24h_usd)
            .field("open_interest_usd", total.open_interest_usd)
            .end_object();
    }
    out.end_array();
}

std::optional<std::int64_t> evaluated_at_ms(const confluence::ScoreRecord& score) {
    return score.is_evaluated() ? std::optional(to_ms(score.at)) : std::nullopt;
}

std::optional<double> of_score(const Row& row, std::optional<double> confluence::ScoreRecord::* member) {
    return (*row.score).*member;
}

void write_flips(JsonWriter& out, const confluence::ScoreRecord& record, const confluence::Params& params) {
    out.key("flips").begin_array();
    for (const confluence::Flip& flip : confluence::flips(record, params)) {
        std::string leaf;
        for (const std::string_view component : flip.components)
            leaf += (leaf.empty() ? "" : " + ") + std::string(component);
        if (flip.frame) leaf += " " + std::string(analysis::name(*flip.frame));
        out.begin_object().field("kind", confluence::name(flip.kind)).field("target", flip.target);
        out.field("dimension", analysis::name(flip.dimension)).field("leaf", leaf);
        out.field("from_score", flip.from_score).field("to_score", flip.to_score);
        out.field("from_value", flip.from_value)
            .field("to_value", flip.to_value)
            .field("unit", flip.unit)
            .end_object();
    }
    out.end_array();
}

void write_identity(JsonWriter& out, const Snapshot& snapshot, std::size_t row) {
    const market::Instrument& instrument = snapshot.rows[row].instrument;
    out.field("id", instrument.path_id())
        .field("symbol", instrument.unified_symbol())
        .field("timestamp", to_ms(snapshot.at));
}

void write_level(JsonWriter& out, const market::Level& level, const market::Instrument& instrument) {
    // Counted in steps, so that no price ends in ...00000000004.
    out.begin_array()
        .raw(format_steps(level.price.value(), instrument.tick_size))
        .raw(format_steps(level.quantity.value(), instrument.lot_size))
        .end_array();
}

/// Members of the contract whose engine is not part of this version: the value is not known, so it is null.
template <class View>
constexpr Member<View> not_known(std::string_view name, std::string_view type) {
    return {name, type, "null in this version", [](JsonWriter& out, const View&) { out.null(); }};
}

/// A figure of the beta estimates that stand for all frames; absent where there are none.
template <class Of>
std::optional<double> of_beta(const Row& row, Of&& of) {
    if (!row.beta || !row.beta->shown()) return std::nullopt;
    return of(*row.beta->shown());
}

constexpr std::array kRowMembers =
    {
        Member<Row>{"symbol", "string", "unified symbol",
                    [](JsonWriter& out, const Row& r) { out.value(r.instrument.unified_symbol()); }},
        Member<Row>{"exchange", "string", "venue",
                    [](JsonWriter& out, const Row& r) { out.value(market::name(r.instrument.venue)); }},
        Member<Row>{"tick_size", "number", "price step, quote currency",
                    [](JsonWriter& out, const Row& r) { out.value(r.instrument.tick()); }},
        Member<Row>{"price", "number|null", "last price, quote currency",
                    [](JsonWriter& out, const Row& r) { out.value(r.price); }},
        Member<Row>{"change_24h_pct", "number|null", "percent",
                    [](JsonWriter& out, const Row& r) { out.value(r.change_24h_pct); }},
        Member<Row>{"high_24h", "number|null", "quote currency",
                    [](JsonWriter& out, const Row& r) { out.value(r.high_24h); }},
        Member<Row>{"low_24h", "number|null", "quote currency",
                    [](JsonWriter& out, const Row& r) { out.value(r.low_24h); }},
        Member<Row>{"volume_24h", "number|null", "base currency",
                    [](JsonWriter& out, const Row& r) { out.value(r.volume_24h); }},
        Member<Row>{"turnover_24h_usd", "number|null", "quote currency",
                    [](JsonWriter& out, const Row& r) { out.value(r.turnover_24h_usd); }},
        Member<Row>{"funding_rate", "number|null", "fraction for its interval",
                    [](JsonWriter& out, const Row& r) { out.value(r.funding_rate); }},
        Member<Row>{"funding_interval_hours", "number|null", "hours",
                    [](JsonWriter& out, const Row& r) { out.value(r.funding_interval_hours); }},
        Member<Row>{"next_funding_at", "integer|null", "ms UTC",
                    [](JsonWriter& out, const Row& r) {
                        out.value(r.next_funding_at ? std::optional(to_ms(*r.next_funding_at)) : std::nullopt);
                    }},
        Member<Row>{"open_interest_usd", "number|null", "one side, at the mark price",
                    [](JsonWriter& out, const Row& r) { out.value(r.open_interest_usd); }},
        Member<Row>{"open_interest_change_1h_pct", "number|null", "percent, in coins",
                    [](JsonWriter& out, const Row& r) { out.value(r.open_interest_change_1h_pct); }},
        Member<Row>{"spread_bps", "number|null", "best ask to best bid",
                    [](JsonWriter& out, const Row& r) { out.value(r.spread_bps); }},
        Member<Row>{"score", "number|null", "0 to 100; null while too little is known",
                    [](JsonWriter& out, const Row& r) { out.value(of_score(r, &confluence::ScoreRecord::score)); }},
        Member<Row>{"score_change", "number|null", "points against the last 5-minute close",
                    [](JsonWriter& out, const Row& r) { out.value(r.score_change); }},
        Member<Row>{"coverage", "number", "share of live evidence, 0 to 1",
                    [](JsonWriter& out, const Row& r) { out.value(r.score->coverage); }},
        Member<Row>{
            "confidence", "number|null", "0 to 1, not a probability",
            [](JsonWriter& out, const Row& r) { out.value(of_score(r, &confluence::ScoreRecord::confidence)); }},
        Member<Row>{"direction", "Direction|null", "null while there is no score",
                    [](JsonWriter& out, const Row& r) { write_direction(out, *r.score); }},
        Member<Row>{"warming", "Warming|null", "until there is a score",
                    [](JsonWriter& out, const Row& r) { write_warming(out, *r.score); }},
        Member<Row>{"dimensions", "Dimensions", "score of each side",
                    [](JsonWriter& out, const Row& r) { write_dimensions(out, r); }},
        Member<Row>{"absent_dimensions", "string[]", "sides that are not installed",
                    [](JsonWriter& out, const Row& r) {
                        write_dimensions_that_are(out, r, analysis::Membership::not_installed);
                    }},
        Member<Row>{"not_applicable", "string[]", "sides that do not apply",
                    [](JsonWriter& out,
                       const Row& r) { write_dimensions_that_are(out, r, analysis::Membership::not_applicable); }},
        Member<Row>{"beta", "number|null", "to the venue's Bitcoin, least squares of a day's 5-minute returns",
                    [](JsonWriter& out, const Row& r) {
                        out.value(of_beta(r, [](const auto& found) { return found.least_squares.slope; }));
                    }},
        Member<Row>{
            "correlation", "number|null", "of the same returns",
            [](JsonWriter& out,
               const Row&
                   r) { out.value(of_beta(r, [](const auto& found) { return found.least_squares.correlation; })); }},
        Member<Row>{"gate", "RowGate|null", "what stops a signal; null: nothing does",
                    [](JsonWriter& out, const Row& r) { write_stopping_gate(out, r.gate); }},
        not_known<Row>("calibration", "object|null"),
        Member<Row>{"reasons", "string[]", "what moves the score most",
                    [](JsonWriter& out, const Row& r) { write_texts(out, r.reasons); }},
        Member<Row>{"score_history", "ScorePoint[]", "at 5-minute closes, at most 24",
                    [](JsonWriter& out, const Row& r) {
                        out.begin_array();
                        for (const auto& [at, score] : r.score_history)
                            out.begin_array().value(to_ms(at)).value(score).end_array();
                        out.end_array();
                    }},
        Member<Row>{"age_ms", "integer|null", "of the newest market data, whole seconds",
                    [](JsonWriter& out, const Row& r) {
                        out.value(r.age ? std::optional(calm_age_ms(*r.age)) : std::nullopt);
                    }},
        Member<Row>{"flags", "string[]", "streams that are not live",
                    [](JsonWriter& out, const Row& r) { write_texts(out, r.flags); }},
};

constexpr std::array kOverviewMembers = {
    Member<MarketOverview>{"market_regime", "string|null", "Bitcoin's: calm, trending or stressed",
                           [](JsonWriter& out, const MarketOverview& o) {
                               out.value(o.regime.label ? std::optional(confluence::name(*o.regime.label))
                                                        : std::nullopt);
                           }},
    Member<MarketOverview>{
        "regime_confidence", "number|null", "how likely that is, 0 to 1",
        [](JsonWriter& out, const MarketOverview& o) { out.value(confluence::probability_of_label(o.regime)); }},
    Member<MarketOverview>{
        "trend_strength", "number|null", "Bitcoin's way over its path in 4 hours, 0 to 1",
        [](JsonWriter& out, const MarketOverview& o) { out.value(o.regime.market.trend_efficiency); }},
    Member<MarketOverview>{"volatility_pct", "number|null", "Bitcoin's realised volatility of the last hour, percent",
                           [](JsonWriter& out, const MarketOverview& o) {
                               const auto& rv = o.regime.market.rv_1h_bps;
                               out.value(rv ? std::optional(*rv / 100) : std::nullopt);
                           }},
    Member<MarketOverview>{"btc_dominance_tracked_pct", "number|null", "Bitcoin's share of the turnover followed",
                           [](JsonWriter& out, const MarketOverview& o) { out.value(o.btc_dominance_tracked_pct); }},
    Member<MarketOverview>{"fear_greed", "FearGreed|null", "of the coins followed, 0 to 100",
                           [](JsonWriter& out, const MarketOverview& o) { write_fear_greed(out, o); }},
    Member<MarketOverview>{"btc_price", "number|null", "last price of Bitcoin",
                           [](JsonWriter& out, const MarketOverview& o) { out.value(o.btc_price); }},
    Member<MarketOverview>{"btc_change_24h_pct", "number|null", "percent",
                           [](JsonWriter& out, const MarketOverview& o) { out.value(o.btc_change_24h_pct); }},
    Member<MarketOverview>{"coins_count", "integer",
                           "coins that the counts, means and totals are over: one instrument of each, the preferred",
                           [](JsonWriter& out, const MarketOverview& o) { out.value(o.coins_count); }},
    Member<MarketOverview>{"markets", "MarketTotal[]", "sums of each venue's markets, whatever the coin",
                           [](JsonWriter& out, const MarketOverview& o) { write_market_totals(out, o.markets); }},
    Member<MarketOverview>{"total_volume_24h_usd", "number|null", "one instrument for each coin",
                           [](JsonWriter& out, const MarketOverview& o) { out.value(o.total_volume_24h_usd); }},
    Member<MarketOverview>{"total_open_interest_usd", "number|null", "one side, one instrument for each coin",
                           [](JsonWriter& out, const MarketOverview& o) { out.value(o.total_open_interest_usd); }},
    Member<MarketOverview>{"average_funding_rate", "number|null", "mean, one instrument for each coin",
                           [](JsonWriter& out, const MarketOverview& o) { out.value(o.average_funding_rate); }},
    Member<MarketOverview>{"gainers_count", "integer", "coins up over 24 h",
                           [](JsonWriter& out, const MarketOverview& o) { out.value(o.gainers_count); }},
    Member<MarketOverview>{"losers_count", "integer", "coins down over 24 h",
                           [](JsonWriter& out, const MarketOverview& o) { out.value(o.losers_count); }},
    Member<MarketOverview>{"average_change_24h_pct", "number|null", "percent, one instrument for each coin",
                           [](JsonWriter& out, const MarketOverview& o) { out.value(o.average_change_24h_pct); }},
};

}  // namespace

std::span<const Member<Row>> row_members() { return kRowMembers; }
std::span<const Member<MarketOverview>> overview_members() { return kOverviewMembers; }

void write_mode(JsonWriter& out, views::MarketMode mode, const views::TradingView& trading) {
    const bool is_off = trading.state == views::TradingState::off;
    out.begin_object().field("market", views::name(mode)).field("trading", is_off ? "off" : "paper");
    out.field("armed", false);
    out.field("kill_switch", is_off ? std::optional(false) : trading.is_halted()).end_object();
}

void begin_part(JsonWriter& out, const Snapshot& snapshot) {
    out.begin_object().field("timestamp", to_ms(floor_to(snapshot.at, std::chrono::seconds{1}))).key("mode");
    write_mode(out, snapshot.mode, *snapshot.trading);
}

void write_system_status(JsonWriter& out, const Snapshot& snapshot) {
    out.begin_object()
        .field("status", views::name(snapshot.health))
        .field("demo", snapshot.mode == views::MarketMode::demo);
    out.key("reasons");
    write_texts(out, snapshot.reasons);
    out.field("uptime_seconds", std::chrono::floor<std::chrono::seconds>(snapshot.uptime).count())
        .key("feeds")
        .begin_array();
    for (const views::FeedRow& feed : snapshot.feeds) {
        const market::Instrument& instrument = snapshot.rows[feed.instrument.value()].instrument;
        out.begin_object().field("exchange", market::name(feed.venue)).field("connection", feed.connection);
        out.field("stream", market::name(feed.stream)).field("symbol", instrument.unified_symbol());
        out.field("age_ms", feed.age ? std::optional(calm_age_ms(*feed.age)) : std::nullopt);
        out.field("gaps", feed.gaps)
            .field("resyncs", feed.resyncs)
            .field("state", exchange::name(feed.state))
            .end_object();
    }
    out.end_array().key("clocks").begin_array();
    for (const views::ClockRow& clock : snapshot.clocks) {
        out.begin_object()
            .field("exchange", market::name(clock.venue))
            .field("offset_ms", std::round(to_seconds(clock.offset) * 1e6) / 1e3)  // to the microsecond
            .end_object();
    }
    out.end_array();
    out.key("tiers").begin_array();
    for (const views::TierRow& tier : snapshot.tiers) {
        out.begin_object()
            .field("name", tier.name)
            .field("server", tier.server)
            .field("state", tier.is_in_use ? "ok" : "down")
            .end_object();
    }
    out.end_array().end_object();
}

void write_top_movers(JsonWriter& out, const Snapshot& snapshot) {
    std::vector<const Row*> movers;
    for (const Row* row : views::preferred_rows(snapshot.rows)) {
        if (row->change_24h_pct) movers.push_back(row);
    }
    const auto write = [&](std::string_view name) {
        out.key(name).begin_array();
        for (std::size_t i = 0; i < std::min(kMovers, movers.size()); ++i) {
            out.begin_object()
                .field("id", movers[i]->instrument.path_id())
                .field("symbol", movers[i]->instrument.unified_symbol());
            out.field("price", movers[i]->price).field("change_24h_pct", movers[i]->change_24h_pct);
            out.field("score", of_score(*movers[i], &confluence::ScoreRecord::score)).end_object();
        }
        out.end_array();
    };
    out.begin_object();
    std::stable_sort(movers.begin(), movers.end(),
                     [](const Row* a, const Row* b) { return *a->change_24h_pct > *b->change_24h_pct; });
    write("gainers");
    std::stable_sort(movers.begin(), movers.end(),
                     [](const Row* a, const Row* b) { return *a->change_24h_pct < *b->change_24h_pct; });
    write("losers");
    out.end_object();
}

void write_book(JsonWriter& out, const Snapshot& snapshot, std::size_t row, std::size_t levels) {
    const market::Instrument& instrument = snapshot.rows[row].instrument;
    const views::BookView& book = snapshot.details[row]->book;
    out.begin_object();
    write_identity(out, snapshot, row);
    const bool is_known = !book.bids.empty() && !book.asks.empty();
    out.field("age_ms",
              is_known ? std::optional(std::max<std::int64_t>(0, whole_ms(snapshot.at - book.at))) : std::nullopt);
    out.field("tick_size", instrument.tick())
        .field("state", exchange::name(book.state))
        .field("generation", book.generation);
    for (const auto& [name, side] : {std::pair{"bids", &book.bids}, std::pair{"asks", &book.asks}}) {
        out.key(name).begin_array();
        for (std::size_t i = 0; i < std::min(levels, side->size()); ++i) write_level(out, (*side)[i], instrument);
        out.end_array();
    }
    out.field("spread_bps", snapshot.rows[row].spread_bps);
    out.field("mid", is_known ? std::optional(
                                    (instrument.price(book.bids[0].price) + instrument.price(book.asks[0].price)) / 2)
                              : std::nullopt);
    out.end_object();
}

void write_candle(JsonWriter& out, const market::Candle& candle) {
    out.begin_array()
        .value(to_ms(candle.open_time))
        .value(candle.open)
        .value(candle.high)
        .value(candle.low)
        .value(candle.close);
    out.value(candle.volume_base).value(candle.is_closed).end_array();
}

void write_candles(JsonWriter& out, const Snapshot& snapshot, std::size_t row, market::Timeframe frame,
                   std::size_t limit) {
    const views::CandlesView& candles = snapshot.details[row]->candles[static_cast<std::size_t>(frame)];
    const std::size_t open = candles.open ? 1 : 0;
    const std::size_t total = candles.closed->size() + open;
    const std::size_t shown = std::min(limit, total);
    out.begin_object();
    write_identity(out, snapshot, row);
    out.field("timeframe", market::name(frame)).key("candles").begin_array();
    for (std::size_t i = total - shown; i < candles.closed->size(); ++i) write_candle(out, (*candles.closed)[i]);
    if (candles.open && shown > 0) write_candle(out, *candles.open);
    out.end_array().end_object();
}

void write_trade(JsonWriter& out, const views::TradeRow& trade, const market::Instrument& instrument) {
    out.begin_array()
        .value(to_ms(trade.at))
        .raw(format_steps(trade.trade.price.value(), instrument.tick_size))
        .raw(format_steps(trade.trade.quantity.value(), instrument.lot_size));
    out.value(trade.trade.aggressor == market::Side::buy ? "buy" : "sell").end_array();
}

void write_trades(JsonWriter& out, const Snapshot& snapshot, std::size_t row) {
    out.begin_object();
    write_identity(out, snapshot, row);
    out.key("trades").begin_array();
    for (const views::TradeRow& trade : snapshot.details[row]->trades)
        write_trade(out, trade, snapshot.rows[row].instrument);
    out.end_array().end_object();
}

namespace {

void write_change(JsonWriter& out, const confluence::Change& change) {
    out.begin_object().field("dimension", analysis::name(change.dimension)).field("component", change.component);
    out.field("frame", analysis::name(change.frame)).field("presence", confluence::name(change.presence));
    out.field("points", change.points).field("by_score", change.by_score).field("by_weight", change.by_weight);
    out.field("by_coverage", change.by_coverage).field("by_quality", change.by_quality).end_object();
}

/// What moved the score since `before`: the largest, and the rest in one sum.
void write_changed(JsonWriter& out, std::string_view since,
                   const std::shared_ptr<const confluence::ScoreTerms>& before,
                   const confluence::ScoreRecord& score) {
    constexpr std::size_t kShown = 5;
    if (!before) return;
    out.begin_object().field("since", since).field("at", to_ms(before->at)).field("points", score.sum - before->sum);
    const auto found = confluence::changes(*before, confluence::terms_of(score));
    double other = 0;
    out.key("largest").begin_array();
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (i < kShown) {
            write_change(out, found[i]);
        } else {
            other += found[i].points;
        }
    }
    out.end_array().field("other", other).end_object();
}

/// Symbol, time of the evaluation and the verdict: these change when the score does, not ten times a second. (What
/// stands beside them in /why, the gates, are of the moment.)
void write_verdict(JsonWriter& out, const Row& row) {
    const confluence::ScoreRecord& score = *row.score;
    out.field("id", row.instrument.path_id()).field("symbol", row.instrument.unified_symbol());
    out.field("timestamp", evaluated_at_ms(score));
    out.field("score", score.score).field("coverage", score.coverage);
    out.field("confidence", score.confidence).key("direction");
    write_direction(out, score);
    out.key("warming");
    write_warming(out, score);
}

/// What would change the verdict is measured against what a signal asks for now.
confluence::Params with_level(confluence::Params params, const Row& row) {
    params.signal_long = 50 + row.signal_distance;
    return params;
}

}  // namespace

void write_score(JsonWriter& out, const Snapshot& snapshot, std::size_t row, const confluence::Params& confluence) {
    const Row& of = snapshot.rows[row];
    const confluence::Params params = with_level(confluence, of);
    const confluence::ScoreRecord& score = *of.score;
    out.begin_object();
    write_verdict(out, of);
    out.field("profile", score.profile);
    confluence::write_regime(out, score.regime);
    out.key("reasons");
    write_texts(out, of.reasons);
    out.key("explanation");
    confluence::write_explanation(out, confluence::explain(score, of.past, params));
    confluence::write_contributions(out, score, confluence::TestNames::written);
    write_flips(out, score, params);
    out.key("changed").begin_array();
    write_changed(out, "direction", of.past.direction_change, score);
    write_changed(out, "5m", of.past.five_minutes, score);
    write_changed(out, "1h", of.past.hour, score);
    out.end_array();
    confluence::write_versions(out, score);
    out.end_object();
}

void write_why(JsonWriter& out, const Snapshot& snapshot, std::size_t row, const confluence::Params& params) {
    const Row& of = snapshot.rows[row];
    out.begin_object();
    write_verdict(out, of);
    out.key("explanation");
    confluence::write_explanation(out, confluence::explain(*of.score, of.past, with_level(params, of)));
    out.key("gates");
    if (of.gates) {
        signals::write_gates(out, *of.gates);
    } else {
        out.begin_array().end_array();
    }
    out.key("stopped_by");
    write_stopping_gate(out, of.gate);
    out.key("strategies");
    write_strategies(out, of);
    out.end_object();
}

namespace {

void write_decimal(JsonWriter& out, std::string_view name, const std::optional<Decimal>& value) {
    out.key(name);
    if (value)
        out.value(value->to_string());
    else
        out.null();
}

void write_instant(JsonWriter& out, std::string_view name, const std::optional<Timestamp>& at) {
    out.key(name);
    if (at)
        out.value(to_ms(*at));
    else
        out.null();
}

/// Times and limits of a contract; null: the venue does not say.
void write_terms(JsonWriter& out, const market::Instrument& instrument) {
    const market::OrderLimits& limits = instrument.limits;
    write_instant(out, "launched_at", instrument.launched_at);
    write_instant(out, "delivers_at", instrument.delivers_at);
    write_decimal(out, "quantity_min", limits.quantity_min);
    write_decimal(out, "quantity_max", limits.quantity_max);
    write_decimal(out, "market_quantity_max", limits.market_quantity_max);
    write_decimal(out, "notional_min", limits.notional_min);
    write_decimal(out, "leverage_max", limits.leverage_max);
}

}  // namespace

void write_instruments(JsonWriter& out, const Snapshot& snapshot) {
    out.begin_object().field("timestamp", to_ms(snapshot.at)).key("symbols").begin_array();
    for (const Row& row : snapshot.rows) {
        const market::Instrument& instrument = row.instrument;
        out.begin_object().field("id", instrument.path_id()).field("symbol", instrument.unified_symbol());
        out.field("exchange", market::name(instrument.venue)).field("category", market::name(instrument.category));
        out.field("base", instrument.base).field("quote", instrument.quote).field("settle", instrument.settle);
        const market::Underlying underlying = instrument.underlying();
        out.field("coin", underlying.coin).field("coin_units", underlying.units);
        out.field("tick_size", instrument.tick_size.to_string()).field("lot_size", instrument.lot_size.to_string());
        out.field("trading", instrument.is_trading()).field("status", market::name(instrument.status));
        out.field("kind", market::name(instrument.kind()));
        out.field("contract_size", instrument.contract_size.to_string());
        write_terms(out, instrument);
        out.end_object();
    }
    out.end_array().end_object();
}

void write_monitoring_symbols(JsonWriter& out, const Snapshot& snapshot) {
    out.begin_array();
    for (std::size_t i = 0; i < snapshot.rows.size(); ++i) {
        const Row& row = snapshot.rows[i];
        std::uint64_t gaps = 0;
        for (const views::FeedRow& feed : snapshot.feeds) gaps += feed.instrument.value() == i ? feed.gaps : 0;
        out.begin_object().field("id", row.instrument.path_id());
        out.field("feed_age_ms", row.age ? std::optional(whole_ms(*row.age)) : std::nullopt);
        out.key("messages_per_second").null().field("gaps", gaps);
        out.field("last_score_at", evaluated_at_ms(*row.score));
        out.field("coverage", row.score->coverage)
            .field("state", exchange::name(snapshot.details[i]->book.state))
            .end_object();
    }
    out.end_array();
}

}  // namespace vt::api
