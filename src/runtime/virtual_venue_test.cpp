#include "runtime/virtual_venue.hpp"

#include "base/digest.hpp"
#include "base/json_writer.hpp"
#include "demo/journal_recording.hpp"
#include "demo/roster.hpp"
#include "runtime/engine_params.hpp"
#include "runtime/warm_state.hpp"
#include "views/coin_markets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <stdexcept>

namespace vt::runtime {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

engine::Params small_engine() {
    config::Config config;
    config.market.top_symbols = 200;
    config.market.backfill_bars = 60;
    return engine_params(config);
}

demo::StreamParams small_market() {
    demo::StreamParams market{.seed = 3, .start = kWarmMarketStart};
    auto symbols = demo::generated_symbols();
    symbols.resize(3);
    market.generated = symbols;
    return market;
}

/// An hour of the small market, made once for all tests. That it is the same whenever it is made: `make warm-check`.
const WarmState& small_warm_state() {
    static const WarmState made = make_warm_state(small_engine(), small_market(), 1);
    return made;
}

/// The digest of everything an engine said in ten minutes of market.
std::string digest_of_ten_minutes(const std::function<void(VirtualVenue&)>& disturb = {}) {
    Digest digest;
    JsonWriter line;
    VirtualVenue* self = nullptr;
    VirtualVenue venue(small_engine(), small_market(), [&](const engine::Effect& effect) {
        line.clear();
        engine::write_effect(line, effect, self->engine().instruments());
        digest.update(line.text());
    });
    self = &venue;
    venue.start();
    venue.advance_to(kWarmMarketStart + minutes{5});
    if (disturb) disturb(venue);
    venue.advance_to(kWarmMarketStart + minutes{10});
    return digest.hex();
}

}  // namespace

TEST(VirtualVenue, TheSameMarketGivesTheSameEffects) { EXPECT_EQ(digest_of_ten_minutes(), digest_of_ten_minutes()); }

TEST(VirtualVenue, ADisturbanceChangesTheDigest) {
    EXPECT_NE(digest_of_ten_minutes(), digest_of_ten_minutes([](VirtualVenue& venue) {
                  venue.inject({.kind = demo::Fault::Kind::lose, .topic = "orderbook.50.*", .count = 1});
              }));
}

TEST(VirtualVenue, ContributionsAddUpInEveryRecord) {
    std::uint64_t records = 0;
    VirtualVenue venue(small_engine(), small_market(), [&](const engine::Effect& effect) {
        const auto* scored = std::get_if<engine::Scored>(&effect);
        if (scored == nullptr) return;
        ++records;
        const confluence::ScoreRecord& record = *scored->record;
        double sum = 50 + record.adjustments.sum();
        for (const confluence::Part& part : record.parts) {
            sum += part.contribution;
            double leaves = 0;
            for (const auto& component : part.opinion.components) {
                for (const auto& leaf : component.leaves) {
                    if (leaf.score) leaves += confluence::leaf_gain(part, component, leaf) * (*leaf.score - 50);
                }
            }
            EXPECT_NEAR(leaves, part.contribution, 1e-9);
        }
        EXPECT_NEAR(sum, record.sum, 1e-9);
    });
    venue.start();
    venue.advance_to(kWarmMarketStart + minutes{8});
    EXPECT_GT(records, 30U);
}

