#include "app/stop_signal.hpp"

#include <pthread.h>

#include <ctime>

namespace vt::app {

StopSignal::StopSignal() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

void StopSignal::came() { pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr); }

void StopSignal::wait() {
    int signal = 0;
    sigwait(&signals_, &signal);
    came();
}

bool StopSignal::wait_for(std::chrono::seconds limit) {
    const timespec time{.tv_sec = limit.count(), .tv_nsec = 0};
    const bool has_come = sigtimedwait(&signals_, nullptr, &time) > 0;
    if (has_come) came();
    return has_come;
}

}  // namespace vt::app
