#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "exchange/bybit/session.hpp"
#include "exchange/protocol.hpp"
#include "exchange/stream_status.hpp"
#include "market/instrument_directory.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vt::exchange::bybit {

/// Which streams to subscribe for every symbol.
struct TopicChoice {
    bool trades = true;
    bool ticker = true;
    bool liquidations = true;
    bool candles = true;  ///< kline.1: the venue's own closed minutes
};

/// How many closed candles to fetch for each symbol at the start, by frame. 0: none.
struct BackfillSizes {
    std::uint32_t minutes_1 = 1440;
    std::uint32_t minutes_5 = 576;
    std::uint32_t minutes_30 = 336;
    std::uint32_t hours_4 = 180;
    std::uint32_t open_interest = 200;  ///< samples of 5 minutes
    std::uint32_t account_ratio = 500;  ///< samples of an hour
    std::uint32_t funding = 200;        ///< settlements
};

struct NamedDepth {
    std::string symbol;
    std::uint32_t depth = 50;
};

struct FeedParams {
    std::vector<market::Category> categories = {market::Category::linear};
    std::vector<std::string> symbols;  ///< followed in each category that lists them; empty: the largest
    std::uint32_t top_n = 30;          ///< of each category by turnover: USDT perpetuals, USD perpetuals, USDT pairs
    std::vector<NamedDepth> depths = {{"BTCUSDT", 200}, {"ETHUSDT", 200}};
    std::uint32_t depth = 50;  ///< of every other symbol: 1, 50, 200 or 1000
    TopicChoice topics;
    BackfillSizes backfill;
    std::uint32_t symbols_per_connection = 50;
    std::uint32_t requests_per_second = 10;
    Nanos poll_every = std::chrono::minutes{5};      ///< clock, open interest, account ratio
    Nanos refresh_every = std::chrono::minutes{15};  ///< catalogue: listings, delistings, changed terms
    Nanos margin_every = std::chrono::hours{24};     ///< margin tiers
    bool asks_margin = false;                        ///< the tiers of linear contracts: for who trades them
    SessionTimes times;
};

/// The depths Bybit offers for these categories; 500 was removed in 2025.
inline constexpr std::array<std::uint32_t, 4> kBookDepths = {1, 50, 200, 1000};

/// Whether the venue offers what is asked for.
///   errors: configuration: a depth or category it does not have, or no category, with what it offers
[[nodiscard]] Result<void> check_capabilities(const FeedParams& params);

/// Bybit's public market as the engine sees it: catalogue, selection, connections, history and polls, without I/O.
///
/// The engine calls one entry point for each of its inputs and obeys the Output: it lists `listings` into the
/// directory before its next call (the feed finds the ids there then), applies `events` in order, and publishes the
/// rest. Order of a start, for each category by itself: server time, instruments (all pages), tickers, selection and
/// Listed, connections, history (oldest first). The catalogue is fetched again every `refresh_every` and after an
/// update off the steps, margin tiers once a day: what changed is listed again, what is gone let go, new ones follow.
/// Ids of connections and requests carry the venue in their highest byte (exchange/stream_status.hpp).
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
    /// `now` is the receive time stamped at the socket, `source_sequence` the input's number in the run.
    void on_text(ConnectionId connection, std::string_view text, Timestamp now, std::uint64_t source_sequence,
                 Output& out);
    void on_close(ConnectionId connection, std::string_view reason, Timestamp now, Output& out);
    void on_reply(const HttpReply& reply, Timestamp now, std::uint64_t source_sequence, Output& out);
    void on_tick(Timestamp now, Output& out);
    /// The market layer refused an update that would have crossed the book, and emptied it.
    void on_book_crossed(market::InstrumentId instrument, Timestamp now, Output& out);
    /// Inputs of this connection were lost before the engine: every book of it is invalid until its next snapshot.
    void on_dropped(ConnectionId connection, std::uint64_t count, Timestamp now, Output& out);

    /// One row for each stream, grouped by connection; empty until the instruments are listed.
    [[nodiscard]] std::span<const StreamStatus> streams() const;
    /// Server time minus local time, by the shortest of the recent round trips; nullopt until measured.
    [[nodiscard]] std::optional<Nanos> clock_offset() const;
    /// Since the last frame of any kind (data, ack, pong) of the connection; nullopt before the first.
    [[nodiscard]] std::optional<Nanos> connection_age(ConnectionId connection, Timestamp now) const;
    [[nodiscard]] std::optional<Nanos> connection_age(market::InstrumentId instrument, Timestamp now) const;
    /// Every candle, sample and settlement of the start has arrived or was given up.
    [[nodiscard]] bool is_backfilled() const;
    /// The instruments chosen, in the order of listing.
    [[nodiscard]] std::span<const market::InstrumentId> instruments() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::exchange::bybit