// Linear, inverse and spot at once: every stream lives, and the same coin is worth about the same in each, with open
// interest, volumes and candles in coins and quote currency whatever the contract counts in.
TEST(VirtualVenue, BybitsThreeMarketsAgreeInOneUnit) {
    engine::Params params = small_engine();
    params.bybit.categories = {market::Category::linear, market::Category::inverse, market::Category::spot};
    demo::StreamParams market = small_market();
    market.others = {demo::Segment::bybit_inverse, demo::Segment::bybit_spot};
    std::uint64_t refused = 0;
    VirtualVenue venue(params, market, [&](const engine::Effect& effect) {
        if (std::holds_alternative<exchange::Rejected>(effect)) ++refused;
    });
    venue.start();
    venue.advance_to(kWarmMarketStart + minutes{4});
    std::map<market::Category, int> followed;
    for (const exchange::StreamStatus& status : venue.engine().bybit_streams()) {
        const market::Instrument& instrument = venue.engine().instruments()[status.instrument];
        ++followed[instrument.category];
        EXPECT_EQ(exchange::name(status.state), "live")
            << market::name(status.stream) << " of " << instrument.path_id();
    }
    EXPECT_EQ(followed.size(), 3U);
    EXPECT_EQ(refused, 0U);
    for (const auto& symbol : venue.engine().symbols()) {
        const market::InstrumentState& state = symbol->state();
        const market::Instrument& instrument = symbol->instrument();
        ASSERT_TRUE(state.mid()) << instrument.path_id();
        const auto linear = venue.engine().instruments().find(market::Venue::bybit, market::Category::linear,
                                                              instrument.base + "USDT");
        ASSERT_TRUE(linear) << instrument.path_id();
        const market::InstrumentState& reference = venue.engine().symbols()[linear->value()]->state();
        EXPECT_NEAR(*state.mid() / *reference.mid(), 1, 0.02) << instrument.path_id();
        const market::Ticker& ticker = state.ticker();
        ASSERT_TRUE(ticker.volume_24h_base && ticker.turnover_24h_quote) << instrument.path_id();
        EXPECT_NEAR(*ticker.turnover_24h_quote / *ticker.volume_24h_base / *state.mid(), 1, 0.2)
            << instrument.path_id();
        EXPECT_EQ(ticker.open_interest_base.has_value(), instrument.category != market::Category::spot);
    }
}

engine::Params engine_of_two_venues() {
    config::Config config;
    config.market.symbols = {"BTCUSDT", "ETHUSDT"};
    config.market.backfill_bars = 30;
    config.binance.markets = {"futures", "spot"};
    return engine_params(config);
}

demo::StreamParams market_of_two_venues() {
    demo::StreamParams market = small_market();
    market.generated = demo::generated_symbols();
    market.generated.resize(2);
    auto recording = demo::bundled_recording();
    if (recording) market.recording = std::move(*recording);
    market.others = {demo::Segment::binance_futures, demo::Segment::binance_spot};
    return market;
}

std::map<std::string, int> live_streams(const VirtualVenue& venue) {
    std::map<std::string, int> live;
    for (const auto streams : {venue.engine().bybit_streams(), venue.engine().binance_streams()}) {
        for (const exchange::StreamStatus& status : streams) {
            const market::Instrument& one = venue.engine().instruments()[status.instrument];
            const bool is_live = status.state == exchange::StreamState::live;
            live[one.path_id() + " " + std::string(market::name(status.stream))] = is_live ? 1 : 0;
        }
    }
    return live;
}

TEST(VirtualVenue, TwoVenuesAreFollowedAndScoredAlike) {
    std::map<std::string, int> scored;
    std::vector<std::string> refusals;
    VirtualVenue* self = nullptr;
    VirtualVenue venue(engine_of_two_venues(), market_of_two_venues(), [&](const engine::Effect& effect) {
        if (const auto* rejected = std::get_if<exchange::Rejected>(&effect))
            refusals.push_back(rejected->source + ": " + rejected->what);
        if (const auto* one = std::get_if<engine::Scored>(&effect))
            ++scored[self->engine().instruments()[one->instrument].path_id()];
    });
    self = &venue;
    venue.start();
    venue.advance_to(kWarmMarketStart + minutes{4});
    EXPECT_EQ(refusals, std::vector<std::string>{});
    for (const auto& [stream, is_live] : live_streams(venue)) EXPECT_EQ(is_live, 1) << stream;
    const char* const instruments[] = {"bybit-linear-BTCUSDT",   "bybit-linear-ETHUSDT", "binance-linear-BTCUSDT",
                                       "binance-linear-ETHUSDT", "binance-spot-BTCUSDT", "binance-spot-ETHUSDT"};
    for (const char* const instrument : instruments) EXPECT_GT(scored[instrument], 1) << instrument;
    for (const auto& symbol : venue.engine().symbols()) {
        EXPECT_TRUE(symbol->state().book().is_valid()) << symbol->instrument().path_id();
        EXPECT_GT(symbol->trade_count, 0U) << symbol->instrument().path_id();
    }
}

const views::CoinMarkets& coin_of(const std::vector<views::CoinMarkets>& coins, std::string_view name) {
    const auto found = std::find_if(coins.begin(), coins.end(), [&](const auto& coin) { return coin.coin == name; });
    if (found == coins.end()) throw std::out_of_range(std::string(name));
    return *found;
}

