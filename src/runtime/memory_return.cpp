#include "runtime/memory_return.hpp"

#include "api/process_use.hpp"
#include "obs/log.hpp"
#include "runtime/named_thread.hpp"

#include <malloc.h>

#include <algorithm>
#include <string>

namespace vt::runtime {

std::size_t return_free_memory() {
    const double before = api::process_use().resident_bytes;
    if (::malloc_trim(0) == 0) return 0;
    return static_cast<std::size_t>(std::max(0.0, before - api::process_use().resident_bytes));
}

void MemoryReturn::start() {
    thread_ = named_thread("memory", [this] {
        std::unique_lock lock(mutex_);
        while (!stopping_.wait_for(lock, kEvery, [this] { return is_stopping_; })) {
            const auto began = std::chrono::steady_clock::now();
            const std::size_t bytes = return_free_memory();
            const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
            obs::log_debug(
                "memory", std::to_string(bytes / 1024) + " KB given back in " + std::to_string(took.count()) + " ms");
        }
    });
}

void MemoryReturn::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    stopping_.notify_all();
    if (thread_.joinable()) thread_.join();
}

}  // namespace vt::runtime
