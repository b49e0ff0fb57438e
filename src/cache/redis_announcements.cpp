#include "cache/redis_announcements.hpp"

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "cache/redis_connection.hpp"
#include "obs/log.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

namespace vt::cache {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kMessageBytesMax = 64U << 10U;
constexpr auto kListenLogPause = std::chrono::seconds{10};

}  // namespace

struct RedisAnnouncements::Impl {
    explicit Impl(RedisAnnouncementsParams given)
        : params(std::move(given)), wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
        VT_ASSERT(params.on_forgotten != nullptr);
        VT_ASSERT(wake >= 0);
        thread = std::thread([this] { run(); });
    }
    ~Impl() {
        {
            const std::lock_guard lock(mutex);
            is_stopping = true;
        }
        rouse();
        thread.join();
        ::close(wake);
    }

    void rouse() const {
        const std::uint64_t one = 1;
        (void)!::write(wake, &one, sizeof(one));
    }

    void run() {
        pthread_setname_np(pthread_self(), "vt-cache-redis");
        while (!stopping()) {
            if (!listener && steady_clock::now() >= next_attempt_at) connect();
            send_queued();
            wait();
            if (listener) take_messages();
        }
    }

    [[nodiscard]] bool stopping() const {
        const std::lock_guard lock(mutex);
        return is_stopping;
    }

    [[nodiscard]] Deadline in_time() const { return steady_clock::now() + params.deadline; }

    void connect() {
        auto opened = RedisConnection::open(params.address, kMessageBytesMax, in_time());
        if (opened) {
            auto subscribed = opened->call({"SUBSCRIBE", params.channel}, in_time());
            if (!subscribed) {
                lose(subscribed.error());
                return;
            }
            wait_before_next = milliseconds{250};
            const std::lock_guard lock(mutex);
            listener.emplace(std::move(*opened));
            ++counters.connects;
            counters.is_listening = true;
            return;
        }
        lose(opened.error());
    }

    void lose(const Error& error) {
        {
            const std::lock_guard lock(mutex);
            listener.reset();
            counters.is_listening = false;
        }
        const auto now = steady_clock::now();
        next_attempt_at = now + wait_before_next;
        wait_before_next = std::min(wait_before_next * 2, params.longest_wait);
        if (now < next_log_at) return;
        next_log_at = now + kListenLogPause;
        obs::log_warning("cache.redis", error.what +
                                            "; other processes are not told what was forgotten, and keep it to the "
                                            "end of its time (no further line for 10 s)");
    }

    void send_queued() {
        for (;;) {
            std::string message;
            {
                const std::lock_guard lock(mutex);
                if (queue.empty() || is_stopping) return;
                message = std::move(queue.front());
                queue.pop_front();
            }
            const bool is_sent = send(message);
            const std::lock_guard lock(mutex);
            ++(is_sent ? counters.sent : counters.dropped);
        }
    }

    /// One attempt, on a new connection where the old one has gone. While Redis is away nothing is tried.
    bool send(const std::string& message) {
        if (!listener) return false;
        if (!speaker) {
            auto opened = RedisConnection::open(params.address, kMessageBytesMax, in_time());
            if (!opened) return false;
            speaker.emplace(std::move(*opened));
        }
        const auto reply = speaker->call({"PUBLISH", params.channel, message}, in_time());
        if (!reply) speaker.reset();
        return reply.has_value();
    }

    void wait() const {
        std::array<pollfd, 2> watched = {
            {{.fd = wake, .events = POLLIN, .revents = 0},
             {.fd = listener ? listener->descriptor() : -1, .events = POLLIN, .revents = 0}}};
        ::poll(watched.data(), watched.size(), listener ? 1'000 : 50);
        std::uint64_t count = 0;
        (void)!::read(wake, &count, sizeof(count));
    }

    void take_messages() {
        if (auto taken = listener->read(); !taken) {
            lose(taken.error());
            return;
        }
        for (;;) {
            auto reply = listener->next();
            if (!reply) {
                lose(reply.error());
                return;
            }
            if (*reply == nullptr) return;
            take(**reply);
        }
    }

    /// ["message", channel, sender and key]; all else on this connection concerns the subscription itself.
    void take(const redisReply& reply) {
        if (reply.type != REDIS_REPLY_ARRAY || reply.elements != 3) return;
        const redisReply& kind = *reply.element[0];
        const redisReply& text = *reply.element[2];
        if (kind.type != REDIS_REPLY_STRING || std::string_view(kind.str, kind.len) != "message") return;
        if (text.type != REDIS_REPLY_STRING) return;
        ByteReader reader({text.str, text.len});
        const auto sender = reader.integer<std::uint64_t>();
        const std::string_view key = reader.bytes(reader.remaining());
        if (!reader.is_intact() || sender == params.sender) return;
        {
            const std::lock_guard lock(mutex);
            ++counters.received;
        }
        params.on_forgotten(key);
    }

    RedisAnnouncementsParams params;
    int wake;
    mutable std::mutex mutex;
    std::deque<std::string> queue;
    RedisAnnouncementsCounters counters;
    bool is_stopping = false;
    // The thread's own from here on.
    std::optional<RedisConnection> listener;
    std::optional<RedisConnection> speaker;
    steady_clock::time_point next_attempt_at{};
    steady_clock::time_point next_log_at{};
    milliseconds wait_before_next{250};
    std::thread thread;
};

RedisAnnouncements::RedisAnnouncements(RedisAnnouncementsParams params)
    : impl_(std::make_unique<Impl>(std::move(params))) {}
RedisAnnouncements::~RedisAnnouncements() = default;

void RedisAnnouncements::announce(std::string_view key) {
    std::string message;
    append_little_endian(message, impl_->params.sender);
    message += key;
    {
        const std::lock_guard lock(impl_->mutex);
        if (impl_->queue.size() >= impl_->params.queued_max) {
            impl_->queue.pop_front();
            ++impl_->counters.dropped;
        }
        impl_->queue.push_back(std::move(message));
    }
    impl_->rouse();
}

RedisAnnouncementsCounters RedisAnnouncements::counters() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->counters;
}

}  // namespace vt::cache
