#pragma once

#include "cache/breaker.hpp"
#include "cache/link.hpp"
#include "cache/value.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace vt::cache {

struct RemoteTierParams {
    std::string name;  ///< "memcached": in log lines and metrics
    Connect connect;
    std::size_t connections = 20;  ///< opened as they are needed, each with a thread
    std::size_t queued_calls_max =
        256;  ///< a call beyond is not made: a look-up is a miss at once, a write is dropped
    Nanos deadline = std::chrono::milliseconds{5};  ///< from the call to its answer, waiting in the queue included
    std::uint32_t schema = 1;                       ///< of the values: those of another are misses
    std::uint64_t seed = 0;                         ///< of the breaker's waits
    BreakerParams breaker = {};
};

/// Totals since the start, and what is so now. Each look-up is one of: hit, miss, corrupt, error, timeout, skipped.
struct RemoteTierCounters {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::uint64_t corrupt = 0;   ///< an envelope that was refused
    std::uint64_t errors = 0;    ///< of look-ups: connection lost, not the protocol, refused
    std::uint64_t timeouts = 0;  ///< of look-ups: the deadline passed
    std::uint64_t skipped = 0;   ///< of look-ups: breaker open or queue full
    std::uint64_t writes = 0;    ///< that the server confirmed
    std::uint64_t failed_writes = 0;
    std::uint64_t dropped_writes = 0;  ///< breaker open, queue full or no time left
    std::uint64_t connects = 0;
    std::uint64_t calls = 0;  ///< that went out on a connection
    std::uint64_t breaker_openings = 0;
    std::size_t connections = 0;
    std::size_t most_connections = 0;
    std::size_t queued = 0;
    Breaker::State breaker = Breaker::State::closed;
    std::optional<Nanos> p50 = {};  ///< of look-ups that reached the server
    std::optional<Nanos> p99 = {};
};

/// A tier on a server. No call here blocks. `done` is called exactly once for each look-up, from a thread of the tier
/// (or from the caller's, when the call is not made), no later than the deadline plus what the machine takes to wake
/// a thread, whatever the server does: what comes after is thrown away. Whatever goes wrong is a miss with a counter.
/// The order of writes to one key is that of their calls only once each was answered.
class RemoteTier {
public:
    using Done = std::function<void(std::optional<Value>)>;

    explicit RemoteTier(RemoteTierParams params);
    ~RemoteTier();
    RemoteTier(const RemoteTier&) = delete;
    RemoteTier& operator=(const RemoteTier&) = delete;

    ///   in: now: the time of the envelope's check
    void find(std::string_view key, Timestamp now, Done done);
    void put(std::string_view key, const Value& value, Nanos ttl);
    void erase(std::string_view key);
    /// Answers what is outstanding with a miss and ends the threads; every look-up after it is a miss. Not from
    /// `done`.
    void stop();

    [[nodiscard]] RemoteTierCounters counters() const;
    [[nodiscard]] Breaker::State state() const;
    [[nodiscard]] const std::string& name() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::cache
