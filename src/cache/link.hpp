#pragma once

#include "base/result.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace vt::cache {

/// Until when a call may take, on the clock that nobody sets.
using Deadline = std::chrono::steady_clock::time_point;

/// One connection to a server that keeps bytes under keys. Its calls block, for at most about the time that is left:
/// a tier gives each link a thread of its own. After an error other than `refused` the link must be thrown away:
/// nobody knows what was on its way.
class Link {
public:
    Link() = default;
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;
    virtual ~Link() = default;

    /// errors of all calls: unavailable (no answer in time, connection lost), malformed (not the protocol), refused
    ///   out: nothing: the server has no such key
    [[nodiscard]] virtual Result<std::optional<std::string>> get(const std::string& key, Deadline deadline) = 0;
    /// in: ttl: whole milliseconds count; servers that count in seconds round down. At least a second.
    [[nodiscard]] virtual Result<void> set(const std::string& key, std::string_view bytes,
                                           std::chrono::milliseconds ttl, Deadline deadline) = 0;
    [[nodiscard]] virtual Result<void> remove(const std::string& key, Deadline deadline) = 0;
    /// Whether nothing has come since the last answer, as it should be between two calls. Otherwise the other end
    /// has closed the connection or its answers are out of step, and the link must be thrown away.
    /// cost: one call of the system, which does not wait
    [[nodiscard]] virtual bool is_quiet() const = 0;
};

/// Makes a link; blocks until it is there, at most until the deadline.
using Connect = std::function<Result<std::unique_ptr<Link>>(Deadline deadline)>;

struct ServerAddress {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
    std::string user = {};      ///< of Redis' list of users; empty: its default user
    std::string password = {};  ///< of Redis; empty: it is asked without one. Never shown
};

/// in: max_value_bytes, max_reply_bytes: a longer one ends the connection before it fills the memory
[[nodiscard]] Connect memcached_at(ServerAddress address, std::size_t max_value_bytes = 64U << 20U);
[[nodiscard]] Connect redis_at(ServerAddress address, std::size_t max_reply_bytes = 64U << 20U);

}  // namespace vt::cache
