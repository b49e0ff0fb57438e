#pragma once

#include "base/result.hpp"
#include "cache/link.hpp"

#include <hiredis/hiredis.h>

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string_view>

namespace vt::cache {

struct FreeRedisReply {
    void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using RedisReply = std::unique_ptr<redisReply, FreeRedisReply>;

/// One connection to Redis, for this module's .cpp files only. hiredis serves as a protocol and buffers; it never
/// waits, so that one deadline holds for a whole call. After an error other than `refused` it is to be thrown away.
class RedisConnection {
public:
    /// Connects, and gives the address' password where it has one.
    ///   errors: unavailable, malformed, refused (the password)
    [[nodiscard]] static Result<RedisConnection> open(const ServerAddress& address, std::size_t max_reply_bytes,
                                                      Deadline deadline);

    /// Sends the words of a command and waits for its reply.
    ///   errors: unavailable, malformed, refused (the reply is an error; its text)
    [[nodiscard]] Result<RedisReply> call(std::initializer_list<std::string_view> words, Deadline deadline);
    /// Waits for the next reply.
    [[nodiscard]] Result<RedisReply> receive(Deadline deadline);
    /// A reply that has come already in whole; null: none.
    [[nodiscard]] Result<RedisReply> next();
    /// Takes what the socket holds.
    [[nodiscard]] Result<void> read();
    [[nodiscard]] int descriptor() const { return context_->fd; }

private:
    RedisConnection(redisContext* context, std::size_t max_reply_bytes)
        : context_(context, &redisFree), max_reply_bytes_(max_reply_bytes) {}
    [[nodiscard]] tl::unexpected<Error> failure() const;

    std::unique_ptr<redisContext, decltype(&redisFree)> context_;
    std::size_t max_reply_bytes_;
};

}  // namespace vt::cache
