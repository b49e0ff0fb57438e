#pragma once

#include "base/time.hpp"
#include "cache/latency_histogram.hpp"
#include "cache/tiered_cache.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace vt::api {

/// The sources of an answer.
inline constexpr std::size_t kSources = 4;
[[nodiscard]] constexpr std::size_t index_of(cache::Source source) { return static_cast<std::size_t>(source); }
/// As `x-cache` has it: l1, l2, l3, origin.
[[nodiscard]] std::string_view source_name(cache::Source source);

/// What the cache did for those who asked the API, and for nobody else: what is warmed, renewed or probed is not in
/// it. One thread.
class CacheTraffic {
public:
    struct Served {
        std::uint64_t answers = 0;
        Nanos oldest{0};  ///< the greatest age that an answer had
        cache::LatencyHistogram taken;
        cache::LatencyHistogram age;
    };

    /// in: route: its pattern; taken: from the question to its answer; of the first tier, of the look-up alone
    void count(const std::string& route, cache::Source source, Nanos taken, Nanos age);
    void count_failure() { ++failures_; }

    [[nodiscard]] const Served& served(cache::Source source) const { return all_.by_source[index_of(source)]; }
    [[nodiscard]] std::uint64_t answers() const { return all_.answers(); }
    [[nodiscard]] std::uint64_t failures() const { return failures_; }

    struct Traffic {
        std::array<Served, kSources> by_source;
        [[nodiscard]] std::uint64_t answers() const;
    };
    [[nodiscard]] const std::map<std::string, std::unique_ptr<Traffic>>& routes() const { return by_route_; }

    /// Look-ups of a tier: those that it answered, and those that went on to what is behind it.
    struct LookUps {
        std::uint64_t hits = 0;
        std::uint64_t misses = 0;
        /// Absent before the first.
        [[nodiscard]] std::optional<double> hit_rate() const;
    };
    /// in: tier: memory, second or third
    [[nodiscard]] LookUps look_ups(cache::Source tier) const;

private:
    Traffic all_;
    std::map<std::string, std::unique_ptr<Traffic>> by_route_;  // as many as there are cached routes
    std::uint64_t failures_ = 0;
};

}  // namespace vt::api
