#include "cache/remote_tier.hpp"

#include "base/assert.hpp"
#include "cache/envelope.hpp"
#include "cache/latency_histogram.hpp"
#include "obs/log.hpp"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace vt::cache {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kKeyBytesMax = 4'096;
constexpr auto kLogPause = std::chrono::seconds{10};  // one line for each server in this time

/// The breaker's time: it only compares and adds.
Timestamp steady_now() {
    return Timestamp{std::chrono::duration_cast<Nanos>(steady_clock::now().time_since_epoch())};
}

enum class Kind : std::uint8_t { find, put, erase };

struct Call {
    Kind kind = Kind::find;
    std::string key;
    std::string payload;  // of a put
    milliseconds ttl{0};  // of a put
    Timestamp now;        // of a find: the caller's time
    steady_clock::time_point begun;
    Deadline deadline;
    RemoteTier::Done done;
    std::atomic<bool> is_answered = false;

    /// Whether the caller is still to be answered, by whoever asks first.
    [[nodiscard]] bool claim() { return !is_answered.exchange(true); }
};
using CallPtr = std::shared_ptr<Call>;

}  // namespace

struct RemoteTier::Impl {
    explicit Impl(RemoteTierParams given)
        : params(std::move(given)), breaker(params.breaker, Prng(params.seed, params.name)) {
        VT_ASSERT(params.connections > 0);
        VT_ASSERT(params.deadline > Nanos{0});
        watch = std::thread([this] { watch_deadlines(); });
    }

    /// Queues the call, unless the server is to be left alone.
    ///   out: false: it is not made
    bool enqueue(CallPtr call) {
        const std::lock_guard lock(mutex);
        if (is_stopping || queue.size() >= params.queued_calls_max || call->key.size() > kKeyBytesMax) return false;
        if (!breaker.allows(steady_now())) return false;
        watched.push_back(call);
        if (watched.size() == 1) watch_wake.notify_one();
        queue.push_back(std::move(call));
        if (queue.size() > idle && workers.size() < params.connections) {
            workers.emplace_back([this] { work(); });
        } else {
            queue_wake.notify_one();
        }
        return true;
    }

    void work() {
        pthread_setname_np(pthread_self(), "vt-cache");
        std::unique_ptr<Link> link;
        std::unique_lock lock(mutex);
        for (;;) {
            ++idle;
            queue_wake.wait(lock, [this] { return is_stopping || !queue.empty(); });
            --idle;
            if (is_stopping) break;
            const CallPtr call = std::move(queue.front());
            queue.pop_front();
            if (call->is_answered) continue;  // its deadline passed while it waited: counted there
            const bool was_connected = link != nullptr;
            lock.unlock();
            make(*call, link);
            lock.lock();
            if (was_connected != (link != nullptr)) was_connected ? --connections : ++connections;
            most_connections = std::max(most_connections, connections);
        }
        if (link != nullptr) --connections;
    }

    /// Makes the call on the link, which is connected first where it is not there, and thrown away where it is not to
    /// be trusted any more.
    void make(Call& call, std::unique_ptr<Link>& link) {
        // A server that was started again has closed all that was open before: none of those costs it a failure.
        if (link != nullptr && !link->is_quiet()) link.reset();
        if (link == nullptr) {
            auto connected = params.connect(call.deadline);
            if (!connected) {
                // Also a server that refuses the password: it is of no use until somebody acts.
                (void)conclude(call, fail(Errc::unavailable, connected.error().what));
                return;
            }
            link = std::move(*connected);
            ++connects;
        }
        ++calls;
        const std::string place = wire_key(call.key, params.schema);
        const auto nothing = [] { return std::optional<std::string>(); };
        bool is_link_good = false;
        switch (call.kind) {
            case Kind::find: is_link_good = conclude(call, link->get(place, call.deadline)); break;
            case Kind::put:
                is_link_good = conclude(call, link->set(place, call.payload, call.ttl, call.deadline).map(nothing));
                break;
            case Kind::erase: is_link_good = conclude(call, link->remove(place, call.deadline).map(nothing)); break;
        }
        if (!is_link_good) link.reset();
    }

    /// Judges what came back, reports it to the breaker and answers the caller.
    ///   out: whether the link can be used again
    bool conclude(Call& call, const Result<std::optional<std::string>>& reply) {
        std::optional<Value> value;
        bool is_corrupt = false;
        bool is_link_good = reply || reply.error().code == Errc::refused;
        const bool is_server_well = is_link_good;
        if (reply && *reply) {
            if (auto opened = unseal(**reply, call.key, params.schema, call.now)) {
                value = std::move(*opened);
            } else {
                is_corrupt = true;
                is_link_good =
                    opened.error().code != Errc::not_found;  // another key's: the replies may be out of step
            }
        }
        const bool is_first = call.claim();
        std::optional<std::string> line;
        if (is_first) {  // one that came too late was reported when its deadline passed
            const std::lock_guard lock(mutex);
            if (is_server_well) {
                breaker.succeeded();
            } else {
                breaker.failed(steady_now());
            }
            count(call, bool(reply), value.has_value(), is_corrupt);
            if (!reply) line = log_line(reply.error().what);
        }
        if (line) obs::log_warning("cache." + params.name, *line);
        if (is_first && call.kind == Kind::find) {
            if (reply) latency.add(steady_clock::now() - call.begun);
            call.done(std::move(value));
        }
        return is_link_good;
    }

