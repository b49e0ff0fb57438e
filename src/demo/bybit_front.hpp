#pragma once

#include "base/time.hpp"
#include "demo/accounts.hpp"
#include "demo/fault.hpp"
#include "demo/front.hpp"
#include "demo/stream.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::demo {

/// The venue's limits, as documented.
struct BybitLimits {
    std::size_t requests_per_window = 600;  ///< of one address; beyond it HTTP 403 for as long as `ban`
    Nanos window = std::chrono::seconds{5};
    Nanos ban = std::chrono::minutes{10};
    std::size_t requests_per_second = 120;  ///< of one address; beyond it retCode 10006. Shown in X-Bapi-Limit
    std::size_t connections_per_window = 500;
    Nanos connection_window = std::chrono::minutes{5};
    std::size_t topic_characters = 21'000;          ///< of all topics of one connection
    std::size_t spot_arguments = 10;                ///< of one request on the spot stream
    Nanos idle_timeout = std::chrono::seconds{61};  ///< subscribed to nothing and silent
    Nanos ping_timeout = std::chrono::minutes{10};  ///< no ping
    std::size_t max_sessions = 1000;
};

/// Bybit's public side as a state machine without sockets: REST answers and their limits, WebSocket requests, frames
/// to subscribers, time limits and faults. The market is moved by whoever owns the stream.
class BybitFront {
public:
    /// `stream` and `accounts` must outlive it.
    BybitFront(Stream& stream, const Accounts& accounts, const BybitLimits& limits, std::uint64_t seed);
    ~BybitFront();
    BybitFront(const BybitFront&) = delete;
    BybitFront& operator=(const BybitFront&) = delete;

    [[nodiscard]] static bool serves(std::string_view path);
    [[nodiscard]] RestAnswer on_request(const FrontRequest& request, Timestamp now);
    /// Whether this address may open a WebSocket on this path now.
    ///   out: nothing, or the answer that refuses it (404, 403, 503)
    [[nodiscard]] std::optional<RestAnswer> refuses_session(const FrontRequest& request, Timestamp now);
    void on_open(SessionId session, std::string_view path, Timestamp now);
    void on_text(SessionId session, std::string_view text, Timestamp now);
    void on_close(SessionId session);

    /// The frames that follow are of the time up to `now`.
    void begin_frames(Timestamp now);
    /// A frame that the stream made.
    void on_frame(TopicId topic, std::string_view text);
    /// Time goes on to `now`: limits expire, delayed frames go out.
    void advance(Timestamp now);
    void inject(const Fault& fault, Timestamp now);
    [[nodiscard]] bool is_tls_broken(Timestamp now) const;

    /// What was decided since the last call, in order. A session that was dropped gets nothing more, and needs no
    /// on_close().
    [[nodiscard]] std::vector<FrontAction> take_actions();
    [[nodiscard]] std::size_t sessions() const;

    struct Impl;

private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::demo