// What was planted in the demo market is found again: Binance's contract is 60 ms behind Bybit's and about one basis
// point away, and the coin is one coin on all of them.
TEST(VirtualVenue, TheSameCoinOnTwoVenuesHasOnePriceAndASmallBasis) {
    VirtualVenue venue(engine_of_two_venues(), market_of_two_venues());
    venue.start();
    venue.advance_to(kWarmMarketStart + minutes{2});
    const auto coins = views::coin_markets(venue.engine(), venue.now());
    for (const std::string_view name : {"BTC", "ETH"}) {
        const views::CoinMarkets& coin = coin_of(coins, name);
        ASSERT_TRUE(coin.price) << name;
        EXPECT_EQ(coin.price->venues, 2U) << name;
        EXPECT_EQ(coin.venues_followed, 2U) << name;
        EXPECT_LT(coin.price->dispersion_bps, 10) << name;
        ASSERT_EQ(coin.markets.size(), 3U) << name;  // two perpetuals and Binance's spot
        for (const views::CoinMarket& market : coin.markets) {
            ASSERT_TRUE(market.mid && market.age) << name;
            EXPECT_LT(*market.age, seconds{5}) << name;
            const bool is_spot = market.instrument == coin.markets[2].instrument;
            EXPECT_EQ(market.spot_basis_bps.has_value(), !is_spot) << name;
            EXPECT_LT(std::abs(market.spot_basis_bps.value_or(0)), 50) << name;
        }
        EXPECT_NEAR(coin.markets[0].other_venue_bps.value(), -coin.markets[1].other_venue_bps.value(), 1e-9) << name;
        ASSERT_EQ(coin.leads.size(), 1U) << name;
        EXPECT_EQ(coin.leads[0].first, coin.markets[0].instrument) << name;
    }
}

// A venue that is down costs its own instruments and leaves the other's alone; the price of the coin falls to one
// venue, says so, and comes back.
TEST(VirtualVenue, WhileOneVenueIsDownTheOtherGoesOnAndThePriceSaysSo) {
    std::map<std::string, int> scored;
    VirtualVenue* self = nullptr;
    VirtualVenue venue(engine_of_two_venues(), market_of_two_venues(), [&](const engine::Effect& effect) {
        if (const auto* one = std::get_if<engine::Scored>(&effect))
            ++scored[self->engine().instruments()[one->instrument].path_id()];
    });
    self = &venue;
    venue.start();
    venue.advance_to(kWarmMarketStart + minutes{2});
    venue.inject({.kind = demo::Fault::Kind::maintenance, .duration = minutes{3}, .venue = market::Venue::bybit});
    venue.advance_to(venue.now() + seconds{15});
    scored.clear();
    for (int second = 0; second < 120; ++second) {
        venue.advance_to(venue.now() + seconds{1});
        const auto coins = views::coin_markets(venue.engine(), venue.now());
        const views::CoinMarkets& bitcoin = coin_of(coins, "BTC");
        ASSERT_TRUE(bitcoin.price) << second;
        EXPECT_EQ(bitcoin.price->venues, 1U) << second;
        EXPECT_EQ(bitcoin.venues_followed, 2U);
        EXPECT_FALSE(bitcoin.markets[0].mid) << second;  // missing, and not the last that was seen
        EXPECT_FALSE(bitcoin.markets[0].spot_basis_bps || bitcoin.markets[1].other_venue_bps) << second;
        EXPECT_NEAR(bitcoin.price->mid, bitcoin.markets[1].mid.value(), 1e-9) << second;
        EXPECT_TRUE(bitcoin.markets[1].spot_basis_bps) << second;
    }
    for (const exchange::StreamStatus& status : venue.engine().binance_streams())
        EXPECT_EQ(exchange::name(status.state), "live") << status.instrument.value();
    for (const auto& symbol : venue.engine().symbols()) {
        const market::Instrument& one = symbol->instrument();
        const auto& quality = symbol->score->quality;
        EXPECT_TRUE(quality.data_flags.has(analysis::Flag::one_venue)) << one.path_id();
        EXPECT_FALSE(quality.data_flags.has(analysis::Flag::venues_differ)) << one.path_id();
        if (one.venue == market::Venue::binance) {
            EXPECT_GE(scored[one.path_id()], 2) << one.path_id();
        }
    }
    venue.advance_to(venue.now() + minutes{2});
    const auto coins = views::coin_markets(venue.engine(), venue.now());
    EXPECT_EQ(coin_of(coins, "BTC").price.value().venues, 2U);
    EXPECT_TRUE(coin_of(coins, "BTC").markets[1].other_venue_bps);
}

