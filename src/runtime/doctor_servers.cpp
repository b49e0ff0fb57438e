#include "runtime/doctor_servers.hpp"

#include "base/whole_number.hpp"
#include "cache/server_questions.hpp"
#include "influx/verdict.hpp"
#include "net/http_client.hpp"
#include "records/backup.hpp"
#include "records/database_url.hpp"
#include "records/postgres_database.hpp"
#include "records/schema.hpp"
#include "records/sqlite_database.hpp"
#include "runtime/cache_tiers.hpp"
#include "runtime/series_sending.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace vt::runtime {
namespace {

using std::chrono::steady_clock;
using Facts = std::map<std::string, std::string>;

constexpr auto kServerLimit = std::chrono::seconds{2};
/// Of the database: what keeps, what reads, who may log in.
constexpr std::int64_t kDatabaseConnections = 3;

/// What is found at one server, under its name.
class Findings {
public:
    explicit Findings(std::string subject) : subject_(std::move(subject)) {}

    void add(const char* name, Finding finding, std::string text, std::string remedy = {}) {
        checks_.push_back({.subject = subject_,
                           .name = name,
                           .finding = finding,
                           .text = std::move(text),
                           .remedy = std::move(remedy),
                           .value_ms = std::nullopt});
    }
    /// An error whose text has its remedy behind the first semicolon.
    void add_failure(const char* name, const Error& error, const std::string& remedy) {
        const std::size_t end = error.what.find("; ");
        if (end == std::string::npos) return add(name, Finding::failed, error.what, remedy);
        add(name, Finding::failed, error.what.substr(0, end), error.what.substr(end + 2));
    }
    void add_reached(const std::string& what, steady_clock::time_point begun) {
        const double ms = std::chrono::duration<double, std::milli>(steady_clock::now() - begun).count();
        char text[32];
        std::snprintf(text, sizeof(text), "%.1f ms", ms);
        add("server", Finding::good, what + " answers in " + text);
        checks_.back().value_ms = ms;
    }
    [[nodiscard]] std::vector<Check> take() { return std::move(checks_); }

private:
    std::string subject_;
    std::vector<Check> checks_;
};

std::optional<std::uint64_t> number(const Facts& facts, const std::string& name) {
    const auto found = facts.find(name);
    return found == facts.end() ? std::nullopt : whole_number<std::uint64_t>(found->second);
}

std::string text_in(const Facts& facts, const std::string& name) {
    const auto found = facts.find(name);
    return found == facts.end() ? "?" : found->second;
}

std::string megabytes(std::uint64_t bytes) { return std::to_string(bytes >> 20U) + " MB"; }

/// Whether a server has room for so many connections of ours beside those that it has.
void look_at_connections(Findings& out, std::optional<std::uint64_t> most, std::optional<std::uint64_t> taken,
                         std::uint64_t wanted, const std::string& remedy) {
    if (!most || !taken) return;
    const bool is_enough = *taken + wanted <= *most;
    out.add("connections", is_enough ? Finding::good : Finding::warning,
            std::to_string(*taken) + " of " + std::to_string(*most) + " connections are taken; this program opens " +
                std::to_string(wanted) + " at most",
            is_enough ? "" : remedy);
}

std::vector<Check> look_at_memcached(const config::Config::Cache& config, const cache::ServerAddress& address) {
    Findings out("memcached");
    const auto begun = steady_clock::now();
    const auto facts = cache::memcached_statistics(address, begun + kServerLimit);
    if (!facts) {
        out.add_failure("server", facts.error(),
                        "start memcached there, or correct MEMCACHED_HOST and MEMCACHED_PORT; until then answers are "
                        "made without it");
        return out.take();
    }
    out.add_reached(shown_server("memcached", address) + ", version " + text_in(*facts, "version") + ",", begun);
    if (const auto most = number(*facts, "limit_maxbytes")) {
        const bool is_small = *most < config.l1.max_bytes;
        const std::uint64_t evicted = number(*facts, "evictions").value_or(0);
        out.add("memory",
                is_small      ? Finding::warning
                : evicted > 0 ? Finding::note
                              : Finding::good,
                "at most " + megabytes(*most) + ", " + megabytes(number(*facts, "bytes").value_or(0)) + " in use, " +
                    std::to_string(evicted) + " values put out for want of room",
                is_small ? "start it with -m " + std::to_string((config.l1.max_bytes >> 20U) * 4) +
                               ": it holds less than this process does itself (cache.l1.max_bytes)"
                : evicted > 0 ? "start it with a larger -m if its hits in `virtuoso cache stats` are few"
                              : "");
    }
    look_at_connections(out, number(*facts, "max_connections"), number(*facts, "curr_connections"),
                        config.memcached.connections, "start it with -c 2048, or lower cache.memcached.connections");
    return out.take();
}

void look_at_memory_of_redis(Findings& out, const Facts& facts) {
    const auto most = number(facts, "maxmemory");
    if (!most) return;
    const std::string used = megabytes(number(facts, "used_memory").value_or(0)) + " in use";
    if (*most == 0)
        return out.add("memory", Finding::note, "no limit, " + used,
                       "set maxmemory and maxmemory-policy allkeys-lru, so that it never takes the whole machine's");
    const std::string policy = text_in(facts, "maxmemory_policy");
    const bool is_refusing = policy == "noeviction";
    out.add("memory", is_refusing ? Finding::warning : Finding::good,
            "at most " + megabytes(*most) + ", " + used + ", policy " + policy,
            is_refusing ? "set maxmemory-policy allkeys-lru: once it is full it keeps nothing more" : "");
}

std::vector<Check> look_at_redis(const config::Config::Cache& config, const cache::ServerAddress& address) {
    Findings out("redis");
    const auto begun = steady_clock::now();
    const auto facts = cache::redis_information(address, begun + kServerLimit);
    if (!facts) {
        const bool is_refused = facts.error().code == Errc::refused;
        out.add_failure(is_refused ? "password" : "server", facts.error(),
                        "start Redis there, or correct REDIS_HOST and REDIS_PORT; until then answers are made "
                        "without it");
        return out.take();
    }
    out.add_reached(shown_server("Redis", address) + ", version " + text_in(*facts, "redis_version") + ",", begun);
    if (text_in(*facts, "role") == "slave")
        out.add("role", Finding::failed,
                "it is the replica of " + text_in(*facts, "master_host") + " and takes nothing",
                "name the server that writes in REDIS_HOST");
    if (text_in(*facts, "loading") == "1")
        out.add("loading", Finding::warning, "it still reads its file, and answers nothing else meanwhile",
                "wait, or give it less to keep");
    look_at_memory_of_redis(out, *facts);
    // Two more: other processes' announcements, and ours.
    look_at_connections(out, number(*facts, "maxclients"), number(*facts, "connected_clients"),
                        config.redis.connections + 2, "raise maxclients, or lower cache.redis.connections");
    return out.take();
}

Result<std::int64_t> whole(records::Database& database, const std::string& question) {
    VT_TRY(const records::Answer answer, database.ask(question, {}));
    const auto value = answer.rows.empty() ? std::nullopt : records::optional_of<std::int64_t>(answer.rows[0][0]);
    if (!value) return fail(Errc::malformed, database.title() + " gave no number");
    return *value;
}

/// What both kinds of database have: a schema of this program, or none yet.
void look_at_schema(Findings& out, records::Database& database) {
    if (const auto known = records::refuse_newer(database); !known)
        return out.add_failure("schema", known.error(), "start the program that made it");
    const auto version = records::schema_version(database);
    if (!version) return out.add_failure("schema", version.error(), "look at the server's log");
    if (*version == 0) return out.add("schema", Finding::good, "empty; the first run makes its tables");
    const bool is_old = *version < records::latest_version();
    out.add("schema", is_old ? Finding::note : Finding::good,
            "schema " + std::to_string(*version) +
                (is_old ? " of an older program; this one's is " + std::to_string(records::latest_version()) : ""),
            is_old ? "the next run brings it up; `virtuoso storage backup` before it keeps a copy" : "");
}

std::vector<Check> look_at_postgres(const std::string& conninfo) {
    Findings out("database");
    const auto begun = steady_clock::now();
    const auto database = records::PostgresDatabase::open(conninfo, kServerLimit);
    if (!database) {
        out.add_failure("server", database.error(), "check DATABASE_URL");
        return out.take();
    }
    const auto version = whole(**database, "SELECT current_setting('server_version_num')::BIGINT / 10000");
    if (!version) {
        out.add_failure("server", version.error(), "look at the server's log");
        return out.take();
    }
    out.add_reached((*database)->title() + ", version " + std::to_string(*version) + ",", begun);
    look_at_schema(out, **database);
    const auto may_make = whole(**database, "SELECT has_schema_privilege(current_schema(), 'CREATE')::INT::BIGINT");
    if (may_make && *may_make == 0)
        out.add("rights", Finding::failed, "this user may not make tables there",
                "GRANT CREATE ON SCHEMA public TO the user of DATABASE_URL, or make it the database's owner");
    const auto most = whole(**database,
                            "SELECT current_setting('max_connections')::BIGINT - "
                            "current_setting('superuser_reserved_connections')::BIGINT");
    const auto taken =
        whole(**database, "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'");
    if (most && taken)
        look_at_connections(out, static_cast<std::uint64_t>(*most), static_cast<std::uint64_t>(*taken),
                            kDatabaseConnections, "raise max_connections, or end what holds them");
    return out.take();
}

std::vector<Check> look_at_sqlite(const std::filesystem::path& path) {
    Findings out("database");
    std::error_code failed;
    const auto size = std::filesystem::file_size(path, failed);
    if (failed) {
        std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
        while (!std::filesystem::exists(folder, failed) && folder.has_parent_path() && folder != folder.parent_path())
            folder = folder.parent_path();
        out.add("file", Finding::note,
                path.string() + " is not there yet; the first run makes it in " + folder.string());
        return out.take();
    }
    const auto database = records::SqliteDatabase::open_read_only(path);
    if (!database) {
        out.add_failure("file", database.error(), "name another file with records.database_url (DATABASE_URL)");
        return out.take();
    }
    out.add("file", Finding::good, path.string() + ", " + megabytes(size));
    look_at_schema(out, **database);
    return out.take();
}

std::vector<Check> look_at_database(const std::string& url) {
    const auto parsed = records::parse_database_url(url);
    if (!parsed) {
        Findings out("database");
        out.add_failure("address", parsed.error(), "check DATABASE_URL");
        return out.take();
    }
    return parsed->backend == records::Backend::postgres ? look_at_postgres(parsed->conninfo)
                                                         : look_at_sqlite(parsed->path);
}

std::vector<Check> look_at_series(const config::Config& config) {
    Findings out("series");
    const auto params = series_writer_params(config, {});
    auto call = params ? influx::empty_write(*params) : tl::unexpected<Error>(params.error());
    if (!call) {
        out.add_failure("address", call.error(), "check INFLUXDB_URL and INFLUXDB_BUCKET");
        return out.take();
    }
    call->timeout = kServerLimit;
    const auto begun = steady_clock::now();
    net::Loop loop;
    net::HttpClient client(loop, params->http);
    const auto answer = std::make_shared<std::optional<Result<net::HttpResponse>>>();
    client.send(std::move(*call), [answer](Result<net::HttpResponse> response) { *answer = std::move(response); });
    if (!loop.run_until([&] { return answer->has_value(); }, kServerLimit)) {
        out.add("server", Finding::failed, config.influxdb.url + " does not answer within 2 s",
                "check INFLUXDB_URL, and what listens there; lines wait on disk meanwhile");
        return out.take();
    }
    // InfluxDB 2 says 400 to a write without lines, once it has looked at token, organisation and bucket.
    if (const bool is_nothing_missing = **answer && (**answer)->status == 400; is_nothing_missing) {
        out.add_reached(config.influxdb.url, begun);
        return out.take();
    }
    const influx::Verdict verdict = influx::judge(**answer);
    if (verdict.problem.empty()) {
        out.add_reached(config.influxdb.url, begun);
    } else {
        out.add_failure("server", Error{Errc::unavailable, verdict.problem},
                        "look at the server's log; lines wait on disk meanwhile");
    }
    return out.take();
}

}  // namespace

std::vector<Check> check_servers(const config::Config& config, const std::string& records_url) {
    const CacheServers servers = cache_servers(config.cache);
    std::vector<std::future<std::vector<Check>>> looking;
    const auto look = [&](std::function<std::vector<Check>()> how) {
        looking.push_back(std::async(std::launch::async, std::move(how)));
    };
    if (servers.memcached) look([&] { return look_at_memcached(config.cache, *servers.memcached); });
    if (servers.redis) look([&] { return look_at_redis(config.cache, *servers.redis); });
    if (!records_url.empty()) look([&] { return look_at_database(records_url); });
    if (!config.influxdb.url.empty()) look([&] { return look_at_series(config); });
    std::vector<Check> all;
    for (auto& one : looking) {
        for (Check& check : one.get()) all.push_back(std::move(check));
    }
    return all;
}

}  // namespace vt::runtime