    // The mutex is held.
    void count(const Call& call, bool is_answered, bool is_hit, bool is_corrupt) {
        if (call.kind != Kind::find) {
            ++(is_answered ? counters.writes : counters.failed_writes);
        } else {
            ++(!is_answered ? counters.errors
               : is_corrupt ? counters.corrupt
               : is_hit     ? counters.hits
                            : counters.misses);
        }
    }

    /// What is to be logged of a failure, if it is time for a line. The mutex is held; it must not be while writing.
    [[nodiscard]] std::optional<std::string> log_line(std::string_view what) {
        const auto now = steady_clock::now();
        if (now < next_log_at) return std::nullopt;
        next_log_at = now + kLogPause;
        return std::string(what) + "; answers are made without it (breaker " +
               std::string(cache::name(breaker.state())) + "; no further line for 10 s)";
    }

    /// All calls have the same time, so that they run out in the order in which they came.
    void watch_deadlines() {
        pthread_setname_np(pthread_self(), "vt-cache-watch");
        std::unique_lock lock(mutex);
        for (;;) {
            if (watched.empty()) {
                if (is_stopping) return;
                watch_wake.wait(lock);
                continue;
            }
            const CallPtr call = watched.front();
            if (!is_stopping && !call->is_answered && steady_clock::now() < call->deadline) {
                watch_wake.wait_until(lock, call->deadline);
                continue;
            }
            watched.pop_front();
            if (!call->claim()) continue;
            if (!is_stopping) breaker.failed(steady_now());
            ++(call->kind == Kind::find ? counters.timeouts : counters.failed_writes);
            const auto line = is_stopping ? std::nullopt : log_line("no answer in time");
            lock.unlock();
            if (line) obs::log_warning("cache." + params.name, *line);
            if (call->kind == Kind::find) call->done(std::nullopt);
            lock.lock();
        }
    }

    void stop() {
        {
            const std::lock_guard lock(mutex);
            is_stopping = true;
        }
        queue_wake.notify_all();
        watch_wake.notify_all();
        if (watch.joinable()) watch.join();
        for (std::thread& worker : workers)
            if (worker.joinable()) worker.join();
    }

    RemoteTierParams params;
    mutable std::mutex mutex;
    std::condition_variable queue_wake;
    std::condition_variable watch_wake;
    std::deque<CallPtr> queue;
    std::deque<CallPtr> watched;
    std::vector<std::thread> workers;
    std::thread watch;
    Breaker breaker;
    RemoteTierCounters counters;
    LatencyHistogram latency;
    std::atomic<std::uint64_t> calls = 0;
    std::atomic<std::uint64_t> connects = 0;
    std::size_t idle = 0;
    std::size_t connections = 0;
    std::size_t most_connections = 0;
    steady_clock::time_point next_log_at{};
    bool is_stopping = false;
};

RemoteTier::RemoteTier(RemoteTierParams params) : impl_(std::make_unique<Impl>(std::move(params))) {}

RemoteTier::~RemoteTier() { impl_->stop(); }

void RemoteTier::stop() { impl_->stop(); }

void RemoteTier::find(std::string_view key, Timestamp now, Done done) {
    const auto call = std::make_shared<Call>();
    call->kind = Kind::find;
    call->key = key;
    call->now = now;
    call->begun = steady_clock::now();
    call->deadline = call->begun + impl_->params.deadline;
    call->done = std::move(done);
    if (impl_->enqueue(call)) return;
    {
        const std::lock_guard lock(impl_->mutex);
        ++impl_->counters.skipped;
    }
    call->done(std::nullopt);
}

void RemoteTier::put(std::string_view key, const Value& value, Nanos ttl) {
    const auto call = std::make_shared<Call>();
    call->kind = Kind::put;
    call->key = key;
    call->ttl = std::chrono::floor<milliseconds>(ttl);
    call->begun = steady_clock::now();
    call->deadline = call->begun + impl_->params.deadline;
    // Less than a second is nothing to a server that counts in seconds, and 0 means for ever to it.
    const bool is_possible = call->ttl >= milliseconds{1'000} && key.size() <= kKeyBytesMax;
    if (is_possible) call->payload = seal(key, value, impl_->params.schema);
    if (is_possible && impl_->enqueue(call)) return;
    const std::lock_guard lock(impl_->mutex);
    ++impl_->counters.dropped_writes;
}

void RemoteTier::erase(std::string_view key) {
    const auto call = std::make_shared<Call>();
    call->kind = Kind::erase;
    call->key = key;
    call->begun = steady_clock::now();
    call->deadline = call->begun + impl_->params.deadline;
    if (impl_->enqueue(call)) return;
    const std::lock_guard lock(impl_->mutex);
    ++impl_->counters.dropped_writes;
}

RemoteTierCounters RemoteTier::counters() const {
    RemoteTierCounters all;
    {
        const std::lock_guard lock(impl_->mutex);
        all = impl_->counters;
        all.breaker = impl_->breaker.state();
        all.breaker_openings = impl_->breaker.openings();
        all.connections = impl_->connections;
        all.most_connections = impl_->most_connections;
        all.queued = impl_->queue.size();
    }
    all.calls = impl_->calls;
    all.connects = impl_->connects;
    all.p50 = impl_->latency.percentile(0.5);
    all.p99 = impl_->latency.percentile(0.99);
    return all;
}

Breaker::State RemoteTier::state() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->breaker.state();
}

const std::string& RemoteTier::name() const { return impl_->params.name; }

}  // namespace vt::cache
