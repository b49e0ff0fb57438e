#pragma once

#include "cache/link.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace vt::cache {

struct RedisAnnouncementsParams {
    ServerAddress address;
    std::string channel = "vt:forget";
    std::uint64_t sender = 0;  ///< of this process, unlike any other's: its own announcements do not come back to it
    std::size_t queued_max = 1'024;                 ///< announcements that wait; the oldest is dropped for one more
    std::chrono::milliseconds deadline{200};        ///< of one call
    std::chrono::milliseconds longest_wait{4'000};  ///< between two attempts to connect
    /// A key that another process has forgotten. Called on this class' own thread.
    std::function<void(std::string_view key)> on_forgotten;
};

struct RedisAnnouncementsCounters {
    std::uint64_t sent = 0;
    std::uint64_t received = 0;  ///< of others
    std::uint64_t dropped = 0;   ///< queue full, or Redis did not take it
    std::uint64_t connects = 0;  ///< of the listening connection
    bool is_listening = false;
};

/// Tells other processes which keys were forgotten, and hears it from them, over a channel of Redis. A courtesy: what
/// is lost while Redis is away is made good by the time to live of the first tier, 45 s at most. One thread, two
/// connections.
class RedisAnnouncements {
public:
    explicit RedisAnnouncements(RedisAnnouncementsParams params);
    ~RedisAnnouncements();
    RedisAnnouncements(const RedisAnnouncements&) = delete;
    RedisAnnouncements& operator=(const RedisAnnouncements&) = delete;

    /// Any thread; does not block.
    void announce(std::string_view key);
    [[nodiscard]] RedisAnnouncementsCounters counters() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::cache
