#pragma once

// Internal to net: Asio types. Included by net's own .cpp files, and by tests that stand in for the resolver.

#include "base/result.hpp"
#include "net/detail/asio_loop.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vt::net::detail {

using Addresses = std::vector<asio::ip::address>;
using Found = std::function<void(Result<Addresses>)>;

/// Names to addresses, off the loop's thread (Asio asks the system on a thread of its own). What was found last is
/// kept ten minutes, for when the resolver fails, or does not answer within a second.
class Names {
public:
    explicit Names(asio::io_context& context) : context_(context) {}
    /// errors: unavailable: no such name, and none is remembered
    [[nodiscard]] Task<Result<Addresses>> find(std::string host);
    /// This address worked: it goes first next time.
    void worked(const std::string& host, const asio::ip::address& address);

    /// A test's resolver instead of the system's. `found` may be called later, or never.
    std::function<void(const std::string& host, Found found)> ask;

private:
    struct Known {
        Addresses addresses;
        SteadyTime at;
    };
    void ask_system(const std::string& host, Found found);
    asio::io_context& context_;
    std::map<std::string, Known> known_;
};

/// Connects to the first address that answers: they are tried in turn, a quarter of a second apart, the two families
/// alternating, and the first connection wins (RFC 8305). A black hole costs a quarter of a second.
class Race {
public:
    Race(Executor executor, Addresses addresses, std::uint16_t port, std::string local_address);
    /// out: the connected socket
    [[nodiscard]] static Task<Result<Socket>> run(std::shared_ptr<Race> self);
    void cancel();

private:
    void start_next(const std::shared_ptr<Race>& self);
    [[nodiscard]] bool is_over() const { return is_cancelled_ || winner_ || failed_ == addresses_.size(); }

    Executor executor_;
    Addresses addresses_;
    std::uint16_t port_;
    std::string local_address_;
    std::vector<std::unique_ptr<Socket>> sockets_;
    Timer wake_;
    std::optional<std::size_t> winner_;
    std::size_t failed_ = 0;
    error_code problem_;
    bool is_cancelled_ = false;
};

}  // namespace vt::net::detail
