#pragma once

#include "base/result.hpp"
#include "report/finding.hpp"
#include "validation/tiers.hpp"

#include <functional>
#include <string>
#include <vector>

namespace vt::validation {

/// Each measures one claim, or a few of a kind, on tiers of its own, and says what it found. They block, each for
/// some seconds at most, and write to the configured servers under names of their own; what they leave there expires.
using Findings = std::vector<report::Finding>;

/// How long a hit in memory takes, by the clock that nobody sets.
///   in: hits: how many are timed
[[nodiscard]] Findings memory_hits(const TierSetup& setup, std::size_t hits = 200'000);
/// Whether memory ever holds more than it may.
[[nodiscard]] Findings memory_limits(const TierSetup& setup, std::size_t inserts = 10'000);

/// What is asked for again and again.
struct WorkloadKey {
    std::string text;
    cache::TtlClass ttl_class = cache::TtlClass::other;
    bool is_of_a_minute = false;  ///< each minute has a key of its own, as where an answer is of the newest minute
};

/// What an API of so many instruments is asked for through its tiers: of each instrument every route with its
/// standard parameters, of the newest minute, and three older pages of scores; the newest of all instruments first.
[[nodiscard]] std::vector<WorkloadKey> real_keys(const std::vector<std::string>& instruments);

/// A stream of requests in virtual time.
struct Workload {
    std::vector<WorkloadKey> keys = {};  ///< the first is asked for most
    double exponent = 0.99;              ///< of the Zipf law
    double rate_per_second = 633.6;
    std::chrono::seconds warm_up{120};
    std::chrono::seconds length{600};
    std::size_t value_bytes = 2'000;
    bool is_judged = true;  ///< false: for information
    std::string name;       ///< of the finding
};
/// Which tier answers, and how old the answers are.
[[nodiscard]] Findings shares(const TierSetup& setup, const Workload& workload);

/// That each tier stops serving at its time to live, class by class, in virtual time; and for how long the servers
/// themselves mean to keep what they are given.
[[nodiscard]] Findings expiry(const TierSetup& setup);
/// That values with two seconds to live are gone from each tier after three, by the real clock. Takes as long.
[[nodiscard]] Findings expiry_in_real_time(const TierSetup& setup);

/// How many connections many look-ups at once take.
[[nodiscard]] Findings connections(const TierSetup& setup, std::size_t at_once = 64, std::size_t rounds = 200);

/// How memcached is set up, beside what the claims were made with.
[[nodiscard]] Findings memcached_setup(const TierSetup& setup);

struct Disturbance {
    bool may_flush = false;  ///< memcached, whoever else keeps something there
    /// Restarts Redis and comes back when that is done; empty: nobody may.
    std::function<Result<void>()> restart_redis = {};
    std::size_t answers = 3'000;  ///< before, and again after it
};
/// That answers stay right when what the servers hold goes away under them.
[[nodiscard]] Findings disturbed(const TierSetup& setup, const Disturbance& disturbance);

}  // namespace vt::validation
