#pragma once

#include <pthread.h>

#include <thread>
#include <utility>

namespace vt::runtime {

/// A thread that `top -H` and a debugger show by name. in: name: at most 15 characters
template <class Run>
[[nodiscard]] std::thread named_thread(const char* name, Run run) {
    return std::thread([name, run = std::move(run)]() mutable {
        pthread_setname_np(pthread_self(), name);
        run();
    });
}

}  // namespace vt::runtime
