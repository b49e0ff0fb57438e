#pragma once

#include "base/time.hpp"
#include "exchange/binance/codec.hpp"
#include "exchange/binance/connect_budget.hpp"
#include "exchange/protocol.hpp"
#include "market/event.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vt::exchange::binance {

/// One stream name: "btcusdt@depth@100ms" is the depth of an instrument; "!contractInfo" has none.
struct Topic {
    std::string name;
    std::optional<market::InstrumentId> instrument;
    MessageKind kind = MessageKind::depth;
    bool must_speak = false;         ///< its first data follows the subscription at once
    std::optional<std::size_t> row;  ///< in the feed table
};

/// Every wait of a connection.
struct LineTimes {
    Nanos connect_timeout = std::chrono::seconds{60};       ///< from Connect to open; the longest back-off is 30 s
    Nanos acknowledge_timeout = std::chrono::seconds{10};   ///< of a SUBSCRIBE
    Nanos first_data_timeout = std::chrono::seconds{10};    ///< of a topic that must speak
    Nanos first_print_timeout = std::chrono::seconds{120};  ///< of the others, except liquidations and contractInfo
    Nanos probe_after = std::chrono::seconds{3};  ///< nothing heard: LIST_SUBSCRIPTIONS asks whether anybody is there
    Nanos probe_timeout = std::chrono::seconds{10};
    Nanos stale_after = std::chrono::seconds{4};
    Nanos silence_timeout = std::chrono::seconds{10};       ///< nothing heard at all: connect anew
    Nanos data_silence_timeout = std::chrono::seconds{20};  ///< answers but no data (a wrong route): connect anew
    Nanos close_timeout = std::chrono::seconds{5};
    Nanos check_every = std::chrono::milliseconds{250};
    Nanos proven_after = std::chrono::seconds{30};  ///< open this long: the next Connect starts from attempt 0
    Nanos rotate_after = std::chrono::minutes{23 * 60 + 30};  ///< the venue closes after 24 h
    Nanos overlap_for = std::chrono::seconds{5};
    Nanos overlap_timeout = std::chrono::seconds{60};  ///< a successor that does not get ready is given up
    std::size_t topics_per_request = 50;
};

struct LineParams {
    ConnectionId connection;
    Site site = Site::binance_futures;
    std::string path = "/public/ws";
    std::uint32_t controls_per_second = 8;  ///< the venue closes at more than 10 (futures) or 5 (spot)
    LineTimes times;
};

enum class LineState : std::uint8_t {
    idle,         ///< not started, or stopped
    connecting,   ///< Connect was emitted, or waits for the budget
    subscribing,  ///< open; some topic is not confirmed
    live,         ///< every topic was acknowledged and those that must speak have spoken, or were refused
    closing,      ///< Disconnect was emitted; then connecting again
};
inline constexpr std::size_t kLineStateCount = 5;
[[nodiscard]] std::string_view name(LineState state);

/// One connection of one route as a state machine without I/O: opens it, subscribes within the venue's pace of
/// control messages, matches acknowledgements by id, renews topics that stay silent, and gives the connection up when
/// it is.
///
/// | event \ state | idle | connecting | subscribing, live | closing |
/// |---|---|---|---|---|
/// | start    | Connect -> connecting | - | - | - |
/// | on_open  | Disconnect | subscribe all -> subscribing | the close was lost: as connecting | - |
/// | on_message | - | - | confirmations; all confirmed -> live | - |
/// | on_close | - | Connect (attempt + 1) | Connect -> connecting | Connect -> connecting |
/// | on_tick  | - | too long: Disconnect -> closing | timeouts; too long: Disconnect -> closing | too long: Connect |
/// | renew    | - | - | UNSUBSCRIBE, SUBSCRIBE with back-off | - |
/// | stop     | - | Disconnect -> idle | Disconnect -> idle | -> idle |
class Line {
public:
    /// in: `topics` and `budget` outlive the line
    Line(LineParams params, std::span<const Topic> topics, ConnectBudget& budget);

