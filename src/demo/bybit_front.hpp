#pragma once

#include "base/strong.hpp"
#include "base/time.hpp"
#include "demo/fault.hpp"
#include "demo/rest.hpp"
#include "demo/stream.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vt::demo {

/// The venue's limits, as documented.
struct FrontLimits {
    std::size_t requests_per_window = 600;  ///< of one address; beyond it HTTP 403 for as long as `ban`
    Nanos window = std::chrono::seconds{5};
    Nanos ban = std::chrono::minutes{10};
    std::size_t requests_per_second = 120;  ///< of one address; beyond it retCode 10006. Shown in X-Bapi-Limit
    std::size_t connections_per_window = 500;
    Nanos connection_window = std::chrono::minutes{5};
    std::size_t topic_characters = 21'000;          ///< of all topics of one connection
    Nanos idle_timeout = std::chrono::seconds{61};  ///< subscribed to nothing and silent
    Nanos ping_timeout = std::chrono::minutes{10};  ///< no ping
    std::size_t max_sessions = 1000;
};

using SessionId = Strong<struct SessionIdTag, std::uint32_t>;

/// What the front wants done to a connection.
struct SessionSend {
    SessionId session;
    std::shared_ptr<const std::string> text;  ///< shared by all who receive it
};
struct SessionDrop {
    SessionId session;
    std::string reason;
};
using FrontAction = std::variant<SessionSend, SessionDrop>;

/// Bybit's public side as a state machine without sockets: REST answers and their limits, WebSocket requests, frames
/// to subscribers, time limits and scripted faults. The shell brings bytes in and obeys the actions.
class BybitFront {
public:
    /// `stream` must outlive it. in: now: when the exchange starts; scheduled faults count from here
    BybitFront(Stream& stream, const FrontLimits& limits, std::uint64_t seed, Timestamp now);
    ~BybitFront();
    BybitFront(const BybitFront&) = delete;
    BybitFront& operator=(const BybitFront&) = delete;

    [[nodiscard]] RestAnswer on_request(std::string_view address, std::string_view path, std::string_view query,
                                        Timestamp now);
    /// Whether this address may open a WebSocket on this path now.
    ///   out: nothing, or the answer that refuses it (404, 403, 503)
    [[nodiscard]] std::optional<RestAnswer> refuses_session(std::string_view address, std::string_view path,
                                                            Timestamp now);
    [[nodiscard]] SessionId on_open(Timestamp now);
    void on_text(SessionId session, std::string_view text, Timestamp now);
    void on_close(SessionId session);

    /// Time goes on to `now`: the market moves, subscribers get their frames, limits expire, faults happen.
    void advance(Timestamp now);
    void inject(const Fault& fault, Timestamp now);
    void schedule(std::vector<ScheduledFault> faults);

    /// What was decided since the last call, in order. A session that was dropped gets nothing more, and needs no
    /// on_close().
    [[nodiscard]] std::vector<FrontAction> take_actions();
    [[nodiscard]] std::size_t sessions() const;

    struct Impl;

private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::demo
