#pragma once

#include "cache/link.hpp"
#include "cache/tiered_cache.hpp"
#include "net/loop.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace vt::validation {

/// A server as the configuration has it.
struct ServerSetup {
    cache::ServerAddress address;
    std::size_t connections = 20;
};

/// The tiers that are to be validated, as the program would build them.
struct TierSetup {
    cache::MemoryTierParams memory = {};
    cache::TtlParams ttl = {};
    std::optional<ServerSetup> memcached = {};  ///< the second tier
    std::optional<ServerSetup> redis = {};      ///< the third
    /// Of the values on the servers, where it is a part of every name: one that no program and no other validation
    /// has.
    std::uint32_t schema = kSchemasFrom;

    /// From here on schemas are for validations.
    static constexpr std::uint32_t kSchemasFrom = 0x8000'0000;
};

/// For how long a question may take where the figure is not a time: a busy machine must not look like a wrong answer.
inline constexpr Nanos kPatience = std::chrono::seconds{2};

enum class Which : std::uint8_t { memory = 0, second = 1, third = 2, all = 3 };

/// The tiers with a clock that is set by hand and a loop that is turned by hand, so that their times to live run as
/// fast as their user likes.
class TestedTiers {
public:
    TestedTiers(const TierSetup& setup, Which which);
    ~TestedTiers();
    TestedTiers(const TestedTiers&) = delete;
    TestedTiers& operator=(const TestedTiers&) = delete;

    [[nodiscard]] Timestamp now() const { return from_ns(now_.load(std::memory_order_relaxed)); }
    void set_now(Timestamp now) { now_ = to_ns(now); }
    void advance(Nanos by) { now_ += by.count(); }

    /// The answer as a route would get it: the first tier, else fetch() and a turn of the loop until it is there. A
    /// renewal that falls due is begun.
    [[nodiscard]] Result<cache::Answer> answer(cache::Key key, const cache::TieredCache::Origin& origin);
    /// Runs what has come back from the servers.
    void turn() { (void)loop_.poll(); }
    [[nodiscard]] cache::TieredCache& cache() { return *cache_; }

private:
    std::atomic<std::int64_t> now_;
    net::Loop loop_;
    std::unique_ptr<cache::TieredCache> cache_;  // after the loop, which must outlive it
};

/// "validate/KIND/NUMBER"
[[nodiscard]] std::string key_text(std::string_view kind, std::uint64_t number);
/// A tier on a server of the setup.
[[nodiscard]] std::unique_ptr<cache::RemoteTier> remote_tier(std::string name, const TierSetup& setup,
                                                             const ServerSetup& server, cache::Connect connect);

}  // namespace vt::validation
