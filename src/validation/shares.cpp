#include "base/prng.hpp"
#include "cache/zipf_keys.hpp"
#include "report/text.hpp"
#include "validation/rows.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace vt::validation {

using report::Verdict;

namespace {

constexpr std::size_t kSources = 4;
constexpr std::array<std::string_view, kSources> kSourceNames = {"L1", "L2", "L3", "origin"};
constexpr double kLeastMemoryShare = 0.85, kMostOriginShare = 0.01;

struct Counted {
    std::array<std::uint64_t, kSources> answers{};
    Nanos oldest{};
    std::uint64_t too_old = 0;
    std::uint64_t failures = 0;
    std::uint64_t origin_runs = 0;
};

/// The time to live of the furthest tier that is there: a copy of what was found there may come from memory.
Nanos longest_ttl(const TierSetup& setup, cache::TtlClass ttl_class) {
    Nanos longest = setup.ttl.ttl(ttl_class, cache::Tier::memory, false);
    if (setup.memcached) longest = std::max(longest, setup.ttl.ttl(ttl_class, cache::Tier::second, false));
    if (setup.redis) longest = std::max(longest, setup.ttl.ttl(ttl_class, cache::Tier::third, false));
    return longest;
}

/// Asks as the workload says. What comes before the end of the warm-up is not counted.
Counted replayed(const TierSetup& setup, const Workload& workload) {
    Prng prng(1, workload.name);
    const cache::ZipfKeys zipf(static_cast<std::uint32_t>(workload.keys.size()), workload.exponent);
    const cache::SharedBytes bytes = cache::shared_bytes(std::string(workload.value_bytes, 'x'));
    const auto origin = [bytes] { return Result<cache::SharedBytes>(bytes); };
    TestedTiers tiers(setup, Which::all);
    const auto total = static_cast<std::uint64_t>(std::llround(
        workload.rate_per_second * std::chrono::duration<double>(workload.warm_up + workload.length).count()));
    const Timestamp start = tiers.now();
    Timestamp next_sweep = start + std::chrono::seconds{1};
    Counted out;
    std::uint64_t runs_before = 0;
    bool is_warm = false;
    for (std::uint64_t i = 0; i < total; ++i) {
        tiers.set_now(start + Nanos{std::llround(static_cast<double>(i) * 1e9 / workload.rate_per_second)});
        if (tiers.now() >= next_sweep) {
            (void)tiers.cache().sweep();
            next_sweep += std::chrono::seconds{1};
        }
        if (!is_warm && tiers.now() - start >= workload.warm_up) {
            is_warm = true;
            runs_before = tiers.cache().counters().origin_runs;
        }
        const WorkloadKey& key = workload.keys[zipf.draw(prng)];
        std::string text = key.text;
        if (key.is_of_a_minute) text += " " + std::to_string(to_ms(floor_to(tiers.now(), std::chrono::minutes{1})));
        const auto answer = tiers.answer({.ttl_class = key.ttl_class, .text = text}, origin);
        tiers.turn();
        if (!is_warm) continue;
        if (!answer) {
            ++out.failures;
            continue;
        }
        const auto source = static_cast<std::size_t>(answer->source);
        ++out.answers[source];
        const Nanos age = tiers.now() - answer->value.made_at;
        out.oldest = std::max(out.oldest, age);
        if (age >= longest_ttl(setup, key.ttl_class)) ++out.too_old;
    }
    out.origin_runs = tiers.cache().counters().origin_runs - runs_before;
    return out;
}

}  // namespace

std::vector<WorkloadKey> real_keys(const std::vector<std::string>& instruments) {
    struct Part {
        const char* name;
        cache::TtlClass ttl_class;
    };
    constexpr std::array kParts = {
        Part{"scores", cache::TtlClass::scores},   Part{"zones", cache::TtlClass::other},
        Part{"profile", cache::TtlClass::other},   Part{"events", cache::TtlClass::other},
        Part{"footprint", cache::TtlClass::other}, Part{"features", cache::TtlClass::other},
        Part{"indicators", cache::TtlClass::other}};
    constexpr int kOlderPages = 3;
    std::vector<WorkloadKey> out = {{.text = "/api/bitcoin-beta", .is_of_a_minute = true}};
    for (const Part& part : kParts) {
        for (const std::string& instrument : instruments)
            out.push_back({.text = "/api/symbols/" + instrument + "/" + part.name,
                           .ttl_class = part.ttl_class,
                           .is_of_a_minute = true});
    }
    for (int page = 1; page <= kOlderPages; ++page) {
        for (const std::string& instrument : instruments)
            out.push_back({.text = "/api/symbols/" + instrument + "/scores page " + std::to_string(page),
                           .ttl_class = cache::TtlClass::scores});
    }
    return out;
}

Findings shares(const TierSetup& setup, const Workload& workload) {
    const Counted counted = replayed(setup, workload);
    std::uint64_t total = counted.failures;
    for (const std::uint64_t each : counted.answers) total += each;
    const auto share = [&](std::size_t source) {
        return total > 0 ? static_cast<double>(counted.answers[source]) / static_cast<double>(total) : 0.0;
    };
    std::string measured;
    for (std::size_t source = 0; source < kSources; ++source) {
        const bool is_off = (source == 1 && !setup.memcached) || (source == 2 && !setup.redis);
        measured += std::string(measured.empty() ? "" : ", ") + std::string(kSourceNames[source]) + " " +
                    (is_off ? "not configured" : report::percent_text(share(source)));
    }
    measured += "; the origin ran " + std::to_string(counted.origin_runs) + " times, renewals before expiry included";
    const bool is_reached = share(0) >= kLeastMemoryShare && share(3) <= kMostOriginShare && counted.failures == 0;
    Findings out = {{.name = workload.name,
                     .definition = std::to_string(total) + " requests after a warm-up of " +
                                   report::duration_text(workload.warm_up) + ", " +
                                   report::number_text(workload.rate_per_second, 1) +
                                   " a second in virtual time, over " + std::to_string(workload.keys.size()) +
                                   " keys by a Zipf law of exponent " + report::number_text(workload.exponent, 2) +
                                   "; times to live run by the same virtual clock; who answered",
                     .wanted = workload.is_judged ? "L1 at least 85 %, origin at most 1 %" : "",
                     .measured = measured,
                     .verdict = !workload.is_judged ? Verdict::information
                                : is_reached        ? Verdict::passed
                                                    : Verdict::failed,
                     .value = share(0),
                     .unit = "share of L1"}};
    if (workload.is_judged && !is_reached)
        out.back().remedy = "raise cache.l1.max_items or the times to live, or set a memcached or Redis behind it";
    out.push_back({.name = workload.name + "_age",
                   .definition = "the age of the same answers, from their computation to when they were served; the "
                                 "limit is the time to live of their class in the furthest tier that is configured, "
                                 "since a nearer tier's copy ends with the one that it was made from",
                   .wanted = "none older than its limit",
                   .measured = std::to_string(counted.too_old) + " too old; the oldest " +
                               report::number_text(std::chrono::duration<double>(counted.oldest).count(), 3) + " s",
                   .verdict = counted.too_old == 0 ? Verdict::passed : Verdict::failed,
                   .value = static_cast<double>(counted.too_old),
                   .unit = "answers"});
    return out;
}

}  // namespace vt::validation
