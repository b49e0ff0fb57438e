#pragma once

#include "base/prng.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace vt::cache {

[[nodiscard]] inline int loopback_socket(std::uint16_t port, sockaddr_in& address) {
    address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

/// A port for a server that has to be told one: below those that the system gives to connections on their way out,
/// since one of those could be taken again before the server has it.
[[nodiscard]] inline std::uint16_t free_port() {
    std::uint16_t first_given = 0;
    std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> first_given;
    std::random_device random;
    while (true) {
        const bool is_below = first_given > 20'000;
        sockaddr_in address;
        const int descriptor = loopback_socket(
            is_below ? std::uniform_int_distribution<std::uint16_t>(10'000, first_given)(random) : 0, address);
        socklen_t size = sizeof(address);
        const bool is_free = ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                             ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0;
        ::close(descriptor);
        if (is_free) return ntohs(address.sin_port);
    }
}

[[nodiscard]] inline bool is_listening(std::uint16_t port) {
    sockaddr_in address;
    const int descriptor = loopback_socket(port, address);
    const bool is_there = ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    ::close(descriptor);
    return is_there;
}

/// A server program of this machine, on a free loopback port; ended by its process id.
class ServerProcess {
public:
    /// in: arguments: how it is started on that port; the first is the program
    using Arguments = std::function<std::vector<std::string>(std::uint16_t port)>;

    explicit ServerProcess(Arguments arguments) : arguments_(std::move(arguments)), port_(free_port()) { start(); }
    ~ServerProcess() { end(SIGKILL); }
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    /// Whether the program is there at all and answers.
    [[nodiscard]] bool is_running() const { return pid_ > 0 && is_listening(port_); }
    [[nodiscard]] std::uint16_t port() const { return port_; }

    void start() {
        std::vector<std::string> words = arguments_(port_);
        // The kernel ends it with this test, however that ends.
        words.insert(words.begin(), {"setpriv", "--pdeathsig", "KILL"});
        std::vector<char*> texts;
        for (std::string& word : words) texts.push_back(word.data());
        texts.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        for (const int descriptor : {0, 1, 2})
            ::posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0);
        if (::posix_spawnp(&pid_, "setpriv", &actions, nullptr, texts.data(), environ) != 0) pid_ = -1;
        ::posix_spawn_file_actions_destroy(&actions);
        for (int tries = 0; tries < 3'000 && pid_ > 0 && !is_listening(port_); ++tries) {
            if (::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;  // it could not be started
            ::poll(nullptr, 0, 10);
        }
    }
    void end(int how) {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGCONT);
        ::kill(pid_, how);
        ::waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }
    /// Comes back when every thread of it stands still.
    void pause() const {
        ::kill(pid_, SIGSTOP);
        ::waitpid(pid_, nullptr, WUNTRACED);
    }
    void go_on() const { ::kill(pid_, SIGCONT); }

private:
    Arguments arguments_;
    std::uint16_t port_;
    pid_t pid_ = -1;
};

/// Sends a text to a port of this machine and returns what comes back until `end` is in it.
[[nodiscard]] inline std::string exchange_with(std::uint16_t port, std::string_view text, std::string_view end) {
    sockaddr_in address;
    const int descriptor = loopback_socket(port, address);
    std::string reply;
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
        (void)!::write(descriptor, text.data(), text.size());
        char part[65536];
        for (ssize_t count = 1; count > 0 && reply.find(end) == std::string::npos;) {
            count = ::read(descriptor, part, sizeof(part));
            if (count > 0) reply.append(part, static_cast<std::size_t>(count));
        }
    }
    ::close(descriptor);
    return reply;
}

inline ServerProcess::Arguments memcached_with(std::vector<std::string> more = {}) {
    return [more](std::uint16_t port) {
        std::vector<std::string> words = {"memcached", "-l", "127.0.0.1", "-p", std::to_string(port), "-U", "0"};
        if (::geteuid() == 0) words.insert(words.end(), {"-u", "root"});
        words.insert(words.end(), more.begin(), more.end());
        return words;
    };
}

inline ServerProcess::Arguments redis_with(std::vector<std::string> more = {}) {
    return [more](std::uint16_t port) {
        std::vector<std::string> words = {
            "redis-server", "--port", std::to_string(port), "--bind", "127.0.0.1", "--save", "",
            "--appendonly", "no",     "--daemonize",        "no"};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    };
}

/// Answers whatever it is sent with what `reply` says, on one connection after the other.
class NonsenseServer {
public:
    using Reply = std::function<std::string()>;

    explicit NonsenseServer(Reply reply) : reply_(std::move(reply)) {
        sockaddr_in address;
        listener_ = loopback_socket(0, address);
        socklen_t size = sizeof(address);
        ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size);
        ::listen(listener_, 64);
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~NonsenseServer() {
        is_ending_ = true;
        (void)is_listening(port_);  // wakes it
        thread_.join();
        ::close(listener_);
    }
    NonsenseServer(const NonsenseServer&) = delete;
    NonsenseServer& operator=(const NonsenseServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    void serve() {
        std::vector<pollfd> watched = {{.fd = listener_, .events = POLLIN, .revents = 0}};
        while (!is_ending_) {
            ::poll(watched.data(), watched.size(), 1'000);
            if (watched[0].revents != 0)
                watched.push_back(
                    {.fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC), .events = POLLIN, .revents = 0});
            for (std::size_t i = 1; i < watched.size(); ++i) {
                if (watched[i].revents == 0) continue;
                char part[65536];
                if (::read(watched[i].fd, part, sizeof(part)) <= 0) {
                    ::close(watched[i].fd);
                    watched.erase(watched.begin() + static_cast<std::ptrdiff_t>(i--));
                    continue;
                }
                const std::string answer = reply_();
                (void)!::send(watched[i].fd, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            }
        }
        for (std::size_t i = 1; i < watched.size(); ++i) ::close(watched[i].fd);
    }

    Reply reply_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<bool> is_ending_ = false;
    std::thread thread_;
};

}  // namespace vt::cache
