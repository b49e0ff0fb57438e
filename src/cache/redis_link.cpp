#include "cache/redis_connection.hpp"
#include "cache/timed_socket.hpp"

#include <string>

namespace vt::cache {
namespace {

using std::chrono::milliseconds;

class RedisLink final : public Link {
public:
    explicit RedisLink(RedisConnection connection) : connection_(std::move(connection)) {}

    Result<std::optional<std::string>> get(const std::string& key, Deadline deadline) override {
        VT_TRY(const RedisReply reply, connection_.call({"GET", key}, deadline));
        if (reply->type == REDIS_REPLY_NIL) return std::nullopt;
        if (reply->type != REDIS_REPLY_STRING)
            return fail(Errc::malformed, "Redis: GET was not answered with a text");
        return std::string(reply->str, reply->len);
    }
    Result<void> set(const std::string& key, std::string_view bytes, milliseconds ttl, Deadline deadline) override {
        const std::string count = std::to_string(ttl.count());
        VT_TRY(const RedisReply reply, connection_.call({"SET", key, bytes, "PX", count}, deadline));
        if (reply->type != REDIS_REPLY_STATUS) return fail(Errc::malformed, "Redis: SET was not answered with OK");
        return {};
    }
    Result<void> remove(const std::string& key, Deadline deadline) override {
        VT_TRY(const RedisReply reply, connection_.call({"DEL", key}, deadline));
        if (reply->type != REDIS_REPLY_INTEGER)
            return fail(Errc::malformed, "Redis: DEL was not answered with a number");
        return {};
    }
    bool is_quiet() const override { return is_silent(connection_.descriptor()); }

private:
    RedisConnection connection_;
};

}  // namespace

Connect redis_at(ServerAddress address, std::size_t max_reply_bytes) {
    return [address = std::move(address), max_reply_bytes](Deadline deadline) -> Result<std::unique_ptr<Link>> {
        VT_TRY(RedisConnection connection, RedisConnection::open(address, max_reply_bytes, deadline));
        return std::make_unique<RedisLink>(std::move(connection));
    };
}

}  // namespace vt::cache
