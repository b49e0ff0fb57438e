#include "app/stop_signal.hpp"

#include <pthread.h>

#include <ctime>

namespace vt::app {

StopSignal::StopSignal() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGHUP);
    sigaddset(&signals_, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

void StopSignal::came() { pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr); }

void StopSignal::wait(const std::function<void()>& on_hangup, const std::function<void()>& on_user_signal) {
    int signal = 0;
    for (;;) {
        sigwait(&signals_, &signal);
        if (signal != SIGHUP && signal != SIGUSR1) break;
        const auto& called = signal == SIGHUP ? on_hangup : on_user_signal;
        if (called) called();
    }
    came();
}

bool StopSignal::has_come() {
    sigset_t pending{};
    sigpending(&pending);
    return sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1;
}

bool StopSignal::wait_for(std::chrono::seconds limit) {
    const timespec time{.tv_sec = limit.count(), .tv_nsec = 0};
    sigset_t ends = signals_;
    sigdelset(&ends, SIGHUP);
    sigdelset(&ends, SIGUSR1);
    const bool has_come = sigtimedwait(&ends, nullptr, &time) > 0;
    if (has_come) came();
    return has_come;
}

}  // namespace vt::app
