#pragma once

#include "base/time.hpp"
#include "exchange/bybit/book_sync.hpp"
#include "exchange/bybit/codec.hpp"
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
    Nanos connect_timeout = std::chrono::seconds{60};      ///< from Connect to open; the longest back-off is 30 s
    Nanos acknowledge_timeout = std::chrono::seconds{10};  ///< of a subscribe request
    Nanos first_data_timeout = std::chrono::seconds{10};   ///< of a topic that must speak (book, ticker)
    Nanos lost_snapshot_after =
        std::chrono::seconds{1};  ///< deltas but no snapshot so long after subscribing: it was lost
    Nanos first_print_timeout = std::chrono::seconds{120};  ///< of trades and candles; liquidations may never come
    Nanos ping_every = std::chrono::seconds{20};
    Nanos pong_timeout = std::chrono::seconds{10};
    Nanos probe_after = std::chrono::seconds{3};  ///< nothing heard: ask by a ping whether anybody is there
    Nanos stale_after = std::chrono::seconds{4};
    Nanos silence_timeout = std::chrono::seconds{10};       ///< nothing heard at all: recycle the socket
    Nanos data_silence_timeout = std::chrono::seconds{20};  ///< pongs but no data: the route is dead, recycle as well
    Nanos data_stale_after =
        std::chrono::seconds{4};  ///< no data at all so long: books, tickers and candles are stale
    Nanos ticker_silence = std::chrono::seconds{10};  ///< of a ticker while others speak
    Nanos joint_silence = std::chrono::seconds{8};    ///< of a book and its ticker together
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
/// | event \ state | idle | connecting | subscribing, live | closing |
/// |---|---|---|---|---|
/// | start   | Connect -> connecting | - | - | - |
/// | on_open | Disconnect | subscribe all -> subscribing | the close was lost: books invalid, then as connecting | -
/// | | on_text | - | - | acks and events; all confirmed: subscribing -> live | - | | on_close | - | Connect (attempt
/// + 1) | books invalid, Connect -> connecting | Connect -> connecting | | on_tick | - | too long: Disconnect ->
/// closing | pings, timeouts, liveness; too long: Disconnect -> closing | too long: Connect | | on_book_crossed,
/// on_dropped | - | - | books invalid, subscribe again | - | | stop    | - | Disconnect -> idle | books invalid,
/// Disconnect -> idle | -> idle |
///
/// Liveness (each change is a StreamChanged):
///   book    no frame for `stale_after` while its ticker says that the book moved (or it has no ticker), or no frame
///   of
///           either for `joint_silence`: stale, invalid, and subscribed again
///   ticker  no frame for `ticker_silence`: stale, and subscribed again
///   others  silence is legitimate: judged by the connection (any frame or pong)
///   A connection without any data for `data_stale_after` makes books, tickers and candles stale, one without any
///   frame the rest.
/// BookInvalid events that no frame caused carry source_sequence 0.
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
    void on_dropped(std::uint64_t count, Timestamp now, Output& out);
    /// The book is not to be trusted, for a reason that its frames do not show: invalid, and subscribed again.
    void resync_book(market::InstrumentId instrument, market::BookGap why, std::string_view reason, Timestamp now,
                     Output& out);

    /// The venue let go of an instrument: its topics are given up; or took it back: they are subscribed again.
    void set_listed(market::InstrumentId instrument, bool is_listed, Timestamp now, Output& out);
    /// The caller's rows lie elsewhere now, with the same content.
    void move_statuses(std::span<StreamStatus> statuses);

    [[nodiscard]] SessionState state() const { return state_; }
    /// Counts openings: 1 for the first. Nothing of an earlier generation is believed.
    [[nodiscard]] std::uint32_t generation() const { return generation_; }
    [[nodiscard]] std::optional<Timestamp> last_heard_at() const { return last_heard_at_; }
    [[nodiscard]] ConnectionId connection() const { return params_.connection; }
    [[nodiscard]] std::span<const Topic> topics() const { return topics_; }

private:
    struct TopicState {
        BookSync sync;
        ResyncPacing pacing;
        std::optional<Timestamp> resubscribe_at;  ///< set: the subscription is to be renewed then
        std::optional<std::size_t> ticker;        ///< of a book: the ticker topic of its instrument
        std::optional<Timestamp> moved_at;        ///< of a ticker: when it last said that the book moved
        std::optional<double> last_price;         ///< of a ticker: a whole one repeats it unmoved
        Timestamp subscribed_at;
        std::uint32_t depth = 0;
        bool must_speak = false;  ///< a book or ticker: its first data follows the subscription at once
        bool is_acknowledged = false;
        bool has_spoken = false;
        bool is_refused = false;  ///< by the venue; asked again after the next opening
        bool is_delisted = false;
    };
    struct PendingRequest {
        std::string id;
        Timestamp sent_at;
        std::vector<std::size_t> topics;
    };

    [[nodiscard]] bool is_open() const { return state_ == SessionState::subscribing || state_ == SessionState::live; }
    [[nodiscard]] std::optional<std::size_t> topic_of(market::InstrumentId instrument, market::Stream stream) const;
    [[nodiscard]] bool are_all_confirmed() const;

    void connect(std::string_view reason, Timestamp now, Output& out);
    void disconnect(std::string_view reason, Timestamp now, Output& out);
    void subscribe_all(Timestamp now, Output& out);
    void send_request(std::string_view operation, std::span<const std::size_t> topics, Timestamp now, Output& out);
    void send_ping(Timestamp now, Output& out);
    void renew_due(Timestamp now, Output& out);
    void check(Timestamp now, Output& out);
    void check_connection(Timestamp now, Output& out);
    void check_requests(Timestamp now);
    void check_topic(std::size_t topic, Timestamp now, Output& out);
    [[nodiscard]] const char* book_fault(std::size_t topic, Timestamp now) const;

    void on_acknowledged(const Frame& frame, Timestamp now, Output& out);
    void on_refused(const PendingRequest& request, std::string_view message, Timestamp now, Output& out);
    void on_book(const Frame& frame, std::size_t topic, EventStamp stamp, Output& out);
    void on_data(const Frame& frame, std::size_t topic, EventStamp stamp, Output& out);
    [[nodiscard]] bool is_news(const Frame& frame, std::size_t topic, const Output& out);
    void note_heard(const Frame& frame, std::size_t topic, Timestamp now);
    void break_book(std::size_t topic, market::BookGap gap, EventStamp stamp, Output& out);
    void schedule(std::size_t topic, Timestamp now);
    void find_next_renewal();
    void set_state(std::size_t topic, StreamState state, std::string_view reason, Output& out);

    SessionParams params_;
    std::vector<Topic> topics_;
    std::span<StreamStatus> statuses_;
    std::vector<TopicState> states_;
    std::vector<std::int32_t> index_;  ///< instrument x stream -> topic, -1: none
    std::vector<PendingRequest> pending_;
    SessionState state_ = SessionState::idle;
    std::uint32_t generation_ = 0;
    std::uint32_t attempt_ = 0;
    std::uint64_t next_request_ = 1;
    std::optional<Timestamp> opened_at_;
    std::optional<Timestamp> last_heard_at_;
    std::optional<Timestamp> ping_sent_at_;  ///< set: its pong is awaited
    Timestamp last_ping_at_;
    Timestamp last_data_at_;
    Timestamp since_;  ///< of `connecting` and `closing`
    Timestamp next_check_at_;
    std::optional<Timestamp> next_renewal_at_;  ///< the earliest `resubscribe_at`
    bool are_quiet_streams_stale_ = false;
};

}  // namespace vt::exchange::bybit
