// Both tiers on real servers, under questions all the time, while each server is killed, paused, slowed, filled and
// corrupted: every answer is right and in time, and the server is used again afterwards.

#include "cache/envelope.hpp"
#include "cache/remote_tier.hpp"
#include "cache/test_loop.hpp"
#include "cache/test_servers.hpp"
#include "cache/tiered_cache.hpp"
#include "obs/log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <future>
#include <mutex>
#include <thread>

namespace vt::cache {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr std::uint64_t kQuestions = 60;
constexpr std::uint32_t kStoredSchema = 1;
constexpr auto kAskers = 2;
/// What a busy machine adds before a thread runs again.
constexpr Nanos kScheduling = seconds{2};

Timestamp machine_now() { return std::chrono::time_point_cast<Nanos>(std::chrono::system_clock::now()); }
std::string key_of(std::uint64_t number) { return "question " + std::to_string(number); }
std::string answer_to(std::string_view key) { return "the answer to " + std::string(key); }

struct LoadParams {
    Nanos second_deadline;
    Nanos third_deadline;
    BreakerParams breaker;
    std::uint64_t answers_in_fault = 0;
};

enum class Place : std::uint8_t { memcached, redis };
enum class Fault : std::uint8_t { killed, paused, slowed, filled, corrupted };
constexpr const char* kFaultNames[] = {"killed", "paused", "slowed", "filled", "corrupted"};

class UnderLoad {
public:
    explicit UnderLoad(const LoadParams& params)
        : params_(params),
          memcached_(memcached_with({"-m", "1", "-M", "-I", "512k"})),
          redis_(redis_with({"--maxmemory", "4mb", "--maxmemory-policy", "noeviction"})),
          tiers_({.clock = machine_now, .executor = loop_.executor()},
                 tier("memcached", memcached_at({.port = memcached_.port()}), params.second_deadline),
                 tier("redis", redis_at({.port = redis_.port()}), params.third_deadline)) {
        loop_thread_ =
            std::thread([this] { (void)loop_.run_until([this] { return has_ended_.load(); }, seconds{600}); });
        for (int i = 0; i < kAskers; ++i) askers_.emplace_back([this, i] { ask(i); });
    }
    ~UnderLoad() {
        is_ending_ = true;
        for (std::thread& asker : askers_) asker.join();
        has_ended_ = true;
        loop_thread_.join();
    }
    UnderLoad(const UnderLoad&) = delete;
    UnderLoad& operator=(const UnderLoad&) = delete;

    [[nodiscard]] bool are_running() const { return memcached_.is_running() && redis_.is_running(); }
    [[nodiscard]] std::uint64_t wrong() const { return wrong_; }
    [[nodiscard]] RemoteTierCounters counters_of(Place place) const {
        const TieredCacheCounters counters = tiers_.counters();
        return place == Place::memcached ? *counters.second : *counters.third;
    }

    /// Until a server answers questions again. out: how long that took; nothing: it did not
    [[nodiscard]] std::optional<milliseconds> await_use_of(Place place) {
        const auto begun = steady_clock::now();
        const std::uint64_t before = served_by(place);
        while (served_by(place) < before + 3 || breaker_of(place) != Breaker::State::closed) {
            if (steady_clock::now() - begun > seconds{60}) return std::nullopt;
            ::poll(nullptr, 0, 2);
        }
        return std::chrono::duration_cast<milliseconds>(steady_clock::now() - begun);
    }

