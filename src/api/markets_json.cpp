#include "api/json.hpp"

#include <algorithm>
#include <chrono>

namespace vt::api {
namespace {

using views::Snapshot;

template <class T, class Of>
void write_known(JsonWriter& out, std::string_view name, const std::optional<T>& value, Of&& of) {
    out.field(name, value ? std::optional(of(*value)) : std::nullopt);
}

double milliseconds(Nanos span) { return to_seconds(span) * 1e3; }

void write_market(JsonWriter& out, const Snapshot& snapshot, const views::CoinMarket& market) {
    const market::Instrument& instrument = snapshot.rows[market.instrument.value()].instrument;
    out.begin_object()
        .field("id", instrument.path_id())
        .field("symbol", instrument.unified_symbol())
        .field("exchange", market::name(instrument.venue))
        .field("kind", market::name(instrument.kind()))
        .field("units", market.units)
        .field("mid", market.mid);
    write_known(out, "age_ms", market.age,
                [](Nanos age) { return std::chrono::floor<std::chrono::milliseconds>(age).count(); });
    out.field("state", exchange::name(market.state))
        .field("spot_basis_bps", market.spot_basis_bps)
        .field("other_venue_bps", market.other_venue_bps)
        .end_object();
}

void write_lead(JsonWriter& out, const Snapshot& snapshot, const views::VenueLead& lead) {
    const auto id_of = [&](market::InstrumentId id) { return snapshot.rows[id.value()].instrument.path_id(); };
    out.begin_object().field("first", id_of(lead.first)).field("second", id_of(lead.second));
    const bool is_judged = lead.at != Timestamp{};
    out.field("timestamp", is_judged ? std::optional(to_ms(lead.at)) : std::nullopt).field("coverage", lead.coverage);
    out.key("leader");
    if (lead.leader)
        out.value(id_of(*lead.leader));
    else
        out.null();
    write_known(out, "lag_ms", lead.agreement, [](const auto& found) { return milliseconds(found.lag); });
    write_known(out, "correlation", lead.agreement, [](const auto& found) { return found.correlation; });
    write_known(out, "ratio", lead.agreement, [](const auto& found) { return found.ratio; });
    out.end_object();
}

/// The members of one coin, of an object that is open.
void write_coin(JsonWriter& out, const Snapshot& snapshot, const views::CoinMarkets& coin) {
    const std::uint32_t venues = coin.price ? coin.price->venues : 0;
    out.field("coin", coin.coin).field("quote", coin.quote);
    write_known(out, "mid", coin.price, [](const auto& price) { return price.mid; });
    out.field("venues", venues).field("venues_followed", coin.venues_followed);
    out.field("coverage", static_cast<double>(venues) / coin.venues_followed);
    write_known(out, "dispersion_bps", coin.price, [](const auto& price) { return price.dispersion_bps; });
    out.key("is_crossed");
    if (coin.price)
        out.value(coin.price->is_crossed);
    else
        out.null();
    out.key("markets").begin_array();
    for (const views::CoinMarket& market : coin.markets) write_market(out, snapshot, market);
    out.end_array().key("leads").begin_array();
    for (const views::VenueLead& lead : coin.leads) write_lead(out, snapshot, lead);
    out.end_array();
}

}  // namespace

void write_markets(JsonWriter& out, const Snapshot& snapshot) {
    out.begin_object().field("timestamp", to_ms(snapshot.at)).key("coins").begin_array();
    for (const views::CoinMarkets& coin : snapshot.coins) {
        out.begin_object();
        write_coin(out, snapshot, coin);
        out.end_object();
    }
    out.end_array().end_object();
}

void write_coin_markets(JsonWriter& out, const Snapshot& snapshot, std::size_t row) {
    const market::Instrument& instrument = snapshot.rows[row].instrument;
    out.begin_object()
        .field("id", instrument.path_id())
        .field("symbol", instrument.unified_symbol())
        .field("timestamp", to_ms(snapshot.at));
    const views::CoinMarkets* found = nullptr;
    for (const views::CoinMarkets& coin : snapshot.coins) {
        const auto is_row = [&](const views::CoinMarket& market) { return market.instrument.value() == row; };
        if (std::any_of(coin.markets.begin(), coin.markets.end(), is_row)) found = &coin;
    }
    // Listed a moment ago and not evaluated yet: a coin of which nothing is known.
    const market::Underlying underlying = instrument.underlying();
    const views::CoinMarkets unknown{.coin = underlying.coin, .quote = instrument.quote, .venues_followed = 1};
    write_coin(out, snapshot, found != nullptr ? *found : unknown);
    out.end_object();
}

}  // namespace vt::api
