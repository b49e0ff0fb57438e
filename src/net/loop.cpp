#include "net/loop.hpp"

#include "net/detail/asio_loop.hpp"
#include "net/detail/names.hpp"
#include "obs/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <exception>

namespace vt::net {

namespace {

/// Runs `step` (one of io_context's run functions) and steps over exceptions that a handler let out.
template <class Step>
std::size_t run_guarded(Loop::Impl& loop, Step&& step) {
    std::size_t ran = 0;
    while (!detail::guarded(loop, "handler", [&] { ran += step(); })) ++ran;
    return ran;
}

}  // namespace

Loop::Impl::Impl() : names(std::make_unique<detail::Names>(context)) {}

Loop::Impl::~Impl() = default;

void Loop::Impl::report(std::string_view what, std::string_view why) {
    ++exceptions;
    obs::log_error("net.loop", std::string("exception from ") + std::string(what) + ": " + std::string(why));
}

Timestamp wall_now() { return std::chrono::time_point_cast<Nanos>(std::chrono::system_clock::now()); }

Loop::Loop() : impl_(std::make_unique<Impl>()) {}

Loop::~Loop() { impl_->timers.clear(); }

void Loop::run() {
    run_guarded(*impl_, [this] { return impl_->context.run(); });
    impl_->context.restart();
}

void Loop::stop() { impl_->context.stop(); }

std::size_t Loop::poll() {
    return run_guarded(*impl_, [this] { return impl_->context.poll(); });
}

bool Loop::run_until(const std::function<bool()>& done, Nanos limit) {
    constexpr Nanos kLongestNap = std::chrono::milliseconds{5};  // `done` may depend on another thread
    const auto deadline = detail::steady_now() + limit;
    while (!done()) {
        const auto now = detail::steady_now();
        if (now >= deadline || impl_->context.stopped()) return done();
        const auto nap = std::min<Nanos>(kLongestNap, deadline - now);
        run_guarded(*impl_, [&] { return impl_->context.run_one_for(nap); });
    }
    return true;
}

void Loop::post(std::function<void()> task) {
    boost::asio::post(impl_->context, [impl = impl_.get(), task = std::move(task)] {
        detail::guarded(*impl, "posted task", task);
    });
}

TimerId Loop::after(Nanos delay, std::function<void()> task) {
    const std::uint64_t id = ++impl_->last_timer;
    auto timer = std::make_unique<detail::Timer>(impl_->context.get_executor());
    timer->expires_after(delay);
    timer->async_wait([impl = impl_.get(), id, task = std::move(task)](const detail::error_code&) {
        if (impl->timers.erase(id) == 0) return;  // cancelled
        detail::guarded(*impl, "timer", task);
    });
    impl_->timers.emplace(id, std::move(timer));
    return TimerId{id};
}

void Loop::cancel(TimerId timer) { impl_->timers.erase(timer.value()); }

std::uint64_t Loop::exceptions() const { return impl_->exceptions; }

namespace detail {

void spawn(Loop::Impl& loop, std::string name, Task<void> task) {
    asio::co_spawn(loop.context, std::move(task), [&loop, name = std::move(name)](const std::exception_ptr& failure) {
        if (!failure) return;
        guarded(loop, name, [&] { std::rethrow_exception(failure); });
    });
}

}  // namespace detail
}  // namespace vt::net
