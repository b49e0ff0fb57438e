#include "cache/timed_socket.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace vt::cache {

using std::chrono::milliseconds;

Result<void> wait_for(int descriptor, short events, Deadline deadline) {
    for (;;) {
        const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) return fail(Errc::unavailable, "no answer in time");
        pollfd waited{.fd = descriptor, .events = events, .revents = 0};
        const int count = ::poll(&waited, 1, static_cast<int>(left.count()));
        if (count > 0) return {};
        if (count < 0 && errno != EINTR) return fail(Errc::unavailable, std::strerror(errno));
    }
}

bool is_silent(int descriptor) {
    pollfd looked{.fd = descriptor, .events = POLLIN, .revents = 0};
    return ::poll(&looked, 1, 0) == 0;
}

Result<int> connect_socket(const ServerAddress& address, Deadline deadline) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    const int resolved = ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &list);
    if (resolved != 0) return fail(Errc::unavailable, "host '" + address.host + "': " + ::gai_strerror(resolved));
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(list, &::freeaddrinfo);
    std::string last = "no address";
    for (const addrinfo* at = list; at != nullptr; at = at->ai_next) {
        const int descriptor =
            ::socket(at->ai_family, at->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, at->ai_protocol);
        if (descriptor < 0) continue;
        const int one = 1;
        ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
        if (::connect(descriptor, at->ai_addr, at->ai_addrlen) == 0) return descriptor;
        int problem = errno;
        if (problem == EINPROGRESS) {
            socklen_t size = sizeof(problem);
            problem = ETIMEDOUT;
            if (wait_for(descriptor, POLLOUT, deadline))
                ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &problem, &size);
            if (problem == 0) return descriptor;
        }
        last = std::strerror(problem);
        ::close(descriptor);
    }
    return fail(Errc::unavailable,
                "connecting to " + address.host + ":" + std::to_string(address.port) + ": " + last);
}

}  // namespace vt::cache
