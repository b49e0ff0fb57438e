#pragma once

// Internal to net: Asio types. Included by net's own .cpp files only.

#include "net/loop.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace vt::net::detail {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;
/// The one concrete executor: no type erasure on the way of a read or a write.
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<tcp, Executor>;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
using SteadyTime = std::chrono::steady_clock::time_point;
template <class T>
using Task = asio::awaitable<T, Executor>;
/// Awaits with the error as the first member of a tuple, not as an exception.
inline constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> kAwait{};

[[nodiscard]] inline SteadyTime steady_now() { return std::chrono::steady_clock::now(); }

class Names;

}  // namespace vt::net::detail

namespace vt::net {

struct Loop::Impl {
    Impl();
    ~Impl();
    boost::asio::io_context context{1};
    /// Without it the context would stop, for good, whenever it has nothing to do.
    boost::asio::executor_work_guard<detail::Executor> work{context.get_executor()};
    std::map<std::uint64_t, std::unique_ptr<detail::Timer>> timers;
    std::uint64_t last_timer = 0;
    std::uint64_t exceptions = 0;
    std::unique_ptr<detail::Names> names;

    /// Logs and counts an exception that left `what`.
    void report(std::string_view what, std::string_view why);
};

namespace detail {

/// Runs a coroutine on the loop. An exception that leaves it is logged under `name` and counted.
void spawn(Loop::Impl& loop, std::string name, Task<void> task);

/// Calls into code that is not ours to trust.
///   out: false when it threw (which is logged and counted)
template <class Call>
bool guarded(Loop::Impl& loop, std::string_view what, Call&& call) {
    try {
        call();
        return true;
    } catch (const std::exception& error) {
        loop.report(what, error.what());
    } catch (...) {
        loop.report(what, "not a std::exception");
    }
    return false;
}

}  // namespace detail
}  // namespace vt::net