TEST(VirtualVenue, NoCrossedBookIsEverShownUnderFaults) {
    VirtualVenue venue(small_engine(), small_market());
    venue.start();
    using Kind = demo::Fault::Kind;
    const Kind kinds[] = {Kind::lose, Kind::duplicate, Kind::reorder, Kind::malform, Kind::new_books, Kind::drop};
    for (int round = 0; round < 120; ++round) {
        venue.inject({.kind = kinds[round % 6], .topic = "*", .count = static_cast<std::uint32_t>(1 + round % 3)});
        for (int look = 0; look < 20; ++look) {
            venue.advance_to(venue.now() + std::chrono::milliseconds{100});
            for (const auto& symbol : venue.engine().symbols()) {
                const market::OrderBook& book = symbol->state().book();
                const auto bid = book.best(market::Side::buy);
                const auto ask = book.best(market::Side::sell);
                if (!bid || !ask) continue;
                ASSERT_LT(bid->price, ask->price) << symbol->instrument().symbol;
            }
        }
    }
    venue.advance_to(venue.now() + seconds{40});
    for (const exchange::StreamStatus& status : venue.engine().bybit_streams()) {
        EXPECT_EQ(status.state, exchange::StreamState::live)
            << market::name(status.stream) << " of " << status.instrument.value();
    }
}

TEST(WarmState, TheBundledOneIsSmallAndWhole) {
    const WarmState warm = bundled_warm_state();
    EXPECT_LT(encode_warm_state(warm).size(), std::size_t{8} << 20U);
    config::Config config;
    config.market.top_symbols = 200;
    auto market = warm_market();
    ASSERT_TRUE(market) << market.error().what;
    std::vector<std::string> rejections;
    VirtualVenue venue(engine_params(config), *market, [&](const engine::Effect& effect) {
        if (const auto* rejected = std::get_if<exchange::Rejected>(&effect))
            rejections.push_back(rejected->source + ": " + rejected->what);
    });
    venue.start(warm.state, market->start - warm.end);
    venue.advance_to(market->start + seconds{60});
    EXPECT_TRUE(rejections.empty()) << rejections.front();
    std::size_t scored = 0;
    for (const auto& symbol : venue.engine().symbols()) {
        const auto& record = symbol->score;
        if (record && record->part(analysis::Dimension::order_flow).opinion.score &&
            record->part(analysis::Dimension::liquidity).opinion.score)
            ++scored;
    }
    EXPECT_GE(scored, 30U) << "both dimensions within a minute of the start";
}

TEST(WarmState, AShortHoleBeforeTheStartCostsOnlyItsSeconds) {
    const WarmState& warm = small_warm_state();
    VirtualVenue venue(small_engine(), small_market());
    // The market begins forty seconds after the saved state ends.
    venue.advance_to(kWarmMarketStart + seconds{40});
    venue.start(warm.state, kWarmMarketStart - warm.end);
    venue.advance_to(venue.now() + seconds{10});
    ASSERT_FALSE(venue.engine().symbols().empty());
    const auto& record = venue.engine().symbols().front()->score;
    ASSERT_TRUE(record);
    const auto& leaves = record->part(analysis::Dimension::order_flow).opinion.components.front().leaves;
    EXPECT_TRUE(leaves[1].value) << "five minutes, of which forty seconds are missing";
    EXPECT_TRUE(leaves[1].flags.has(analysis::Flag::gap));
    EXPECT_FALSE(leaves[0].value) << "one minute, most of it missing";
}

TEST(WarmState, ComesBackFromItsFileAsItWas) {
    const auto again = decode_warm_state(encode_warm_state(small_warm_state()));
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_EQ(again->state, small_warm_state().state);
    EXPECT_EQ(again->end, small_warm_state().end);
}

TEST(WarmState, ADamagedFileIsRefused) {
    const std::string bytes = encode_warm_state({.state = "VTS1", .end = kWarmMarketStart});
    EXPECT_EQ(decode_warm_state("VTSOMETHING").error().code, Errc::unsupported);
    for (std::size_t cut = 8; cut < bytes.size(); ++cut)
        EXPECT_FALSE(decode_warm_state(std::string_view(bytes).substr(0, cut))) << cut;
}

}  // namespace vt::runtime
