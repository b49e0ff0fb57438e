#include "cache/redis_connection.hpp"

#include "cache/timed_socket.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

namespace vt::cache {
namespace {

constexpr int kMaxElements = 16;  // a message of a channel has three; our commands are answered with none

/// hiredis makes room for as many elements as a reply claims to have, and walks over all of them to free it: a server
/// that claims a thousand million costs seconds. Our reader refuses such a claim.
void limit_arrays(redisReader& reader) {
    static const auto create_array = reader.fn->createArray;
    static redisReplyObjectFunctions limited = [&] {
        redisReplyObjectFunctions functions = *reader.fn;
        functions.createArray = [](const redisReadTask* task, int elements) -> void* {
            return elements > kMaxElements ? nullptr : create_array(task, elements);
        };
        return functions;
    }();
    reader.fn = &limited;
}

/// What the server says no with, and what can be done where somebody has to act.
tl::unexpected<Error> refusal(std::string_view said) {
    std::string text = "Redis: " + std::string(said.substr(0, 200));
    if (said.starts_with("NOAUTH"))
        text +=
            "; give its password in REDIS_PASSWORD or REDIS_PASSWORD_FILE (cache.redis.password), or do without it "
            "(CACHE_TYPE)";
    if (said.starts_with("WRONGPASS") || said.starts_with("ERR invalid password"))
        text += "; check REDIS_PASSWORD or REDIS_PASSWORD_FILE (cache.redis.password), and cache.redis.user";
    if (said.starts_with("ERR AUTH") || said.starts_with("ERR Client sent AUTH"))
        text += "; the server asks for no password: take REDIS_PASSWORD (cache.redis.password) away";
    if (said.starts_with("NOPERM")) text += "; let cache.redis.user do that: ~vt:* &vt:* +@all is enough";
    if (said.starts_with("READONLY")) text += "; name the server that writes in REDIS_HOST";
    if (said.starts_with("OOM")) text += "; give it more memory, or maxmemory-policy allkeys-lru";
    return fail(Errc::refused, std::move(text));
}

}  // namespace

Result<RedisConnection> RedisConnection::open(const ServerAddress& address, std::size_t max_reply_bytes,
                                              Deadline deadline) {
    VT_TRY(const int descriptor, connect_socket(address, deadline));
    redisContext* context = redisConnectFd(descriptor);
    if (context == nullptr) {
        ::close(descriptor);
        return fail(Errc::unavailable, "Redis: out of memory");
    }
    context->flags &= ~REDIS_BLOCK;
    limit_arrays(*context->reader);
    RedisConnection connection(context, max_reply_bytes);
    if (address.password.empty()) return connection;
    const auto greeted = address.user.empty() ? connection.call({"AUTH", address.password}, deadline)
                                              : connection.call({"AUTH", address.user, address.password}, deadline);
    if (!greeted) return tl::unexpected<Error>(greeted.error());
    return connection;
}

Result<RedisReply> RedisConnection::call(std::initializer_list<std::string_view> words, Deadline deadline) {
    std::vector<const char*> texts;
    std::vector<std::size_t> sizes;
    for (const std::string_view word : words) {
        texts.push_back(word.data());
        sizes.push_back(word.size());
    }
    if (redisAppendCommandArgv(context_.get(), static_cast<int>(words.size()), texts.data(), sizes.data()) !=
        REDIS_OK)
        return failure();
    for (int is_done = 0; is_done == 0;) {
        if (redisBufferWrite(context_.get(), &is_done) != REDIS_OK) return failure();
        if (is_done != 0) break;
        if (auto waited = wait_for(context_->fd, POLLOUT, deadline); !waited)
            return tl::unexpected<Error>(waited.error());
    }
    return receive(deadline);
}

Result<RedisReply> RedisConnection::receive(Deadline deadline) {
    for (;;) {
        if (auto waited = wait_for(context_->fd, POLLIN, deadline); !waited)
            return tl::unexpected<Error>(waited.error());
        if (auto taken = read(); !taken) return tl::unexpected<Error>(taken.error());
        auto reply = next();
        if (!reply || *reply) return reply;
    }
}

Result<void> RedisConnection::read() {
    if (redisBufferRead(context_.get()) != REDIS_OK) return failure();
    if (context_->reader->len > max_reply_bytes_) return fail(Errc::malformed, "Redis: the reply is too large");
    return {};
}

Result<RedisReply> RedisConnection::next() {
    void* raw = nullptr;
    if (redisGetReplyFromReader(context_.get(), &raw) != REDIS_OK) return failure();
    RedisReply reply(static_cast<redisReply*>(raw));
    if (reply && reply->type == REDIS_REPLY_ERROR) return refusal({reply->str, reply->len});
    return reply;
}

tl::unexpected<Error> RedisConnection::failure() const {
    const Errc code = context_->err == REDIS_ERR_PROTOCOL ? Errc::malformed : Errc::unavailable;
    return fail(code, std::string("Redis: ") + context_->errstr);
}

}  // namespace vt::cache
