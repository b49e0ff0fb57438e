#pragma once

#include "api/cache_traffic.hpp"
#include "api/route.hpp"
#include "base/time.hpp"
#include "cache/tiered_cache.hpp"
#include "cache/warm_schedule.hpp"
#include "net/loop.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace vt::api {

/// Where answers are kept that are worth computing once, and how they are warmed.
struct CachingParams {
    cache::TieredCache* tiers = nullptr;  ///< outlives the server; null: every answer is computed
    std::string second_server;            ///< "memcached 127.0.0.1:11211", for show; empty: this tier is off
    std::string third_server;
    std::size_t items_max = 0;  ///< of the first tier, for show
    std::size_t bytes_max = 0;
    std::optional<cache::WarmSchedule> schedule;  ///< absent: nothing is warmed by the clock
    std::size_t warm_keys_max = 100;              ///< in one cycle
    Nanos warm_budget = std::chrono::seconds{1};  ///< after which a cycle begins no further key
    std::string records_identity;                 ///< of the database that scores come from: a part of their keys
    std::function<Timestamp()> clock = &net::wall_now;
};

/// A question as it stands now: the key names everything that its answer depends on besides the time of asking.
struct CachedQuestion {
    std::string key;
    cache::TtlClass ttl_class = cache::TtlClass::other;
    std::variant<cache::TieredCache::Origin, cache::TieredCache::LateOrigin> origin;
    std::string body_of_nothing =
        {};  ///< what is answered where the origin brings null: there is no such thing (yet)
};

/// A question that may be asked again: what it is about ("/api/symbols/{symbol}/zones bybit-linear-BTCUSDT"), and how
/// it stands whenever that is wanted; absent when there is nothing to ask (any more).
struct Subject {
    std::string route;  ///< its pattern
    std::string name;
    std::function<std::optional<CachedQuestion>()> now;
};

/// What a cycle of warming did.
struct WarmedCycle {
    std::uint64_t attempted = 0;
    std::uint64_t warmed = 0;    ///< of these: a real value is kept
    std::uint64_t left_out = 0;  ///< beyond the number or the time of a cycle
};

/// Totals of warming since the start, and what is so now.
struct WarmingState {
    std::uint64_t cycles = 0;
    WarmedCycle total;
    std::uint64_t read = 0;  ///< warmed values that somebody was served afterwards, each counted once
    WarmedCycle last;
    std::optional<Timestamp> last_at;
    std::optional<Timestamp> next_at;
    std::optional<cache::MarketHours> hours;  ///< absent: there is no schedule
    bool is_under_way = false;
};

/// Answers through the tiers, with `X-Cache` and `Age`, and keeps them warm: what was asked for in the last ten
/// minutes first, the latest first, then what is always wanted, each key computed anew, one after the other, within
/// the cycle's number and time. Nothing is put in that was not computed. All on the loop's thread.
class CachedAnswers {
public:
    static constexpr std::size_t kSubjectsMax = 512;  ///< that are remembered; the longest unasked goes for one more
    static constexpr Nanos kDemandAge = std::chrono::minutes{10};

    /// in: always: what is warmed whether or not somebody asked
    CachedAnswers(net::Loop& loop, CachingParams params, std::function<std::vector<Subject>()> always);
    ~CachedAnswers();
    CachedAnswers(const CachedAnswers&) = delete;
    CachedAnswers& operator=(const CachedAnswers&) = delete;

    /// The answer to a subject as it stands now; 503 where it does not stand.
    [[nodiscard]] net::HttpReply answer(const Subject& subject);

    /// Begins to warm by the schedule, and to free what has expired.
    void start();
    /// A cycle now, or the end of the one that is under way.
    ///   in: done: called once, within the call or later; not when this goes first
    void warm(std::function<void(const WarmedCycle&)> done);
    /// Forgets everything that is kept, in this process and, over Redis, in the others.
    void flush();

    [[nodiscard]] const CachingParams& params() const;
    [[nodiscard]] const CacheTraffic& traffic() const;
    [[nodiscard]] WarmingState warming() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

/// The answer to a question that could not be answered: 400 where the question is wrong, else 503.
[[nodiscard]] net::PreparedResponsePtr question_problem(const Error& error);

}  // namespace vt::api
