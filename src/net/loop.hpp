#pragma once

#include "base/strong.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace vt::net {

/// The machine's clock, UTC. For shell code that stamps what comes in; the core takes time from events.
[[nodiscard]] Timestamp wall_now();

using TimerId = Strong<struct TimerIdTag, std::uint64_t>;  ///< 0: no timer

/// One event loop: everything that is made on it (clients, servers, timers) runs, and calls back, on the one thread
/// that runs it. Functions here are for that thread, unless they say "any thread". An exception that leaves a task is
/// logged and counted; the loop goes on.
/// What is made on a loop must be destroyed on the loop's thread (or when the loop is not running), before the loop.
class Loop {
public:
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Runs until stop(). A stop() that came before is not lost.
    void run();
    /// Any thread.
    void stop();
    /// Runs what is ready now, without waiting. For tests and for loops driven by hand.
    ///   out: how many tasks ran
    std::size_t poll();
    /// Runs until `done()` holds or `limit` has passed. What tests wait with.
    ///   out: done()
    [[nodiscard]] bool run_until(const std::function<bool()>& done, Nanos limit = std::chrono::seconds{10});

    /// Queues `task` for the loop's thread. Any thread. The queue has no limit of its own: post wake-ups and
    /// commands, and keep data in a bounded ring beside it.
    void post(std::function<void()> task);
    /// Runs `task` once, after `delay`.
    TimerId after(Nanos delay, std::function<void()> task);
    /// Forgets the timer; its task will not run. Nothing happens if it has run.
    void cancel(TimerId timer);

    /// How many exceptions left a task or a connection since the start.
    [[nodiscard]] std::uint64_t exceptions() const;

    struct Impl;  ///< net/detail/asio_loop.hpp, for net's own .cpp files
    [[nodiscard]] Impl& impl() { return *impl_; }

private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::net
