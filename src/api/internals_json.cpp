#include "api/internals_json.hpp"

#include "api/json.hpp"

namespace vt::api {
namespace {

using engine::MarketInternals;

std::optional<double> pct(const std::optional<double>& share) {
    return share ? std::optional(100 * *share) : std::nullopt;
}

void write_identity(JsonWriter& out, const views::Snapshot& snapshot, market::InstrumentId instrument) {
    const market::Instrument& one = snapshot.rows[instrument.value()].instrument;
    out.field("id", one.path_id()).field("symbol", one.unified_symbol());
}

void write_cascades(JsonWriter& out, const views::Snapshot& snapshot) {
    out.key("cascades").begin_array();
    for (const MarketInternals::Cascading& one : snapshot.internals.cascades) {
        const analysis::sentiment::Cascade& cascade = one.cascade;
        const bool is_long = cascade.side == market::LiquidatedSide::long_position;
        out.begin_object();
        write_identity(out, snapshot, one.instrument);
        out.field("side", is_long ? "long" : "short");
        out.field("began_at", to_ms(cascade.began_at)).field("seen_at", to_ms(cascade.seen_at));
        out.field("count", cascade.count).field("usual_count", cascade.usual_count);
        out.field("liquidated_usd", cascade.liquidated_quote).field("return_sigmas", cascade.return_sigmas);
        out.field("open_interest_change_pct", 100 * cascade.interest_change).end_object();
    }
    out.end_array();
}

void write_divergences(JsonWriter& out, const views::Snapshot& snapshot) {
    out.key("open_interest_divergences").begin_array();
    for (const MarketInternals::Diverging& one : snapshot.internals.divergences) {
        const indicators::RankBootstrap& ranks = one.divergence.ranks;
        out.begin_object();
        write_identity(out, snapshot, one.instrument);
        out.field("at", to_ms(one.divergence.at)).field("correlation", ranks.correlation);
        out.field("low", ranks.lower).field("high", ranks.upper).end_object();
    }
    out.end_array();
}

}  // namespace

std::string_view mood_label(double fear_greed) {
    if (fear_greed < 25) return "extreme fear";
    if (fear_greed < 45) return "fear";
    if (fear_greed <= 55) return "neutral";
    return fear_greed <= 75 ? "greed" : "extreme greed";
}

void write_fear_greed(JsonWriter& out, const views::MarketOverview& overview) {
    if (!overview.fear_greed) {
        out.null();
        return;
    }
    out.begin_object().field("value", *overview.fear_greed).field("label", mood_label(*overview.fear_greed));
    out.field("coverage", overview.fear_greed_coverage).end_object();
}

void write_internals(JsonWriter& out, const views::Snapshot& snapshot) {
    const MarketInternals& market = snapshot.internals;
    const bool is_known = market.at != Timestamp{};
    out.begin_object().field("timestamp", to_ms(snapshot.at)).key("mode");
    write_mode(out, snapshot.mode, *snapshot.trading);
    out.field("at", is_known ? std::optional(to_ms(market.at)) : std::nullopt).field("coins_count", market.n_coins);
    out.key("breadth").begin_object();
    out.field("known_count", market.n_changes).field("advancing_count", market.n_advancing);
    out.field("declining_count", market.n_declining);
    out.field("above_mean_30d_pct", pct(market.above_mean_30d_share)).end_object();
    out.key("dispersion").begin_object().field("change_24h_pct", pct(market.dispersion_24h)).end_object();
    out.key("dominance").begin_object().field("btc_turnover_pct", pct(market.btc_turnover_share));
    out.field("btc_turnover_coverage", market.btc_turnover_coverage);
    out.field("btc_open_interest_pct", pct(market.btc_open_interest_share));
    out.field("btc_open_interest_coverage", market.btc_open_interest_coverage).end_object();
    out.key("fear_greed").begin_object().field("value", market.fear_greed);
    out.key("label");
    if (market.fear_greed) {
        out.value(mood_label(*market.fear_greed));
    } else {
        out.null();
    }
    out.field("coverage", market.fear_greed_coverage).key("parts").begin_array();
    for (std::size_t i = 0; i < engine::kMoodParts; ++i) {
        const auto part = static_cast<engine::MoodPart>(i);
        out.begin_object().field("name", engine::name(part)).field("weight", engine::weight_of(part));
        out.field("value", market.parts[i].value).field("coverage", market.parts[i].coverage).end_object();
    }
    out.end_array().end_object();
    write_cascades(out, snapshot);
    write_divergences(out, snapshot);
    out.end_object();
}

}  // namespace vt::api
