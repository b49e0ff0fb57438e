#include "api/cache_json.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace vt::api {
namespace {

using cache::RemoteTierCounters;
using cache::Source;

std::optional<double> microseconds(const std::optional<Nanos>& span) {
    return span ? std::optional(static_cast<double>(span->count()) / 1'000) : std::nullopt;
}

std::optional<std::int64_t> milliseconds(const std::optional<Nanos>& span) {
    return span ? std::optional(std::chrono::floor<std::chrono::milliseconds>(*span).count()) : std::nullopt;
}

void write_latency(JsonWriter& out, const CacheTraffic::Served& served) {
    out.field("latency_p50_us", microseconds(served.taken.percentile(0.5)));
    out.field("latency_p99_us", microseconds(served.taken.percentile(0.99)));
}

void write_age(JsonWriter& out, const CacheTraffic::Served& served) {
    out.field("age_p50_ms", milliseconds(served.age.percentile(0.5)));
    out.field("age_max_ms", served.answers > 0 ? milliseconds(served.oldest) : std::nullopt);
}

/// What is known of a tier from those who asked.
void write_traffic(JsonWriter& out, const CacheTraffic& traffic, Source tier, bool is_on) {
    const CacheTraffic::LookUps found = traffic.look_ups(tier);
    const auto if_on = [is_on](std::uint64_t number) { return is_on ? std::optional(number) : std::nullopt; };
    out.field("hits", if_on(found.hits)).field("misses", if_on(found.misses));
    out.field("hit_rate", is_on ? found.hit_rate() : std::nullopt);
    const std::uint64_t answers = traffic.answers();
    const auto share = static_cast<double>(found.hits) / static_cast<double>(answers);
    out.field("share_of_answers", is_on && answers > 0 ? std::optional(share) : std::nullopt);
    write_latency(out, traffic.served(tier));
    write_age(out, traffic.served(tier));
}

void write_memory(JsonWriter& out, const CachedAnswers& answers, const cache::TieredCacheCounters& all) {
    out.begin_object().field("name", source_name(Source::memory)).field("server", std::optional<std::string>());
    write_traffic(out, answers.traffic(), Source::memory, true);
    out.field("items", all.memory.items).field("items_max", answers.params().items_max);
    out.field("bytes", all.memory.bytes).field("bytes_max", answers.params().bytes_max);
    out.field("evictions", all.memory.evictions).field("expirations", all.memory.expirations);
    out.field("rejections", all.memory.rejections);
    out.key("breaker").null().key("calls").null().end_object();
}

/// Of a server all calls are counted, those of warming and renewing too.
void write_calls(JsonWriter& out, const RemoteTierCounters& tier) {
    out.begin_object().field("look_ups_hit", tier.hits).field("look_ups_missed", tier.misses);
    out.field("errors", tier.errors).field("timeouts", tier.timeouts).field("corrupt", tier.corrupt);
    out.field("skipped", tier.skipped).field("writes", tier.writes).field("failed_writes", tier.failed_writes);
    out.field("dropped_writes", tier.dropped_writes).field("connects", tier.connects).field("sent", tier.calls);
    out.field("connections", tier.connections).field("connections_most", tier.most_connections);
    out.field("waiting", tier.queued);
    out.field("latency_p50_us", microseconds(tier.p50)).field("latency_p99_us", microseconds(tier.p99)).end_object();
}

void write_remote(JsonWriter& out, const CacheTraffic& traffic, Source source, const std::string& server,
                  const std::optional<RemoteTierCounters>& tier) {
    out.begin_object().field("name", source_name(source));
    out.field("server", tier ? std::optional(server) : std::nullopt);
    write_traffic(out, traffic, source, tier.has_value());
    for (const char* member : {"items", "items_max", "bytes", "bytes_max", "evictions", "expirations", "rejections"})
        out.key(member).null();  // the server's own affair
    out.key("breaker");
    if (!tier) {
        out.null().key("calls").null().end_object();
        return;
    }
    out.begin_object().field("state", cache::name(tier->breaker)).field("openings", tier->breaker_openings);
    out.end_object().key("calls");
    write_calls(out, *tier);
    out.end_object();
}

void write_route(JsonWriter& out, const std::string& route, const CacheTraffic::Traffic& traffic) {
    const auto p50 = [&](Source source) { return traffic.by_source[index_of(source)].taken.percentile(0.5); };
    out.begin_object().field("route", route).field("answers", traffic.answers());
    for (const Source source : {Source::memory, Source::second, Source::third, Source::origin})
        out.field(source_name(source), traffic.by_source[index_of(source)].answers);
    const auto near = p50(Source::memory), far = p50(Source::origin);
    out.field("l1_p50_us", microseconds(near)).field("origin_p50_us", microseconds(far));
    const bool is_known = near && far && near->count() > 0;
    out.field("origin_over_l1",
              is_known ? std::optional(static_cast<double>(far->count()) / static_cast<double>(near->count()))
                       : std::nullopt);
    out.end_object();
}

void write_warming(JsonWriter& out, const WarmingState& state, const CachingParams& params) {
    const auto instant = [](const std::optional<Timestamp>& at) {
        return at ? std::optional(to_ms(*at)) : std::nullopt;
    };
    out.begin_object().field("hours", state.hours ? std::optional(cache::name(*state.hours)) : std::nullopt);
    out.field("every_seconds",
              state.hours ? std::optional(params.schedule->every(*state.hours).count()) : std::nullopt);
    out.field("next_at", instant(state.next_at)).field("last_at", instant(state.last_at));
    out.field("under_way", state.is_under_way).field("cycles", state.cycles);
    out.field("attempted", state.total.attempted).field("warmed", state.total.warmed).field("read", state.read);
    out.field("left_out", state.total.left_out).key("last");
    if (state.last_at) {
        write_warmed_cycle(out, state.last);
    } else {
        out.null();
    }
    out.end_object();
}

}  // namespace

void write_warmed_cycle(JsonWriter& out, const WarmedCycle& cycle) {
    out.begin_object().field("attempted", cycle.attempted).field("warmed", cycle.warmed);
    out.field("left_out", cycle.left_out).end_object();
}

void write_cache_metrics(JsonWriter& out, const CachedAnswers& answers) {
    const CachingParams& params = answers.params();
    const CacheTraffic& traffic = answers.traffic();
    const cache::TieredCacheCounters all =
        params.tiers != nullptr ? params.tiers->counters() : cache::TieredCacheCounters{};
    out.begin_object().field("timestamp", to_ms(params.clock())).field("answers", traffic.answers());
    out.field("failures", traffic.failures()).key("tiers").begin_array();
    if (params.tiers != nullptr) {
        write_memory(out, answers, all);
        write_remote(out, traffic, Source::second, params.second_server, all.second);
        write_remote(out, traffic, Source::third, params.third_server, all.third);
    }
    out.end_array();
    const CacheTraffic::Served& computed = traffic.served(Source::origin);
    out.key("origin").begin_object().field("answers", computed.answers);
    out.field("share_of_answers", traffic.answers() > 0 ? std::optional(static_cast<double>(computed.answers) /
                                                                        static_cast<double>(traffic.answers()))
                                                        : std::nullopt);
    write_latency(out, computed);
    out.field("runs", all.origin_runs).field("failed_runs", all.origin_failures).field("joined", all.joined);
    out.end_object();
    out.field("promotions", all.promotions).field("renewals", all.renewals).field("too_old", all.too_old);
    out.key("routes").begin_array();
    for (const auto& [route, of_route] : traffic.routes()) write_route(out, route, *of_route);
    out.end_array().key("warming");
    write_warming(out, answers.warming(), params);
    out.end_object();
}

void count_cache(obs::Metrics& metrics, const CachedAnswers& answers) {
    const CachingParams& params = answers.params();
    if (params.tiers == nullptr) return;
    const CacheTraffic& traffic = answers.traffic();
    const cache::TieredCacheCounters all = params.tiers->counters();
    const auto count = [&](obs::MetricName name, std::uint64_t total, const obs::Labels& labels) {
        metrics.counter(name, labels).advance_to(static_cast<double>(total));
    };
    const auto count_requests = [&](Source tier, const char* result, std::uint64_t total) {
        count({"virtuoso_cache_requests_total", "Look-ups of those who asked the API, by tier; origin: computed"},
              total, {{"tier", std::string(source_name(tier))}, {"result", result}});
    };
    const auto count_tier = [&](Source tier) {
        const CacheTraffic::LookUps found = traffic.look_ups(tier);
        count_requests(tier, "hit", found.hits);
        count_requests(tier, "miss", found.misses);
    };
    count_tier(Source::memory);
    count_requests(Source::origin, "computed", traffic.served(Source::origin).answers);
    count_requests(Source::origin, "failed", traffic.failures());
    metrics.gauge({"virtuoso_cache_items", "Answers in the first tier"}).set(static_cast<double>(all.memory.items));
    metrics.gauge({"virtuoso_cache_bytes", "Their memory"}).set(static_cast<double>(all.memory.bytes));
    count({"virtuoso_cache_evictions_total", "Answers that left the first tier for others"}, all.memory.evictions,
          {});
    count({"virtuoso_cache_promotions_total", "Answers copied to a nearer tier"}, all.promotions, {});
    const WarmingState warming = answers.warming();
    for (const auto& [result, total] : {std::pair{"attempted", warming.total.attempted},
                                        {"warmed", warming.total.warmed},
                                        {"read", warming.read},
                                        {"left_out", warming.total.left_out}})
        count({"virtuoso_cache_warming_total", "Keys of warming cycles, and what became of them"}, total,
              {{"result", result}});
    for (const auto& [source, tier] : {std::pair{Source::second, &all.second}, {Source::third, &all.third}}) {
        if (!*tier) continue;
        count_tier(source);
        const std::string name(source_name(source));
        metrics
            .gauge({"virtuoso_cache_breaker_closed", "1: calls go to the server; 0: it is left alone or tried"},
                   {{"tier", name}})
            .set((*tier)->breaker == cache::Breaker::State::closed ? 1 : 0);
        for (const auto& [reason, total] : {std::pair{"error", (*tier)->errors},
                                            {"timeout", (*tier)->timeouts},
                                            {"corrupt", (*tier)->corrupt},
                                            {"skipped", (*tier)->skipped}})
            count({"virtuoso_cache_calls_failed_total", "Look-ups on a server that brought nothing"}, total,
                  {{"tier", name}, {"reason", reason}});
    }
}

}  // namespace vt::api
