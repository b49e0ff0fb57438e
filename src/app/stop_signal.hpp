#pragma once

#include <chrono>
#include <csignal>

namespace vt::app {

/// SIGINT and SIGTERM as something to wait for. Make it before any thread: threads inherit the mask, so that only
/// wait() sees the signals.
class StopSignal {
public:
    StopSignal();
    /// Until one of the signals comes. A second one during the shutdown ends the process at once.
    void wait();
    /// out: whether a signal came within `limit`
    bool wait_for(std::chrono::seconds limit);

private:
    void came();
    sigset_t signals_{};
};

}  // namespace vt::app
