#pragma once

#include "base/time.hpp"
#include "exchange/protocol.hpp"
#include "exchange/stream_status.hpp"
#include "market/instrument_directory.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace vt::exchange::binance {

/// The connections of a Binance recording. A combined-stream frame does not say which market it is from; the
/// connection does.
inline constexpr ConnectionId kFuturesConnection = connection_id(market::Venue::binance, 1);
inline constexpr ConnectionId kSpotConnection = connection_id(market::Venue::binance, 2);
/// Those of a live feed: two for each session, so that one can follow the other without a gap.
inline constexpr std::uint32_t kFirstFuturesConnection = 16;
inline constexpr std::uint32_t kFirstSpotConnection = 1U << 16U;
[[nodiscard]] constexpr market::Category category_of(ConnectionId connection) {
    return connection == kSpotConnection ? market::Category::spot : market::Category::linear;
}

/// The request that fetches the depth snapshot of an instrument. A depth reply does not name its symbol, so the id
/// does: venue byte | attempt (bits 32..55) | instrument id (bits 0..31). An importer writes a captured snapshot line
/// as engine::Replied with snapshot_request(the instrument's id), status 200 and the JSON as body.
[[nodiscard]] constexpr RequestId snapshot_request(market::InstrumentId instrument, std::uint32_t attempt = 0) {
    return request_id(market::Venue::binance,
                      (static_cast<std::uint64_t>(attempt & 0xFF'FFFFU) << 32) | instrument.value());
}
[[nodiscard]] constexpr market::InstrumentId snapshot_instrument(RequestId request) {
    return market::InstrumentId{static_cast<std::uint32_t>(request.value() & 0xFFFF'FFFFU)};
}

/// Binance (USDT-M futures and spot) as far as recordings need it: depth, trade and bookTicker of combined streams,
/// joined with REST depth snapshots by the venue's rules.
///   in:  instruments of Venue::binance listed in the directory (Category::linear or spot); frames
///        `{"stream":"btcusdt@depth@0ms","data":{...}}` or the bare data on the connections above
///        Spot instruments are listed with the asset's precision as lot size (0.00000001), not with LOT_SIZE: the
///        captured books hold orders older than the present step ("25.42618900" BTC where the step is 0.00001)
///   out: BookUpdate (depth 0: not limited), BestQuote, Trade events. An instrument's book starts with its snapshot
///   reply; deltas
///        before it are kept (at most DepthBook::kMaxPendingUpdates, then the oldest go and the snapshot is asked for
///        again). Asks for snapshots by HttpGet; a gap is BookInvalid and a new request
///   exchange time: T on futures (depth, trade, bookTicker); on spot the trade's T, the depth's E, and for bookTicker
///   (has none) the
///        largest exchange time seen on the symbol before it: a bookTicker before any of those is dropped
///   errors: malformed frames and unknown symbols are rejections
class ReplayFeed {
public:
    explicit ReplayFeed(const market::InstrumentDirectory& directory);
    ~ReplayFeed();
    ReplayFeed(ReplayFeed&&) noexcept;
    ReplayFeed& operator=(ReplayFeed&&) = delete;

    void on_open(ConnectionId connection, Timestamp now, Output& out);
    void on_text(ConnectionId connection, std::string_view text, Timestamp now, std::uint64_t source_sequence,
                 Output& out);
    void on_close(ConnectionId connection, std::string_view reason, Timestamp now, Output& out);
    void on_reply(const HttpReply& reply, Timestamp now, std::uint64_t source_sequence, Output& out);
    void on_tick(Timestamp now, Output& out);
    void on_book_crossed(market::InstrumentId instrument, Timestamp now, Output& out);
    void on_dropped(ConnectionId connection, std::uint64_t count, Timestamp now, Output& out);

    /// One row for each stream that has spoken.
    [[nodiscard]] std::span<const StreamStatus> streams() const;
    [[nodiscard]] std::optional<Nanos> connection_age(ConnectionId connection, Timestamp now) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::exchange::binance
