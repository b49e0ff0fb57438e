#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"
#include "market/instrument_directory.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace vt::exchange::binance {

inline constexpr std::size_t kMaxFrameBytes = 4U << 20U;

/// Where an input came from: stamped once, copied into each event.
struct EventStamp {
    Timestamp received;
    std::uint64_t source_sequence = 0;
};

enum class MessageKind : std::uint8_t {
    depth,            ///< depthUpdate: levels in `bids` and `asks`
    best_quote,       ///< bookTicker
    trade,            ///< trade
    aggregate_trade,  ///< aggTrade: the fills of one taker order at one price; not to be counted with `trade`
    day_ticker,       ///< 24hrTicker
    mini_ticker,      ///< 24hrMiniTicker
    mark_price,       ///< markPriceUpdate: mark, index, funding
    candle,           ///< kline
    liquidation,      ///< forceOrder
    contract,         ///< contractInfo: a symbol was listed, delisted or has new terms
    shutdown,         ///< serverShutdown: connect again at once
    acknowledged,     ///< of a control message: `request_id`
    refused,          ///< a control message's error: `request_id` (absent where the venue gives none), `code`, `text`
    passed_over,  ///< well-formed, but not for us: a kind that nobody knows, another market's (`st`), a list of the
                  ///< whole market, a futures trade that is not MARKET. `text` names it
};

/// What one frame said. Levels and text belong to the codec and live until its next call.
struct Message {
    MessageKind kind = MessageKind::passed_over;
    std::optional<market::InstrumentId> instrument;
    std::optional<Timestamp> exchange_time;           ///< T, else E; a spot bookTicker has neither
    std::uint64_t first_update_id = 0;                ///< U
    std::uint64_t last_update_id = 0;                 ///< u
    std::optional<std::uint64_t> previous_update_id;  ///< pu: futures only
    std::span<const market::Level> bids;
    std::span<const market::Level> asks;
    market::BestQuote quote;
    market::Trade trade;  ///< the id also where the trade itself is passed over
    market::Ticker ticker;
    market::Candle candle;
    market::Liquidation liquidation;
    std::optional<std::uint64_t> request_id;
    std::int64_t code = 0;
    std::string_view text;
};

/// A REST depth reply. It does not name its symbol.
struct DepthSnapshot {
    std::uint64_t last_update_id = 0;
    std::optional<Timestamp> exchange_time;  ///< T, else E: futures only
    std::span<const market::Level> bids;
    std::span<const market::Level> asks;
};

/// Turns Binance frames (combined-stream wrapper or bare) and depth replies into values.
///   errors: malformed, out_of_range, not_found (a symbol that is not listed); nothing is guessed from a refused
///           frame
///   cost:   O(length); allocates only until the buffers have grown
///   source: github.com/binance/binance-spot-api-docs web-socket-streams.md, and for futures
///           https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams, read
///           2026-07
class Codec {
public:
    Codec();
    ~Codec();
    Codec(Codec&&) noexcept;
    Codec& operator=(Codec&&) noexcept;

    [[nodiscard]] Result<Message> decode(std::string_view frame, market::Category category,
                                         const market::InstrumentDirectory& directory);
    [[nodiscard]] Result<DepthSnapshot> depth_snapshot(std::string_view body, const market::Instrument& instrument);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// "1m" is a minute, "4h" four hours; months have no length.
[[nodiscard]] std::optional<Nanos> interval_of(std::string_view text);
[[nodiscard]] std::string interval_name(Nanos interval);

}  // namespace vt::exchange::binance
