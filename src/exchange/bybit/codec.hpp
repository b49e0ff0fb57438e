#pragma once

#include "base/time.hpp"
#include "exchange/protocol.hpp"
#include "market/event.hpp"
#include "market/instrument_directory.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace vt::exchange::bybit {

/// Frames above this size and values nested deeper than this are refused unread.
inline constexpr std::size_t kMaxFrameBytes = 4U << 20U;
inline constexpr int kMaxNesting = 32;

/// Where an input came from: stamped once, copied into each event.
struct EventStamp {
    Timestamp received;
    std::uint64_t source_sequence = 0;
};

enum class FrameKind : std::uint8_t {
    rejected,  ///< the reason is the last of Output::rejections; `instrument` and `stream` where they were readable
    acknowledged,  ///< of a subscribe or unsubscribe: `request_id`, `is_success`, `message`
    pong,
    book,    ///< the levels are the last `bid_count` + `ask_count` of Output::levels, bids first; no event yet
    trades,  ///< events were appended, as for the three below
    ticker,
    liquidations,
    candles,
};

/// What one frame said. Text is borrowed from the codec and valid until its next call.
struct Frame {
    FrameKind kind = FrameKind::rejected;
    std::optional<market::InstrumentId> instrument;
    market::Stream stream = market::Stream::book;
    Timestamp exchange_time;  ///< book: cts; ticker: ts; trades and liquidations: the newest T; candles: ts

    // book
    bool is_snapshot = false;
    std::uint32_t depth = 0;
    std::uint64_t update_id = 0;       ///< u
    std::uint64_t cross_sequence = 0;  ///< seq: ascends over all streams of a symbol
    std::size_t bid_count = 0;
    std::size_t ask_count = 0;
    market::BookGap defect = market::BookGap::malformed;  ///< of a rejected book frame

    // ticker
    bool moves_book =
        false;  ///< it carries a new best price or size, or a new last price: the book must have moved too

    // acknowledged
    std::string_view request_id;
    std::string_view message;
    bool is_success = false;
};

/// Turns text frames of Bybit's v5 public streams into market events. Remembers nothing from frame to frame but
/// memory.
///   in:     one whole text frame; the directory knows the instruments (an unknown symbol is a rejection)
///   out:    a Frame; market events and levels appended to `output`. A refused frame appends nothing but its
///           rejection
///   errors: malformed, out of range, off the instrument's steps, nested too deep, too long: all as `Rejected`
///   cost:   O(length); allocates only until the buffers have grown to the longest frame seen
///   source: https://bybit-exchange.github.io/docs/v5/ws/connect and .../docs/v5/websocket/public/*, read 2026-07-24
class Codec {
public:
    explicit Codec(market::Category category = market::Category::linear);
    ~Codec();
    Codec(Codec&&) noexcept;
    Codec& operator=(Codec&&) noexcept;

    [[nodiscard]] Frame decode(std::string_view frame, const market::InstrumentDirectory& directory, EventStamp stamp,
                               Output& output);
    /// The same through the general parser only, never the fast path for book frames. For tests and comparison.
    [[nodiscard]] Frame decode_generally(std::string_view frame, const market::InstrumentDirectory& directory,
                                         EventStamp stamp, Output& output);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::exchange::bybit
