#pragma once

#include "base/result.hpp"
#include "cache/link.hpp"
#include "cache/redis_announcements.hpp"
#include "cache/tiered_cache.hpp"
#include "cache/warm_schedule.hpp"
#include "config/config.hpp"
#include "views/snapshot.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vt::runtime {

/// Raised when the form of the values changes: processes of two versions then do not see each other's.
inline constexpr std::uint32_t kCacheSchema = 1;

/// Which servers stand behind the memory: the second tier on memcached, the third on Redis.
struct CacheServers {
    std::optional<cache::ServerAddress> memcached;
    std::optional<cache::ServerAddress> redis;
};
/// What cache.type and the hosts say; see config/default.toml.
[[nodiscard]] CacheServers cache_servers(const config::Config::Cache& config);

struct CacheTiersParams {
    /// An event loop's post(); must outlive the tiers. See cache::TieredCacheParams.
    std::function<void(std::function<void()>)> executor;
    std::function<Timestamp()> clock;
    /// Unlike any other process's, and nothing that clients can know.
    std::uint64_t seed = 0;
};

/// "memcached 127.0.0.1:11211", for people.
[[nodiscard]] std::string shown_server(const char* kind, const cache::ServerAddress& address);

/// The cache as the configuration wants it, with what this process and others tell each other over Redis. Servers
/// that are away are no error: they are skipped until they answer. Destroyed on the executor's thread, or when that
/// runs no more.
class CacheTiers {
public:
    CacheTiers(const config::Config::Cache& config, CacheTiersParams params);
    CacheTiers(const CacheTiers&) = delete;
    CacheTiers& operator=(const CacheTiers&) = delete;

    [[nodiscard]] cache::TieredCache& cache() { return *cache_; }
    [[nodiscard]] const CacheServers& servers() const { return servers_; }
    /// How the tiers stand, the nearest first. Any thread; cost: a lock for each server
    [[nodiscard]] std::vector<views::TierRow> rows() const;
    /// Absent: there is no Redis.
    [[nodiscard]] std::optional<cache::RedisAnnouncementsCounters> announcements() const;

private:
    CacheServers servers_;
    std::unique_ptr<cache::TieredCache> cache_;
    std::unique_ptr<cache::RedisAnnouncements> announcements_;  // goes first: it calls the cache
};

/// A name of the database that no other has, as far as its address tells: two processes whose scores come from
/// different databases must not answer for each other. A file, or a server of this machine, is of this machine.
///   in:  url: of records; empty: nothing is kept
///   out: a digest; nothing of the address can be read from it
[[nodiscard]] std::string records_identity(const std::string& url, const std::string& machine);
/// What this machine is called: its host name and its id.
[[nodiscard]] std::string machine_name();

/// The schedule with its zone.
///   errors: configuration: none once the configuration was loaded
[[nodiscard]] Result<cache::WarmSchedule> warm_schedule(const config::Config::Cache& config);

}  // namespace vt::runtime
