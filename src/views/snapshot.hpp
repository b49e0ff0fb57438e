#pragma once

#include "alpha/strategies.hpp"
#include "base/time.hpp"
#include "confluence/confluence.hpp"
#include "engine/market_internals.hpp"
#include "exchange/protocol.hpp"
#include "market/candle_frames.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"
#include "market/instrument_state.hpp"
#include "signals/gates.hpp"
#include "signals/signal.hpp"
#include "views/coin_markets.hpp"
#include "views/gate_view.hpp"
#include "views/minute_detail.hpp"
#include "views/trading_view.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What screens show, as plain structs: immutable, published ten times a second, shared by pointer. Units are in the
/// names; an absent value is not known.
namespace vt::views {

struct BetaView;

enum class MarketMode : std::uint8_t { live, demo, replay };
[[nodiscard]] std::string_view name(MarketMode mode);

/// One row of the symbol table.
struct Row {
    market::Instrument instrument;
    std::optional<double> price;
    std::optional<double> change_24h_pct, high_24h, low_24h, volume_24h, turnover_24h_usd;
    std::optional<double> funding_rate;
    std::optional<double> funding_interval_hours;
    std::optional<Timestamp> next_funding_at;
    std::optional<double> funding_zscore;  ///< among its own last 30 days, as sentiment sees it
    std::optional<double> open_interest_usd, open_interest_change_1h_pct;
    std::optional<double> spread_bps;
    std::shared_ptr<const confluence::ScoreRecord> score;  ///< never null
    confluence::Past past;                                 ///< what the score is held against
    std::shared_ptr<const std::vector<signals::Gate>>
        gates;  ///< between the score and a signal; null before the first
    /// What the strategies beside the score say, as of the last closed minute; null before it.
    std::shared_ptr<const std::vector<alpha::Judgement>> strategies;
    double signal_distance = 20;                              ///< points from 50 that a signal asks for
    std::optional<GateView> gate;                             ///< what stops a signal; absent: nothing does
    std::optional<double> score_change;                       ///< against five minutes ago
    std::vector<std::pair<Timestamp, double>> score_history;  ///< at 5-minute closes, at most 24
    std::optional<Nanos> age;                                 ///< of the newest market data
    std::shared_ptr<const BetaView> beta;                     ///< null where a beta to Bitcoin does not apply
    std::vector<std::string> reasons;                         ///< at most 3
    std::vector<std::string> flags;                           ///< "book stale", "book resyncing", ...
};

struct BookView {
    exchange::StreamState state = exchange::StreamState::down;
    std::uint32_t generation = 0;
    Timestamp at;                     ///< the venue's time of the last update
    std::vector<market::Level> bids;  ///< best first, at most kBookLevels
    std::vector<market::Level> asks;
};
inline constexpr std::size_t kBookLevels = 25;

struct TradeRow {
    Timestamp at;
    market::Trade trade;
    std::uint64_t sequence = 0;  ///< counts the trades of the instrument from 1
};

/// Closed candles of one timeframe that are shown; the state keeps more.
inline constexpr std::size_t kCandlesShown = 500;

/// Candles of one timeframe: the closed ones are shared between snapshots until the next one closes.
struct CandlesView {
    std::shared_ptr<const std::vector<market::Candle>> closed;  ///< oldest first
    std::optional<market::Candle> open;
};
/// Liquidations that are shown; the state keeps more.
inline constexpr std::size_t kLiquidationsShown = 100;

struct SymbolDetail {
    BookView book;
    std::vector<TradeRow> trades;                                               ///< oldest first, at most 100
    std::array<CandlesView, market::kTimeframes.size()> candles;                ///< by market::Timeframe
    std::shared_ptr<const std::vector<market::TimedLiquidation>> liquidations;  ///< oldest first; never null
    std::shared_ptr<const MinuteDetail> minute;  ///< null before the first closed minute
};

struct FeedRow {
    market::Venue venue = market::Venue::bybit;
    std::uint32_t connection = 0;
    market::Stream stream = market::Stream::book;
    market::InstrumentId instrument;
    std::optional<Nanos> age;
    std::uint64_t gaps = 0;
    std::uint64_t resyncs = 0;
    exchange::StreamState state = exchange::StreamState::down;
};

/// The sums of one venue's market of one kind.
struct MarketTotal {
    market::Venue venue = market::Venue::bybit;
    market::Category category = market::Category::linear;
    std::uint32_t instruments = 0;
    std::optional<double> volume_24h_usd, open_interest_usd;  ///< of the instruments that know theirs
};

/// The market as a whole. Counts, means and totals are over one instrument for each coin
/// (market::one_of_each_coin): what a second venue trades of the same coin is not added to it, but stands in
/// `markets`.
struct MarketOverview {
    confluence::Regime regime;  ///< of Bitcoin
    std::uint32_t coins_count = 0;
    std::vector<MarketTotal> markets;  ///< by venue, then category: everything that is followed
    std::optional<double> btc_price, btc_change_24h_pct, total_volume_24h_usd, total_open_interest_usd,
        average_funding_rate, average_change_24h_pct, btc_dominance_tracked_pct;
    std::optional<double> fear_greed;  ///< 0 .. 100, of the coins followed
    double fear_greed_coverage = 0;    ///< 0 .. 1
    std::uint32_t gainers_count = 0;
    std::uint32_t losers_count = 0;
};

enum class Health : std::uint8_t { ok, degraded, down };
[[nodiscard]] std::string_view name(Health health);

/// A venue's clock minus this machine's, by the shortest of the recent round trips.
struct ClockRow {
    market::Venue venue = market::Venue::bybit;
    Nanos offset{};
};

/// A tier of the cache behind the API.
struct TierRow {
    std::string name;       ///< "l1", "l2", "l3"
    std::string server;     ///< "memory", "memcached 127.0.0.1:11211"
    bool is_in_use = true;  ///< false: it does not answer, and is left alone but for a try now and then
};

inline constexpr std::size_t kSignalsShown = 50;

/// The whole picture at one instant. A row's index is its instrument's id; details are by row.
struct Snapshot {
    Timestamp at;
    std::uint64_t publication = 0;  ///< counts from 1
    MarketMode mode = MarketMode::live;
    MarketOverview overview;
    engine::MarketInternals internals;
    std::vector<Row> rows;
    std::vector<std::shared_ptr<const SymbolDetail>> details;
    std::vector<CoinMarkets> coins;
    /// Those that were raised and are open or ended within a day, the newest first, at most kSignalsShown; as of the
    /// last whole second. Never null.
    std::shared_ptr<const std::vector<signals::Signal>> signals =
        std::make_shared<const std::vector<signals::Signal>>();
    /// As of this picture. Never null.
    std::shared_ptr<const TradingView> trading = std::make_shared<const TradingView>();
    std::vector<FeedRow> feeds;
    Health health = Health::down;
    std::vector<std::string> reasons;
    std::vector<ClockRow> clocks;  ///< of the venues whose clock was measured
    std::vector<TierRow> tiers;    ///< empty: nothing is served, so nothing is kept
    Nanos uptime{};
    std::uint64_t events = 0;    ///< inputs taken
    std::uint64_t rejected = 0;  ///< messages refused
    std::uint64_t dropped = 0;   ///< inputs lost before the engine
};

}  // namespace vt::views
