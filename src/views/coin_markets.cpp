#include "views/coin_markets.hpp"

#include "engine/engine.hpp"

#include <algorithm>

namespace vt::views {
namespace {

std::optional<market::VenueQuote> quote_of(const engine::Symbol& symbol, double units, Timestamp now) {
    const market::InstrumentState& state = symbol.state();
    const auto bid = state.book().best(market::Side::buy);
    const auto ask = state.book().best(market::Side::sell);
    const auto received = state.last_receive_time(market::Stream::book);
    if (!symbol.has_live_book() || !bid || !ask || !received) return std::nullopt;
    const market::Instrument& instrument = state.instrument();
    return market::VenueQuote{.bid = instrument.price(bid->price) / units,
                              .ask = instrument.price(ask->price) / units,
                              .age = std::max(Nanos{0}, now - *received)};
}

CoinMarket market_of(const engine::Engine& engine, market::InstrumentId id, Timestamp now) {
    const engine::Symbol& symbol = *engine.symbols()[id.value()];
    CoinMarket made{.instrument = id, .units = engine.cross_venues().map().units(id)};
    made.state = symbol.stream_states[static_cast<std::size_t>(market::Stream::book)];
    if (const auto received = symbol.state().last_receive_time(market::Stream::book))
        made.age = std::max(Nanos{0}, now - *received);
    const auto quote = quote_of(symbol, made.units, now);
    if (quote && quote->age <= kQuoteAgeMax) made.mid = (quote->bid + quote->ask) / 2;
    return made;
}

/// Needs the mids of all of the coin's markets.
void compare(CoinMarkets& coin, const market::CrossVenueMap& map) {
    const auto mid_of = [&](market::InstrumentId id) -> std::optional<double> {
        for (const CoinMarket& one : coin.markets) {
            if (one.instrument == id) return one.mid;
        }
        return std::nullopt;
    };
    for (CoinMarket& one : coin.markets) {
        if (!one.mid) continue;
        if (const auto spot = map.spot_of(one.instrument)) {
            if (const auto mid = mid_of(*spot)) one.spot_basis_bps = market::basis_bps(*one.mid, *mid);
        }
        for (const market::InstrumentId other : map.counterparts(one.instrument)) {
            const auto mid = mid_of(other);
            if (mid && !one.other_venue_bps) one.other_venue_bps = market::basis_bps(*one.mid, *mid);
        }
    }
}

std::optional<market::CrossMid> price_of(const engine::Engine& engine, market::InstrumentId preferred,
                                         Timestamp now) {
    const market::CrossVenueMap& map = engine.cross_venues().map();
    std::vector<market::VenueQuote> quotes;
    const auto add = [&](market::InstrumentId id) {
        const auto quote = quote_of(*engine.symbols()[id.value()], map.units(id), now);
        if (quote) quotes.push_back(*quote);
    };
    add(preferred);
    for (const market::InstrumentId other : map.counterparts(preferred)) add(other);
    return market::cross_mid(quotes, kQuoteAgeMax);
}

}  // namespace

std::vector<CoinMarkets> coin_markets(const engine::Engine& engine, Timestamp now) {
    const market::CrossVenueMap& map = engine.cross_venues().map();
    std::vector<CoinMarkets> coins;
    coins.reserve(map.coins().size());
    for (const market::CrossVenueMap::Coin& coin : map.coins()) {
        CoinMarkets& made = coins.emplace_back(CoinMarkets{.coin = coin.coin, .quote = coin.quote});
        for (const market::InstrumentId id : coin.instruments) {
            made.markets.push_back(market_of(engine, id, now));
            const auto leads = engine.cross_venues().leads_of(id);
            made.leads.insert(made.leads.end(), leads.begin(), leads.end());
        }
        const market::InstrumentId preferred = coin.instruments.front();
        made.venues_followed = 1 + static_cast<std::uint32_t>(map.counterparts(preferred).size());
        made.price = price_of(engine, preferred, now);
        compare(made, map);
    }
    return coins;
}

}  // namespace vt::views
