#include "validation/tiers.hpp"

#include <utility>

namespace vt::validation {

std::unique_ptr<cache::RemoteTier> remote_tier(std::string name, const TierSetup& setup, const ServerSetup& server,
                                               cache::Connect connect) {
    return std::make_unique<cache::RemoteTier>(cache::RemoteTierParams{.name = std::move(name),
                                                                       .connect = std::move(connect),
                                                                       .connections = server.connections,
                                                                       .deadline = kPatience,
                                                                       .schema = setup.schema});
}

TestedTiers::TestedTiers(const TierSetup& setup, Which which) : now_(to_ns(net::wall_now())) {
    const auto has = [which](Which tier) { return which == tier || which == Which::all; };
    std::unique_ptr<cache::RemoteTier> second, third;
    if (setup.memcached && has(Which::second))
        second = remote_tier("memcached", setup, *setup.memcached, cache::memcached_at(setup.memcached->address));
    if (setup.redis && has(Which::third))
        third = remote_tier("redis", setup, *setup.redis, cache::redis_at(setup.redis->address));
    cache_ = std::make_unique<cache::TieredCache>(
        cache::TieredCacheParams{.memory = setup.memory,
                                 .ttl = setup.ttl,
                                 .clock = [this] { return now(); },
                                 .executor = [this](std::function<void()> task) { loop_.post(std::move(task)); }},
        std::move(second), std::move(third));
}

TestedTiers::~TestedTiers() = default;

Result<cache::Answer> TestedTiers::answer(cache::Key key, const cache::TieredCache::Origin& origin) {
    if (auto found = cache_->find(key)) {
        if (found->is_refresh_due) cache_->renew(key, found->value.made_at, origin);
        return cache::Answer{.value = std::move(found->value), .source = cache::Source::memory};
    }
    const auto out = std::make_shared<std::optional<Result<cache::Answer>>>();
    cache_->fetch(key, origin, [out](const Result<cache::Answer>& answer) { *out = answer; });
    // Both tiers in turn may take their time; then the origin answers.
    if (!loop_.run_until([&] { return out->has_value(); }, 4 * kPatience))
        return fail(Errc::unavailable, "no tier and no origin has answered");
    return std::move(**out);
}

std::string key_text(std::string_view kind, std::uint64_t number) {
    return "validate/" + std::string(kind) + "/" + std::to_string(number);
}

}  // namespace vt::validation
