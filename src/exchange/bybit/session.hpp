#pragma once

#include "base/time.hpp"
#include "exchange/bybit/book_sync.hpp"
#include "exchange/bybit/codec.hpp"
#include "exchange/bybit/recent_trades.hpp"
#include "exchange/protocol.hpp"
#include "exchange/stream_status.hpp"
#include "market/instrument_directory.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vt::exchange::bybit {

/// One subscription: "orderbook.50.BTCUSDT" is the book of an instrument.
struct Topic {
    std::string name;
    market::InstrumentId instrument;
    market::Stream stream = market::Stream::book;
};

/// Every wait of a connection. Stale limits are below the 5 s promised, so that a tick of a second still keeps it.
struct SessionTimes {
    Nanos connect_timeout = std::chrono::seconds{15};      ///< from Connect to open
    Nanos acknowledge_timeout = std::chrono::seconds{10};  ///< of a subscribe request
    Nanos first_data_timeout = std::chrono::seconds{10};   ///< of a topic that must speak (book, ticker)
    Nanos ping_every = std::chrono::seconds{20};
    Nanos pong_timeout = std::chrono::seconds{10};
    Nanos probe_after = std::chrono::seconds{3};  ///< nothing heard: ask by a ping whether anybody is there
    Nanos stale_after = std::chrono::seconds{4};
    Nanos silence_timeout = std::chrono::seconds{10};       ///< nothing heard at all: recycle the socket
    Nanos data_silence_timeout = std::chrono::seconds{20};  ///< pongs but no data: the route is dead, recycle as well
    Nanos close_timeout = std::chrono::seconds{5};
    Nanos check_every = std::chrono::milliseconds{250};
    Nanos proven_after = std::chrono::seconds{30};  ///< live this long: the next Connect starts from attempt 0
    std::size_t topics_per_request = 10;
};

struct SessionParams {
    ConnectionId connection;
    std::string path = "/v5/public/linear";
    SessionTimes times;
};

enum class SessionState : std::uint8_t {
    idle,         ///< not started, or stopped
    connecting,   ///< Connect was emitted; waiting for on_open
    subscribing,  ///< open; some subscription is not acknowledged or has not spoken yet
    live,         ///< every topic was acknowledged and those that must speak have spoken (or were refused)
    closing,      ///< Disconnect was emitted; waiting for on_close, then connecting again
};
inline constexpr std::size_t kSessionStateCount = 5;
[[nodiscard]] std::string_view name(SessionState state);

/// One public connection of Bybit as a state machine without I/O: told what happened, it says what to do.
///
/// | event \ state | idle | connecting | subscribing | live | closing |
/// |---|---|---|---|---|---|
/// | start      | Connect -> connecting | - | - | - | - |
/// | on_open    | Disconnect, stays     | subscribe all -> subscribing | - | - | - |
/// | on_text    | ignored | ignored | acks, events; all confirmed -> live | events | ignored |
/// | on_close   | - | Connect(attempt + 1) | books invalid, Connect -> connecting | the same | Connect -> connecting
/// | | on_tick    | - | too long: Connect(attempt + 1) | timeouts: resubscribe, or Disconnect -> closing | the same,
/// liveness | too long: Connect | | on_crossed, on_dropped | - | - | books invalid, resubscribe | the same | - | |
/// stop       | - | Disconnect -> idle | Disconnect, books invalid -> idle | the same | -> idle |
///
/// Liveness (stale and back are reported as StreamChanged):
///   book    - no frame for `stale_after` while its ticker moved, or its ticker is silent too, or it has none: stale,
///             and subscribed again
///   ticker  - no frame for `silence_timeout`: stale, and subscribed again
///   others  - silence is legitimate: judged by the connection (any frame or pong)
/// The statuses belong to the caller, one for each topic in the same order, and are kept up to date here.
class Session {
public:
    Session(SessionParams params, std::vector<Topic> topics, std::span<StreamStatus> statuses);

    void start(Timestamp now, Output& out);
    void stop(Timestamp now, Output& out);
    void on_open(Timestamp now, Output& out);
    void on_text(std::string_view text, const market::InstrumentDirectory& directory, Codec& codec, EventStamp stamp,
                 Output& out);
    void on_close(std::string_view reason, Timestamp now, Output& out);
    void on_tick(Timestamp now, Output& out);
    void on_book_crossed(market::InstrumentId instrument, Timestamp now, Output& out);
    void on_dropped(std::uint64_t count, Timestamp now, Output& out);

    [[nodiscard]] SessionState state() const { return state_; }
    /// Counts openings: 1 for the first. Nothing of an earlier generation is believed.
    [[nodiscard]] std::uint32_t generation() const { return generation_; }
    [[nodiscard]] std::optional<Timestamp> last_heard_at() const { return last_heard_at_; }
    [[nodiscard]] ConnectionId connection() const { return params_.connection; }
    [[nodiscard]] std::span<const Topic> topics() const { return topics_; }

private:
    SessionParams params_;
    std::vector<Topic> topics_;
    std::span<StreamStatus> statuses_;
    SessionState state_ = SessionState::idle;
    std::uint32_t generation_ = 0;
    std::optional<Timestamp> last_heard_at_;
};

}  // namespace vt::exchange::bybit