    /// One fault of one server: what it was like, and how long it lasted on.
    void endure(Place place, Fault fault) {
        ASSERT_TRUE(await_use_of(place).has_value()) << "before the fault";
        (void)take_slowest();
        const std::uint64_t first = answered_;
        begin(place, fault);
        while (answered_ < first + params_.answers_in_fault) {
            if (fault == Fault::slowed) stand_still(server(place));
            if (fault == Fault::corrupted) corrupt(place);
            ::poll(nullptr, 0, 2);
        }
        const std::uint64_t last = answered_;
        finish(place, fault);
        const auto back = await_use_of(place);
        ASSERT_TRUE(back.has_value()) << kFaultNames[static_cast<int>(fault)] << ": it is not used again";
        const Nanos slowest = take_slowest();
        EXPECT_LT(slowest, params_.second_deadline + params_.third_deadline + kScheduling);
        std::printf("%-9s %-9s %6llu answers, the slowest after %6.1f ms, used again after %lld ms\n",
                    place == Place::memcached ? "memcached" : "redis", kFaultNames[static_cast<int>(fault)],
                    static_cast<unsigned long long>(last - first),
                    std::chrono::duration<double, std::milli>(slowest).count(),
                    static_cast<long long>(back->count()));
    }

private:
    std::unique_ptr<RemoteTier> tier(const char* name, Connect connect, Nanos deadline) const {
        return std::make_unique<RemoteTier>(RemoteTierParams{.name = name,
                                                             .connect = std::move(connect),
                                                             .deadline = deadline,
                                                             .schema = kStoredSchema,
                                                             .breaker = params_.breaker});
    }
    ServerProcess& server(Place place) { return place == Place::memcached ? memcached_ : redis_; }
    [[nodiscard]] std::uint64_t served_by(Place place) const {
        const TieredCacheCounters counters = tiers_.counters();
        return place == Place::memcached ? counters.served_by_second : counters.served_by_third;
    }
    [[nodiscard]] Breaker::State breaker_of(Place place) const { return counters_of(place).breaker; }

    void ask(int asker) {
        Prng prng(static_cast<std::uint64_t>(asker) + 1, "questions");
        while (!is_ending_) {
            const std::string key = key_of(prng.below(kQuestions));
            if (prng.below(4) == 0) tiers_.clear_memory();
            // So that the third tier is asked, too.
            if (prng.below(8) == 0) (void)exchange_with_second(key);
            std::promise<bool> promise;
            auto is_right = promise.get_future();
            const auto begun = steady_clock::now();
            tiers_.fetch(
                {.text = key}, [key]() -> Result<SharedBytes> { return shared_bytes(answer_to(key)); },
                [&](const Result<Answer>& answer) {
                    promise.set_value(answer && answer->value.bytes && *answer->value.bytes == answer_to(key));
                });
            if (!is_right.get()) ++wrong_;
            const std::lock_guard lock(mutex_);
            slowest_ = std::max<Nanos>(slowest_, steady_clock::now() - begun);
            ++answered_;
        }
    }
    /// Takes a key away behind the cache's back, where that waits for nobody.
    [[nodiscard]] bool exchange_with_second(const std::string& key) {
        const std::lock_guard lock(second_mutex_);
        if (is_second_troubled_) return false;
        return !exchange_with(memcached_.port(), "delete " + wire_key(key, kStoredSchema) + "\r\n", "\r\n").empty();
    }
    [[nodiscard]] Nanos take_slowest() {
        const std::lock_guard lock(mutex_);
        return std::exchange(slowest_, Nanos{0});
    }

