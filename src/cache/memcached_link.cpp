#include "cache/link.hpp"
#include "cache/memcached_reply.hpp"
#include "cache/timed_socket.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace vt::cache {
namespace {

using std::chrono::milliseconds;

/// One question at a time over one socket, in memcached's text protocol: docs/adr/0017 says why not libmemcached.
class MemcachedLink final : public Link {
public:
    MemcachedLink(int descriptor, std::size_t max_value_bytes)
        : descriptor_(descriptor), max_value_bytes_(max_value_bytes) {}
    ~MemcachedLink() override { ::close(descriptor_); }

    Result<std::optional<std::string>> get(const std::string& key, Deadline deadline) override {
        if (auto sent = send("get " + key + "\r\n", deadline); !sent) return tl::unexpected<Error>(sent.error());
        for (;;) {
            if (auto taken = receive(deadline); !taken) return tl::unexpected<Error>(taken.error());
            VT_TRY(auto reply, read_get_reply(received_, key, max_value_bytes_));
            if (reply) return std::move(reply->value);
        }
    }
    Result<void> set(const std::string& key, std::string_view bytes, milliseconds ttl, Deadline deadline) override {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(ttl).count();
        std::string command =
            "set " + key + " 0 " + std::to_string(seconds) + " " + std::to_string(bytes.size()) + "\r\n";
        command += bytes;
        command += "\r\n";
        return order(command, deadline);
    }
    Result<void> remove(const std::string& key, Deadline deadline) override {
        return order("delete " + key + "\r\n", deadline);
    }
    bool is_quiet() const override { return is_silent(descriptor_); }

private:
    Result<void> order(std::string_view command, Deadline deadline) {
        if (auto sent = send(command, deadline); !sent) return sent;
        for (;;) {
            if (auto taken = receive(deadline); !taken) return taken;
            VT_TRY(const bool is_whole, read_status_reply(received_));
            if (is_whole) return {};
        }
    }

    Result<void> send(std::string_view bytes, Deadline deadline) {
        received_.clear();
        while (!bytes.empty()) {
            const ssize_t count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (count > 0) {
                bytes.remove_prefix(static_cast<std::size_t>(count));
            } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
                if (auto ready = wait_for(descriptor_, POLLOUT, deadline); !ready) return ready;
            } else if (errno != EINTR) {
                return fail(Errc::unavailable, std::string("memcached: ") + std::strerror(errno));
            }
        }
        return {};
    }

    /// Adds what comes next; the readers of replies limit how much that may become.
    Result<void> receive(Deadline deadline) {
        for (;;) {
            if (auto ready = wait_for(descriptor_, POLLIN, deadline); !ready) return ready;
            char part[16'384];
            const ssize_t count = ::recv(descriptor_, part, sizeof(part), MSG_DONTWAIT);
            if (count > 0) {
                received_.append(part, static_cast<std::size_t>(count));
                return {};
            }
            if (count == 0) return fail(Errc::unavailable, "memcached closed the connection");
            if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
                return fail(Errc::unavailable, std::string("memcached: ") + std::strerror(errno));
        }
    }

    int descriptor_;
    std::size_t max_value_bytes_;
    std::string received_;  // since the last question was sent
};

}  // namespace

Connect memcached_at(ServerAddress address, std::size_t max_value_bytes) {
    return [address = std::move(address), max_value_bytes](Deadline deadline) -> Result<std::unique_ptr<Link>> {
        VT_TRY(const int descriptor, connect_socket(address, deadline));
        return std::make_unique<MemcachedLink>(descriptor, max_value_bytes);
    };
}

}  // namespace vt::cache
