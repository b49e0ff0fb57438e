#include "base/whole_number.hpp"
#include "cache/zone_rule.hpp"
#include "config/binding.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace vt::config {
namespace {

constexpr std::array<std::string_view, cache::kTiers> kTierKeys = {"l1_seconds", "l2_seconds", "l3_seconds"};

/// A host as a name or an address; what belongs to other knobs is refused.
bool is_host(const std::string& given) {
    const auto is_of_a_host = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
               c == '_' || c == ':';
    };
    const bool has_port = std::count(given.begin(), given.end(), ':') == 1;  // an IPv6 address has more
    return !has_port && given.size() <= 253 && std::all_of(given.begin(), given.end(), is_of_a_host);
}

bool is_cache_type(const std::string& given) {
    return given.empty() || given == "memory" || given == "memcached" || given == "redis";
}

/// A number of whole seconds.
template <class Field>
Binding seconds(Knob knob, Field field, std::int64_t low, std::int64_t high) {
    return {bounded(knob, KnobKind::whole_number, low, high),
            [=](Config& config, const Value& value) -> Result<void> {
                const auto* number = std::get_if<std::int64_t>(&value);
                if (number == nullptr || *number < low || *number > high)
                    return fail(Errc::configuration,
                                "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high));
                field(config) = std::chrono::seconds{*number};
                return {};
            },
            [=](const Config& config) {
                const auto value = field(const_cast<Config&>(config));
                return number_text(std::chrono::duration_cast<std::chrono::seconds>(value).count());
            }};
}

/// "09:30". out: nothing for anything else; "24:00" is the end of the day
std::optional<std::chrono::minutes> time_of_day(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto hours = vt::whole_number<unsigned>(text.substr(0, 2));
    const auto minutes = vt::whole_number<unsigned>(text.substr(3));
    if (!hours || !minutes || *minutes > 59) return std::nullopt;
    const std::chrono::minutes time{*hours * 60 + *minutes};
    return time <= std::chrono::hours{24} ? std::optional(time) : std::nullopt;
}

std::string time_text(std::chrono::minutes time) {
    const auto two = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    return quoted_text(two(time.count() / 60) + ":" + two(time.count() % 60));
}

template <class Field>
Binding clock_time(Knob knob, Field field) {
    return {knob,
            [=](Config& config, const Value& value) -> Result<void> {
                const auto* given = std::get_if<std::string>(&value);
                const auto time = given != nullptr ? time_of_day(*given) : std::nullopt;
                if (!time) return fail(Errc::configuration, "must be a time of day like \"09:30\", to \"24:00\"");
                field(config) = *time;
                return {};
            },
            [=](const Config& config) { return time_text(field(const_cast<Config&>(config))); }};
}

/// A time zone that this machine knows, or a rule.
Binding zone() {
    Binding binding = text(
        {"cache.warm.zone", "", "time zone of the hours below: a name, or a rule like EST5EDT,M3.2.0,M11.1.0"},
        [](Config& c) -> std::string& { return c.cache.warm.zone; }, [](const std::string&) { return true; }, "");
    binding.set = [](Config& config, const Value& value) -> Result<void> {
        const auto* given = std::get_if<std::string>(&value);
        if (given == nullptr) return fail(Errc::configuration, "must be a time zone like \"America/New_York\"");
        if (auto known = cache::ZoneRule::named(*given); !known)
            return fail(Errc::configuration, "must be a time zone: " + known.error().what);
        config.cache.warm.zone = *given;
        return {};
    };
    return binding;
}

void add_login_of_redis(std::vector<Binding>& list) {
    list.push_back(text(
        {"cache.redis.user", "", "user whose password it is; empty: Redis' default user"},
        [](Config& c) -> std::string& { return c.cache.redis.user; }, [](const std::string&) { return true; },
        "a text"));
    list.push_back(secret({"cache.redis.password", "REDIS_PASSWORD", "password that Redis asks for; empty: none"},
                          [](Config& c) -> std::string& { return c.cache.redis.password; }));
}

void add_servers(std::vector<Binding>& list) {
    using Server = Config::Cache::Server;
    struct Row {
        std::string name;
        std::string_view host_variable;
        std::string_view port_variable;
        Server Config::Cache::* server;
    };
    for (const Row& row : {Row{"memcached", "MEMCACHED_HOST", "MEMCACHED_PORT", &Config::Cache::memcached},
                           Row{"redis", "REDIS_HOST", "REDIS_PORT", &Config::Cache::redis}}) {
        const auto key = [&](const char* last) { return kept_text("cache." + row.name + "." + last); };
        const auto server = row.server;
        list.push_back(text(
            {key("host"), row.host_variable, kept_text("host of " + row.name + "; empty: see cache.type")},
            [server](Config& c) -> std::string& { return (c.cache.*server).host; }, is_host,
            "a host's name or address without a port, which has a key of its own"));
        list.push_back(whole_number(
            {key("port"), row.port_variable, kept_text("port of " + row.name)},
            [server](Config& c) -> std::uint16_t& { return (c.cache.*server).port; }, 1, 65535));
        if (row.server == &Config::Cache::redis) add_login_of_redis(list);
        list.push_back(whole_number(
            {key("connections"), "", "connections at most, opened as they are needed, each with a thread"},
            [server](Config& c) -> std::uint32_t& { return (c.cache.*server).connections; }, 1, 256));
        list.push_back(whole_number(
            {key("deadline_ms"), "", "how long a call may take; then the answer is made without it"},
            [server](Config& c) -> std::uint32_t& { return (c.cache.*server).deadline_ms; }, 1, 1'000));
    }
}

void add_times_to_live(std::vector<Binding>& list) {
    for (std::size_t i = 0; i < cache::kTtlClasses; ++i) {
        const std::string name(cache::name(static_cast<cache::TtlClass>(i)));
        for (std::size_t tier = 0; tier < cache::kTiers; ++tier) {
            list.push_back(seconds(
                {kept_text("cache.ttl." + name + "." + std::string(kTierKeys[tier])), "",
                 kept_text("for how long tier " + std::to_string(tier + 1) + " serves an answer of class " + name)},
                [i, tier](Config& c) -> Nanos& { return c.cache.ttl.by_class[i][tier]; }, 1, 86'400));
        }
    }
}

void add_warming(std::vector<Binding>& list) {
    list.push_back(zone());
    const auto time = [&](std::string_view key, std::string_view meaning,
                          std::chrono::minutes cache::WarmScheduleParams::* field) {
        list.push_back(clock_time({key, "", meaning}, [field](Config& c) -> std::chrono::minutes& {
            return c.cache.warm.schedule.*field;
        }));
    };
    time("cache.warm.before_from", "beginning of the hours before the market opens",
         &cache::WarmScheduleParams::before_from);
    time("cache.warm.open_from", "when the market opens", &cache::WarmScheduleParams::open_from);
    time("cache.warm.open_to", "when it closes", &cache::WarmScheduleParams::open_to);
    time("cache.warm.after_to", "end of the hours after that", &cache::WarmScheduleParams::after_to);
    const auto pace = [&](std::string_view key, std::string_view meaning,
                          std::chrono::seconds cache::WarmScheduleParams::* field) {
        list.push_back(seconds(
            {key, "", meaning}, [field](Config& c) -> std::chrono::seconds& { return c.cache.warm.schedule.*field; },
            5, 3'600));
    };
    pace("cache.warm.before_seconds", "time between two cycles before the market opens",
         &cache::WarmScheduleParams::before_every);
    pace("cache.warm.open_seconds", "the same while it is open", &cache::WarmScheduleParams::open_every);
    pace("cache.warm.after_seconds", "the same after that", &cache::WarmScheduleParams::after_every);
    pace("cache.warm.closed_seconds", "the same overnight and at weekends", &cache::WarmScheduleParams::closed_every);
    list.push_back(whole_number(
        {"cache.warm.keys_max", "", "answers that one cycle renews at most; 0 warms nothing"},
        [](Config& c) -> std::uint32_t& { return c.cache.warm.keys_max; }, 0, 10'000));
    list.push_back(whole_number(
        {"cache.warm.budget_ms", "", "time after which a cycle begins no further answer"},
        [](Config& c) -> std::uint32_t& { return c.cache.warm.budget_ms; }, 10, 60'000));
}

/// Where the last of these keys was set in the file; empty: not there.
std::string place_of(const Loaded& loaded, const std::vector<std::string>& keys) {
    std::string where;
    for (const std::string& key : keys) {
        if (const auto place = loaded.places.find(key); place != loaded.places.end()) where = place->second;
    }
    return where;
}

}  // namespace

std::vector<Binding> cache_bindings() {
    std::vector<Binding> list;
    list.push_back(text(
        {"cache.type", "CACHE_TYPE",
         "tiers behind the memory: memcached (and Redis), redis, memory (none), or empty"},
        [](Config& c) -> std::string& { return c.cache.type; }, is_cache_type,
        "memcached, redis, memory, or empty (the servers whose host is set)"));
    list.push_back(whole_number(
        {"cache.l1.max_items", "", "answers that are kept in this process at most"},
        [](Config& c) -> std::uint64_t& { return c.cache.l1.max_items; }, 1, 10'000'000));
    list.push_back(whole_number(
        {"cache.l1.max_bytes", "", "memory that they may take"},
        [](Config& c) -> std::uint64_t& { return c.cache.l1.max_bytes; }, 1 << 20, 1LL << 36));
    add_servers(list);
    add_times_to_live(list);
    add_warming(list);
    return list;
}

Result<void> check_cache(const Loaded& loaded) {
    const Config::Cache& cache = loaded.config.cache;
    for (std::size_t i = 0; i < cache::kTtlClasses; ++i) {
        const cache::TtlParams::Row& row = cache.ttl.by_class[i];
        if (std::is_sorted(row.begin(), row.end())) continue;
        const std::string table = "cache.ttl." + std::string(cache::name(static_cast<cache::TtlClass>(i)));
        std::vector<std::string> keys;
        for (const std::string_view key : kTierKeys) keys.push_back(table + "." + std::string(key));
        return fail(Errc::configuration,
                    place_of(loaded, keys) + table +
                        " must not become shorter from l1_seconds to l2_seconds to l3_seconds: a nearer tier's copy "
                        "ends with the one that it was made from");
    }
    if (!cache.redis.user.empty() && cache.redis.password.empty())
        return fail(Errc::configuration,
                    place_of(loaded, {"cache.redis.user"}) +
                        "cache.redis.user is set, and its password is not: give it in REDIS_PASSWORD, "
                        "REDIS_PASSWORD_FILE or cache.redis.password");
    const cache::WarmScheduleParams& day = cache.warm.schedule;
    if (day.before_from > day.open_from || day.open_from > day.open_to || day.open_to > day.after_to)
        return fail(Errc::configuration,
                    place_of(loaded, {"cache.warm.before_from", "cache.warm.open_from", "cache.warm.open_to",
                                      "cache.warm.after_to"}) +
                        "the times of cache.warm must be in the order before_from, open_from, open_to, after_to; for "
                        "New York 04:00, 09:30, 16:00, 20:00");
    return {};
}

}  // namespace vt::config
