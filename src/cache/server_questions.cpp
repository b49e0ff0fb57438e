#include "cache/server_questions.hpp"

#include "base/whole_number.hpp"
#include "cache/redis_connection.hpp"
#include "cache/timed_socket.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string_view>

namespace vt::cache {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kReplyBytesMax = 64U << 10U;

/// Closes what it holds.
struct OwnedSocket {
    explicit OwnedSocket(int descriptor_) : descriptor(descriptor_) {}
    OwnedSocket(const OwnedSocket&) = delete;
    OwnedSocket& operator=(const OwnedSocket&) = delete;
    ~OwnedSocket() { ::close(descriptor); }
    int descriptor;
};

tl::unexpected<Error> memcached_failed(const std::string& why) { return fail(Errc::unavailable, "memcached " + why); }

/// What memcached says to one line, until `end` is at the end of it, or an error.
Result<std::string> ask_memcached(const ServerAddress& address, const std::string& line, std::string_view end,
                                  Deadline deadline) {
    VT_TRY(const int descriptor, connect_socket(address, deadline));
    const OwnedSocket socket(descriptor);
    const std::string question = line + "\r\n";  // it fits into any socket's buffer
    if (::send(descriptor, question.data(), question.size(), MSG_NOSIGNAL | MSG_DONTWAIT) !=
        static_cast<ssize_t>(question.size()))
        return memcached_failed("did not take a question");
    std::string reply;
    while (!reply.ends_with(end)) {
        if (reply.size() > kReplyBytesMax) return fail(Errc::malformed, "memcached's answer does not end");
        if (auto ready = wait_for(descriptor, POLLIN, deadline); !ready) return tl::unexpected(ready.error());
        char part[4'096];
        const ssize_t count = ::recv(descriptor, part, sizeof(part), MSG_DONTWAIT);
        if (count <= 0) return memcached_failed("closed the connection within an answer");
        reply.append(part, static_cast<std::size_t>(count));
        const bool is_refusal =
            reply.starts_with("ERROR") || reply.starts_with("CLIENT_ERROR ") || reply.starts_with("SERVER_ERROR ");
        if (is_refusal && reply.ends_with("\r\n"))
            return fail(Errc::refused, "memcached refused \"" + line + "\": " + reply.substr(0, reply.size() - 2));
    }
    return reply;
}

/// Takes the next word off the text.
std::string take_word(std::string_view& text) {
    const std::size_t end = std::min(text.find(' '), text.size());
    std::string word(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

/// The next line without its end.
std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find("\r\n"), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 2, text.size()));
    return line;
}

/// The lines "STAT name value" of an answer.
Result<std::map<std::string, std::string>> memcached_values(const ServerAddress& address, const std::string& question,
                                                            Deadline deadline) {
    VT_TRY(const std::string reply, ask_memcached(address, question, "END\r\n", deadline));
    std::map<std::string, std::string> out;
    for (std::string_view rest = reply; !rest.empty();) {
        std::string_view line = take_line(rest);
        if (take_word(line) != "STAT") continue;
        std::string name = take_word(line);
        out[std::move(name)] = line;
    }
    if (out.empty()) return fail(Errc::malformed, "memcached's `" + question + "` names nothing");
    return out;
}

}  // namespace

Result<std::map<std::string, std::string>> memcached_settings(const ServerAddress& address, Deadline deadline) {
    return memcached_values(address, "stats settings", deadline);
}

Result<std::map<std::string, std::string>> memcached_statistics(const ServerAddress& address, Deadline deadline) {
    return memcached_values(address, "stats", deadline);
}

Result<std::optional<milliseconds>> memcached_time_left(const ServerAddress& address, const std::string& wire_key,
                                                        Deadline deadline) {
    VT_TRY(const std::string reply, ask_memcached(address, "mg " + wire_key + " t", "\r\n", deadline));
    if (reply == "EN\r\n") return std::nullopt;
    const std::string_view text(reply);
    if (!text.starts_with("HD t")) return fail(Errc::malformed, "memcached: `mg` was not answered with a time");
    const std::string_view number = text.substr(4, text.size() - 6);
    if (number == "-1") return milliseconds::max();
    const auto seconds = whole_number<std::uint32_t>(number);
    if (!seconds) return fail(Errc::malformed, "memcached: `mg` was not answered with a time");
    return std::chrono::seconds{*seconds};
}

Result<std::optional<milliseconds>> redis_time_left(const ServerAddress& address, const std::string& wire_key,
                                                    Deadline deadline) {
    VT_TRY(RedisConnection connection, RedisConnection::open(address, kReplyBytesMax, deadline));
    VT_TRY(const RedisReply reply, connection.call({"PTTL", wire_key}, deadline));
    if (reply->type != REDIS_REPLY_INTEGER)
        return fail(Errc::malformed, "Redis: PTTL was not answered with a number");
    if (reply->integer == -2) return std::nullopt;
    return reply->integer < 0 ? milliseconds::max() : milliseconds{reply->integer};
}

Result<std::map<std::string, std::string>> redis_information(const ServerAddress& address, Deadline deadline) {
    VT_TRY(RedisConnection connection, RedisConnection::open(address, kReplyBytesMax, deadline));
    VT_TRY(const RedisReply reply, connection.call({"INFO"}, deadline));
    if (reply->type != REDIS_REPLY_STRING) return fail(Errc::malformed, "Redis: INFO was not answered with a text");
    std::map<std::string, std::string> out;
    for (std::string_view rest(reply->str, reply->len); !rest.empty();) {
        const std::string_view line = take_line(rest);
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos) out[std::string(line.substr(0, colon))] = line.substr(colon + 1);
    }
    return out;
}

Result<std::string> redis_run_id(const ServerAddress& address, Deadline deadline) {
    VT_TRY(const auto said, redis_information(address, deadline));
    const auto found = said.find("run_id");
    if (found == said.end()) return fail(Errc::malformed, "Redis: INFO names no run_id");
    return found->second;
}

Result<void> flush_memcached(const ServerAddress& address, Deadline deadline) {
    VT_TRY(const std::string reply, ask_memcached(address, "flush_all", "\r\n", deadline));
    if (reply != "OK\r\n") return fail(Errc::malformed, "memcached: flush_all was not answered with OK");
    return {};
}

}  // namespace vt::cache
