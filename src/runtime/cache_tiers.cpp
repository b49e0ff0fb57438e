#include "runtime/cache_tiers.hpp"

#include "base/digest.hpp"
#include "records/database_url.hpp"

#include <unistd.h>

#include <array>
#include <chrono>
#include <fstream>
#include <string_view>
#include <utility>

namespace vt::runtime {
namespace {

constexpr const char* kThisMachine = "127.0.0.1";

cache::ServerAddress address_of(const config::Config::Cache::Server& server) {
    return {.host = server.host.empty() ? kThisMachine : server.host,
            .port = server.port,
            .user = server.user,
            .password = server.password};
}

std::unique_ptr<cache::RemoteTier> tier_of(const char* name, cache::Connect connect,
                                           const config::Config::Cache::Server& server, std::uint64_t seed) {
    return std::make_unique<cache::RemoteTier>(
        cache::RemoteTierParams{.name = name,
                                .connect = std::move(connect),
                                .connections = server.connections,
                                .deadline = std::chrono::milliseconds{server.deadline_ms},
                                .schema = kCacheSchema,
                                .seed = seed});
}

}  // namespace

CacheServers cache_servers(const config::Config::Cache& config) {
    CacheServers servers;
    if (config.type == "memory") return servers;
    // Redis for both further tiers is one tier: to ask the same server twice gains nothing.
    const bool is_redis_alone = config.type == "redis";
    const bool are_both = config.type == "memcached";
    if (!is_redis_alone && (are_both || !config.memcached.host.empty()))
        servers.memcached = address_of(config.memcached);
    if (is_redis_alone || are_both || !config.redis.host.empty()) servers.redis = address_of(config.redis);
    return servers;
}

CacheTiers::CacheTiers(const config::Config::Cache& config, CacheTiersParams params)
    : servers_(cache_servers(config)) {
    cache::TieredCacheParams tiers{
        .memory = {.max_items = config.l1.max_items, .max_bytes = config.l1.max_bytes, .seed = params.seed},
        .ttl = config.ttl,
        .clock = std::move(params.clock),
        .executor = std::move(params.executor)};
    if (servers_.redis) {
        tiers.announce = [this](std::string_view key) {
            if (announcements_) announcements_->announce(key);
        };
    }
    cache_ = std::make_unique<cache::TieredCache>(
        std::move(tiers),
        servers_.memcached
            ? tier_of("memcached", cache::memcached_at(*servers_.memcached), config.memcached, params.seed)
            : nullptr,
        servers_.redis ? tier_of("redis", cache::redis_at(*servers_.redis), config.redis, params.seed) : nullptr);
    if (!servers_.redis) return;
    announcements_ = std::make_unique<cache::RedisAnnouncements>(
        cache::RedisAnnouncementsParams{.address = *servers_.redis,
                                        .sender = params.seed,
                                        .on_forgotten = [cache = cache_.get()](std::string_view key) {
                                            key.empty() ? cache->erase_all_here() : cache->erase_here(key);
                                        }});
}

std::string shown_server(const char* kind, const cache::ServerAddress& address) {
    return std::string(kind) + " " + address.host + ":" + std::to_string(address.port);
}

std::vector<views::TierRow> CacheTiers::rows() const {
    std::vector<views::TierRow> all = {{.name = "l1", .server = "memory"}};
    const auto add = [&](const char* name, const char* kind, const auto& server, const auto& state) {
        if (!server || !state) return;
        all.push_back({.name = name,
                       .server = shown_server(kind, *server),
                       .is_in_use = *state == cache::Breaker::State::closed});
    };
    add("l2", "memcached", servers_.memcached, cache_->second_state());
    add("l3", "redis", servers_.redis, cache_->third_state());
    return all;
}

std::optional<cache::RedisAnnouncementsCounters> CacheTiers::announcements() const {
    if (!announcements_) return std::nullopt;
    return announcements_->counters();
}

std::string records_identity(const std::string& url, const std::string& machine) {
    const std::string address = records::without_password(url);
    // A server on a host with a name of its own is the same one from wherever it is asked.
    const auto parsed = records::parse_database_url(url);
    const bool is_server = parsed && parsed->backend == records::Backend::postgres;
    const std::size_t at = address.find("://");
    std::string_view host = at == std::string::npos ? std::string_view() : std::string_view(address).substr(at + 3);
    host = host.substr(0, host.find('/'));
    if (const std::size_t user = host.rfind('@'); user != std::string_view::npos) host.remove_prefix(user + 1);
    const bool is_elsewhere = is_server && !host.empty() && !host.starts_with(':') &&
                              !host.starts_with("localhost") && !host.starts_with("127.") &&
                              !host.starts_with("[::1]") && !host.starts_with('%');
    Digest digest;
    digest.update(address);
    if (!is_elsewhere) digest.update("\n" + machine);
    return digest.hex().substr(0, 32);
}

std::string machine_name() {
    std::array<char, 256> host{};
    (void)::gethostname(host.data(), host.size() - 1);
    std::ifstream file("/etc/machine-id");
    std::string id;
    std::getline(file, id);
    return std::string(host.data()) + " " + id;
}

Result<cache::WarmSchedule> warm_schedule(const config::Config::Cache& config) {
    cache::WarmScheduleParams params = config.warm.schedule;
    auto zone = cache::ZoneRule::named(config.warm.zone);
    if (!zone) return fail(Errc::configuration, "cache.warm.zone: " + zone.error().what);
    params.zone = *zone;
    return cache::WarmSchedule(params);
}

}  // namespace vt::runtime
