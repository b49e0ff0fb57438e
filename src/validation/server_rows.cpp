#include "base/whole_number.hpp"
#include "cache/server_questions.hpp"
#include "report/text.hpp"
#include "validation/rows.hpp"

#include <array>
#include <condition_variable>
#include <mutex>

namespace vt::validation {

using report::Verdict;

namespace {

/// Asks for `at_once` keys at the same time and waits for every answer, again and again.
///   out: false: not every answer came
bool asked_in_rounds(cache::RemoteTier& tier, std::size_t at_once, std::size_t rounds) {
    struct Waiting {
        std::mutex mutex;
        std::condition_variable wake;
        std::size_t answers = 0;
    };
    const auto waiting = std::make_shared<Waiting>();
    for (std::size_t round = 0; round < rounds; ++round) {
        for (std::size_t i = 0; i < at_once; ++i) {
            tier.find(key_text("connections", i), net::wall_now(), [waiting](const auto&) {
                const std::lock_guard lock(waiting->mutex);
                ++waiting->answers;
                waiting->wake.notify_one();
            });
        }
        std::unique_lock lock(waiting->mutex);
        if (!waiting->wake.wait_for(lock, 2 * kPatience, [&] { return waiting->answers == (round + 1) * at_once; }))
            return false;
    }
    return true;
}

report::Finding connections_of(const TierSetup& setup, std::string name, const std::optional<ServerSetup>& server,
                               const std::function<cache::Connect()>& connect, std::size_t at_once,
                               std::size_t rounds) {
    constexpr double kLeastReuse = 0.99;
    constexpr std::size_t kMostConnections = 20;
    report::Finding out{
        .name = name + "_connections",
        .definition = std::to_string(at_once) + " look-ups at once, " + std::to_string(rounds) +
                      " times; connections that were opened, and the part of the calls that found one",
        .wanted = "at most 20 connections, at least 99 % reused"};
    if (!server) {
        out.measured = "-";
        out.verdict = Verdict::not_configured;
        return out;
    }
    const auto tier = remote_tier(name, setup, *server, connect());
    const bool is_complete = asked_in_rounds(*tier, at_once, rounds);
    const cache::RemoteTierCounters counters = tier->counters();
    if (!is_complete || counters.errors + counters.timeouts + counters.skipped > 0 || counters.calls == 0) {
        out.measured = std::to_string(counters.errors) + " errors, " + std::to_string(counters.timeouts) +
                       " timeouts, " + std::to_string(counters.skipped) + " skipped";
        out.remedy = "see that the server at " + server->address.host + ":" + std::to_string(server->address.port) +
                     " answers";
        return out;
    }
    const double reuse = 1 - static_cast<double>(counters.connects) / static_cast<double>(counters.calls);
    out.measured = std::to_string(counters.most_connections) + " connections, " + report::percent_text(reuse) +
                   " of " + std::to_string(counters.calls) + " calls reused one";
    out.verdict =
        counters.most_connections <= kMostConnections && reuse >= kLeastReuse ? Verdict::passed : Verdict::failed;
    out.value = static_cast<double>(counters.most_connections);
    out.unit = "connections";
    if (out.verdict == Verdict::failed) out.remedy = "set the connections of this tier to 20 or fewer";
    return out;
}

}  // namespace

Findings connections(const TierSetup& setup, std::size_t at_once, std::size_t rounds) {
    return {connections_of(
                setup, "l2", setup.memcached, [&] { return cache::memcached_at(setup.memcached->address); }, at_once,
                rounds),
            connections_of(
                setup, "l3", setup.redis, [&] { return cache::redis_at(setup.redis->address); }, at_once, rounds)};
}

Findings memcached_setup(const TierSetup& setup) {
    constexpr std::uint64_t kBytes = 4ULL << 30U, kConnections = 2'048;
    Findings out = {{.name = "memcached_memory",
                     .definition = "`maxbytes` of memcached's `stats settings`",
                     .wanted = "4 GB (4,294,967,296 bytes)",
                     .measured = "-",
                     .verdict = Verdict::not_configured},
                    {.name = "memcached_connection_limit",
                     .definition = "`maxconns` of memcached's `stats settings`",
                     .wanted = "2048",
                     .measured = "-",
                     .verdict = Verdict::not_configured}};
    if (!setup.memcached) return out;
    const auto settings =
        cache::memcached_settings(setup.memcached->address, std::chrono::steady_clock::now() + kPatience);
    const auto number = [&](const std::string& name) -> std::optional<std::uint64_t> {
        if (!settings) return std::nullopt;
        const auto found = settings->find(name);
        return found == settings->end() ? std::nullopt : whole_number<std::uint64_t>(found->second);
    };
    const std::array values = {number("maxbytes"), number("maxconns")};
    const std::array least = {kBytes, kConnections};
    const std::array remedies = {"start memcached with -m 4096 (in /etc/memcached.conf) if the values do not fit",
                                 "start memcached with -c 2048 (in /etc/memcached.conf) if many programs share it"};
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (!values[i]) {
            out[i].verdict = Verdict::not_measured;
            out[i].measured = settings ? "memcached does not say" : settings.error().what;
            out[i].remedy = "see that memcached answers";
            continue;
        }
        out[i].measured = std::to_string(*values[i]) + (i == 0 ? " bytes" : "");
        out[i].value = static_cast<double>(*values[i]);
        out[i].unit = i == 0 ? "bytes" : "connections";
        out[i].verdict = *values[i] >= least[i] ? Verdict::passed : Verdict::warning;
        if (*values[i] < least[i]) out[i].remedy = remedies[i];
    }
    return out;
}

}  // namespace vt::validation
