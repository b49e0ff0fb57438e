#pragma once

#include "base/time.hpp"
#include "exchange/binance/line.hpp"
#include "exchange/binance/request_queue.hpp"
#include "exchange/protocol.hpp"
#include "exchange/stream_status.hpp"
#include "market/instrument_directory.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vt::exchange::binance {

/// What to follow of one of the two markets.
struct MarketChoice {
    bool is_followed = false;
    std::vector<std::string> symbols;  ///< empty: the `top_n` USDT pairs (futures: perpetuals) by turnover
    std::uint32_t top_n = 10;
};

/// Which streams to subscribe for every symbol; depth always.
struct TopicChoice {
    bool trades = true;
    bool best_quotes = true;
    bool tickers = true;
    bool liquidations = true;  ///< futures
    bool candles = true;       ///< kline_1m: the venue's own closed minutes
};

/// How many closed candles and samples to fetch for each symbol at the start. 0: none. Samples: futures only.
struct BackfillSizes {
    std::uint32_t minutes_1 = 1440;
    std::uint32_t minutes_5 = 576;
    std::uint32_t minutes_30 = 336;
    std::uint32_t hours_4 = 180;
    std::uint32_t open_interest = 200;  ///< of 5 minutes
    std::uint32_t account_ratio = 500;  ///< of an hour; of all accounts, top accounts and top positions each
    std::uint32_t funding = 200;        ///< settlements
};

struct FeedParams {
    MarketChoice futures;
    MarketChoice spot;
    TopicChoice topics;
    BackfillSizes backfill;
    std::uint32_t snapshot_levels = 1000;
    std::size_t streams_per_connection = 200;              ///< the venue allows 1024
    Nanos poll_every = std::chrono::minutes{5};            ///< clock, open interest history, account ratio
    Nanos open_interest_every = std::chrono::seconds{30};  ///< the venue has no stream of it
    LineTimes times;
    RequestQueue::Limits futures_requests;
    RequestQueue::Limits spot_requests = {.weight_per_minute = 3000, .burst_weight = 1000};
};

/// Binance's public USDT-M futures and spot markets as the engine sees them, without I/O: each market with a
/// catalogue, connections for each route, history and polls of its own, so that one that is down leaves the other
/// alone. Recordings that were made without this feed (imported captures) go through the ReplayFeed inside.
///
/// The engine calls one entry point for each of its inputs and obeys the Output: it lists `listings` into the
/// directory before its next call (the feed finds the ids there then), applies `events` in order, and publishes the
/// rest. Order of a start: server time, exchangeInfo, fundingInfo, premiumIndex, ticker/24hr, selection and Listed,
/// connections, depth snapshots, history (oldest first).
///   errors: nothing throws; what the venue says wrongly is in `rejections`, what it refuses is asked again later
///   cost:   a frame: see Codec; no allocation in steady state once the Output's vectors have grown
class Feed {
public:
    Feed(FeedParams params, const market::InstrumentDirectory& directory);
    ~Feed();
    Feed(Feed&&) noexcept;
    Feed& operator=(Feed&&) = delete;

    void start(Timestamp now, Output& out);
    void on_open(ConnectionId connection, Timestamp now, Output& out);
    void on_text(ConnectionId connection, std::string_view text, Timestamp now, std::uint64_t source_sequence,
                 Output& out);
    void on_close(ConnectionId connection, std::string_view reason, Timestamp now, Output& out);
    void on_reply(const HttpReply& reply, Timestamp now, std::uint64_t source_sequence, Output& out);
    void on_tick(Timestamp now, Output& out);
    void on_book_crossed(market::InstrumentId instrument, Timestamp now, Output& out);
    void on_dropped(ConnectionId connection, std::uint64_t count, Timestamp now, Output& out);

    /// Started as a live feed; before that it is a recording's.
    [[nodiscard]] bool is_live() const;
    /// One row for each stream; empty until the instruments are listed (of a recording: until a stream has spoken).
    [[nodiscard]] std::span<const StreamStatus> streams() const;
    /// Server time minus local time; nullopt until measured. Of a recording: 0, there is no clock of ours in it.
    [[nodiscard]] std::optional<Nanos> clock_offset() const;
    [[nodiscard]] std::optional<Nanos> connection_age(ConnectionId connection, Timestamp now) const;
    /// Every candle, sample and settlement of the start has arrived or was given up.
    [[nodiscard]] bool is_backfilled() const;
    /// Frames that were well-formed but not for us.
    [[nodiscard]] std::uint64_t passed_over() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::exchange::binance