    void begin(Place place, Fault fault) {
        {
            const std::lock_guard lock(second_mutex_);
            is_second_troubled_ = place == Place::memcached;
        }
        if (fault == Fault::killed) server(place).end(SIGKILL);
        if (fault == Fault::paused) server(place).pause();
        if (fault == Fault::filled) fill(place);
    }
    void finish(Place place, Fault fault) {
        if (fault == Fault::killed) server(place).start();
        if (fault == Fault::paused) server(place).go_on();
        if (fault == Fault::filled) empty(place);
        is_second_troubled_ = false;
    }
    /// Four fifths of the time, again and again: slow, and never quite away.
    static void stand_still(const ServerProcess& slow) {
        slow.pause();
        ::poll(nullptr, 0, 40);
        slow.go_on();
        ::poll(nullptr, 0, 8);
    }
    void fill(Place place) {
        const std::string large(100'000, 'x');
        for (int i = 0; i < 80; ++i) (void)set(place, "large" + std::to_string(i), large);
    }
    void empty(Place place) {
        const bool is_memcached = place == Place::memcached;
        (void)exchange_with(server(place).port(), is_memcached ? "flush_all\r\n" : "FLUSHALL\r\n", "\r\n");
    }
    /// What nobody should ever read: a turned bit, a cut, another key's answer, another version's, plain nonsense.
    void corrupt(Place place) {
        for (std::uint64_t number = 0; number < kQuestions; ++number) {
            const std::string key = key_of(number);
            const std::string poison = "poison instead of " + key;
            std::string sealed = seal(key, {.bytes = shared_bytes(poison), .made_at = machine_now()}, kStoredSchema);
            switch (prng_.below(5)) {
                case 0: sealed[prng_.below(sealed.size())] ^= 4; break;
                case 1: sealed.resize(prng_.below(sealed.size())); break;
                case 2:
                    sealed = seal(key_of(number + 1), {.bytes = shared_bytes(poison), .made_at = machine_now()},
                                  kStoredSchema);
                    break;
                case 3:
                    sealed = seal(key, {.bytes = shared_bytes(poison), .made_at = machine_now()}, kStoredSchema + 1);
                    break;
                default: sealed = std::string(prng_.below(300), '\xff');
            }
            (void)set(place, wire_key(key, kStoredSchema), sealed);
        }
    }
    /// in: value: of any bytes
    [[nodiscard]] std::string set(Place place, const std::string& key, const std::string& value) {
        const std::string size = std::to_string(value.size());
        const std::string words = place == Place::memcached ? "set " + key + " 0 60 " + size
                                                            : "*3\r\n$3\r\nSET\r\n$" + std::to_string(key.size()) +
                                                                  "\r\n" + key + "\r\n$" + size;
        return exchange_with(server(place).port(), words + "\r\n" + value + "\r\n", "\r\n");
    }

    LoadParams params_;
    obs::LogCapture log_;
    ServerProcess memcached_;
    ServerProcess redis_;
    TestLoop loop_;
    TieredCache tiers_;
    Prng prng_{1, "poison"};
    std::atomic<bool> is_ending_{false};
    std::atomic<bool> has_ended_{false};
    std::mutex second_mutex_;  // nobody but the cache asks the second tier while it is in trouble
    std::atomic<bool> is_second_troubled_{false};
    std::atomic<std::uint64_t> answered_{0};
    std::atomic<std::uint64_t> wrong_{0};
    std::mutex mutex_;
    Nanos slowest_{0};
    std::thread loop_thread_;
    std::vector<std::thread> askers_;
};

void endure_everything(const LoadParams& params) {
    UnderLoad load(params);
    if (!load.are_running()) GTEST_SKIP() << "memcached or redis-server is not installed (tools/bootstrap test)";
    for (const Place place : {Place::memcached, Place::redis}) {
        for (const Fault fault : {Fault::killed, Fault::paused, Fault::slowed, Fault::filled, Fault::corrupted}) {
            load.endure(place, fault);
            if (testing::Test::HasFatalFailure()) return;
        }
    }
    EXPECT_EQ(load.wrong(), 0U);
    for (const Place place : {Place::memcached, Place::redis}) {
        const RemoteTierCounters counters = load.counters_of(place);
        EXPECT_GT(counters.corrupt, 0U) << "the poison was read";
        EXPECT_GT(counters.timeouts + counters.errors, 0U) << "kill and pause were felt";
        EXPECT_GE(counters.breaker_openings, 2U) << "by the kill and the pause";
    }
}

TEST(ServersUnderLoad, EveryAnswerIsRightAndInTimeWhateverHappensToOneOfThem) {
    // Deadlines that a busy machine keeps, and a breaker that asks again soon.
    endure_everything({.second_deadline = milliseconds{150},
                       .third_deadline = milliseconds{150},
                       .breaker = {.first_wait = milliseconds{20}, .longest_wait = milliseconds{50}},
                       .answers_in_fault = 300});
}

/// For figures, by hand: the deadlines and the breaker of the program, on a machine with nothing else to do.
TEST(ServersUnderLoad, DISABLED_WithTheDeadlinesOfTheProgram) {
    endure_everything({.second_deadline = milliseconds{5},
                       .third_deadline = milliseconds{20},
                       .breaker = {},
                       .answers_in_fault = 20'000});
}

}  // namespace
}  // namespace vt::cache