    void start(Timestamp now, Output& out);
    void stop(std::string_view reason, Timestamp now, Output& out);
    void on_open(Timestamp now, Output& out);
    /// A frame arrived, whatever it said.
    void note_heard(Timestamp now) { last_heard_at_ = now; }
    /// in: `topic` of the data that it carries
    void on_message(const Message& message, std::optional<std::size_t> topic, Timestamp now, Output& out);
    void on_close(std::string_view reason, Timestamp now, Output& out);
    void on_tick(Timestamp now, Output& out);
    void renew(std::size_t topic, Timestamp now);
    /// Gives the connection up and opens it again.
    void recycle(std::string_view reason, Timestamp now, Output& out);

    [[nodiscard]] LineState state() const { return state_; }
    [[nodiscard]] bool is_open() const { return state_ == LineState::subscribing || state_ == LineState::live; }
    /// Counts openings: 1 for the first. Nothing of an earlier one is believed.
    [[nodiscard]] std::uint32_t generation() const { return generation_; }
    [[nodiscard]] ConnectionId connection() const { return params_.connection; }
    [[nodiscard]] std::optional<Timestamp> last_heard_at() const { return last_heard_at_; }
    [[nodiscard]] Timestamp last_data_at() const { return last_data_at_; }
    [[nodiscard]] Timestamp opened_at() const { return opened_at_; }
    [[nodiscard]] bool is_acknowledged(std::size_t topic) const { return states_[topic].is_acknowledged; }
    [[nodiscard]] bool has_spoken(std::size_t topic) const { return states_[topic].has_spoken; }
    [[nodiscard]] bool is_refused(std::size_t topic) const { return states_[topic].is_refused; }
    /// Why the connection was given up last.
    [[nodiscard]] const std::string& reason() const { return reason_; }
    /// The topics whose confirmation changed since the last call.
    [[nodiscard]] std::vector<std::size_t> take_changed();

private:
    struct TopicState {
        Timestamp subscribed_at;
        std::optional<Timestamp> renew_at;
        Nanos back_off{};
        bool is_acknowledged = false;
        bool has_spoken = false;
        bool is_refused = false;  ///< by the venue; asked again after the next opening
    };
    struct Control {
        const char* method = "SUBSCRIBE";
        std::vector<std::size_t> topics;
    };
    struct Pending {
        std::uint64_t id = 0;
        Timestamp sent_at;
        std::vector<std::size_t> topics;  ///< empty: a probe or an UNSUBSCRIBE
    };

    void connect(Timestamp now, Output& out);
    void open_if_allowed(Timestamp now, Output& out);
    void subscribe(std::span<const std::size_t> topics);
    void send_due(Timestamp now, Output& out);
    void check(Timestamp now, Output& out);
    void check_acknowledgements(Timestamp now);
    void check_topics(Timestamp now);
    void on_answer(const Message& message, Timestamp now, Output& out);
    void on_refused(const Pending& pending, const Message& message, Output& out);
    void settle();
    [[nodiscard]] bool must_speak() const;

    LineParams params_;
    std::span<const Topic> topics_;
    ConnectBudget& budget_;
    std::vector<TopicState> states_;
    std::vector<std::size_t> changed_;
    std::deque<Control> outbox_;
    std::vector<Pending> pending_;
    LineState state_ = LineState::idle;
    std::string reason_ = "starting";
    std::uint32_t generation_ = 0;
    std::uint32_t attempt_ = 0;
    std::uint64_t next_id_ = 1;
    bool is_connect_due_ = false;
    bool is_probing_ = false;
    Timestamp since_;  ///< of `connecting` and `closing`
    Timestamp opened_at_;
    std::optional<Timestamp> last_heard_at_;
    Timestamp last_data_at_;
    Timestamp probed_at_;
    Timestamp next_control_at_;
    Timestamp next_check_at_;
};

}  // namespace vt::exchange::binance
