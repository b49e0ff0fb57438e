#pragma once

#include <chrono>
#include <csignal>
#include <functional>

namespace vt::app {

/// SIGINT and SIGTERM as something to wait for, SIGHUP as a wish to read the keys again, SIGUSR1 as the kill switch.
/// Make it before any thread: threads inherit the mask, so that only wait() sees the signals.
class StopSignal {
public:
    StopSignal();
    /// Until one of the signals comes. A second one during the shutdown ends the process at once.
    /// in: what is called, on this thread, at each SIGHUP and at each SIGUSR1
    void wait(const std::function<void()>& on_hangup = {}, const std::function<void()>& on_user_signal = {});
    /// Has one of the signals that end the process come? Then wait() returns at once.
    [[nodiscard]] static bool has_come();
    /// out: whether a signal came within `limit`
    bool wait_for(std::chrono::seconds limit);

private:
    void came();
    sigset_t signals_{};
};

}  // namespace vt::app
