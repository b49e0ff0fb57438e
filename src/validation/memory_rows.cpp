#include "base/duration_histogram.hpp"
#include "base/prng.hpp"
#include "cache/zipf_keys.hpp"
#include "report/text.hpp"
#include "validation/rows.hpp"

#include <algorithm>
#include <chrono>

namespace vt::validation {

using report::Verdict;

Findings memory_hits(const TierSetup& setup, std::size_t hits) {
    constexpr Nanos kLimit = std::chrono::microseconds{10};
    const std::size_t count = std::max<std::size_t>(1, std::min<std::size_t>(setup.memory.max_items / 2, 500));
    cache::TieredCache cache({.memory = setup.memory, .ttl = setup.ttl, .clock = net::wall_now}, nullptr, nullptr);
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < count; ++i) {
        keys.push_back(key_text("hits", i));
        cache.fetch(
            {.text = keys.back()},
            [] { return Result<cache::SharedBytes>(cache::shared_bytes(std::string(1'000, 'x'))); },
            [](const auto&) {});
    }
    Prng prng(1, "hits");
    const cache::ZipfKeys zipf(static_cast<std::uint32_t>(count), 0.99);
    DurationHistogram<std::uint64_t, 7> taken;
    std::size_t misses = 0;
    for (std::size_t i = 0; i < hits; ++i) {
        const std::string& key = keys[zipf.draw(prng)];
        const auto begun = std::chrono::steady_clock::now();
        const auto found = cache.find({.text = key});
        const auto ended = std::chrono::steady_clock::now();
        if (found) {
            taken.add(ended - begun);
        } else {
            ++misses;
        }
    }
    const auto p50 = taken.percentile(0.5), p99 = taken.percentile(0.99);
    const bool is_measured = p99 && misses < hits / 100;  // a pause of the process may let some expire
    report::Finding finding{
        .name = "l1_hit_p99",
        .definition = std::to_string(hits) + " look-ups of " + std::to_string(count) +
                      " values of 1,000 bytes in the first tier, in this process, through the interface that routes "
                      "use; each with two readings of the clock around it",
        .wanted = "below 10 us",
        .measured = report::duration_text(p99) + " (p50 " + report::duration_text(p50) + ")",
        .verdict = !is_measured    ? Verdict::not_measured
                   : *p99 < kLimit ? Verdict::passed
                                   : Verdict::failed,
        .value = p99 ? std::optional(std::chrono::duration<double, std::micro>(*p99).count()) : std::nullopt,
        .unit = "us"};
    if (!is_measured) finding.remedy = "too few of them were hits: raise cache.l1.max_items or max_bytes";
    return {finding};
}

Findings memory_limits(const TierSetup& setup, std::size_t inserts) {
    cache::MemoryTier memory(setup.memory);
    const cache::SharedBytes bytes = cache::shared_bytes(std::string(1'000, 'x'));
    const Timestamp now = net::wall_now();
    std::size_t most_items = 0, most_bytes = 0;
    for (std::size_t i = 0; i < inserts; ++i) {
        (void)memory.put(key_text("limits", i), {.bytes = bytes, .made_at = now},
                         {.refresh_at = now + std::chrono::seconds{30}, .expires_at = now + std::chrono::seconds{30}},
                         now);
        const cache::MemoryTierCounters counters = memory.counters();
        most_items = std::max(most_items, counters.items);
        most_bytes = std::max(most_bytes, counters.bytes);
    }
    const bool is_within = most_items <= setup.memory.max_items && most_bytes <= setup.memory.max_bytes;
    return {{.name = "l1_limits",
             .definition = std::to_string(inserts) +
                           " values of 1,000 bytes are put into the first tier; what it holds "
                           "is counted after each",
             .wanted = "never above " + std::to_string(setup.memory.max_items) + " items and " +
                       report::bytes_text(setup.memory.max_bytes),
             .measured = "at most " + std::to_string(most_items) + " items and " + report::bytes_text(most_bytes),
             .verdict = is_within ? Verdict::passed : Verdict::failed,
             .value = static_cast<double>(most_items),
             .unit = "items"}};
}

}  // namespace vt::validation
