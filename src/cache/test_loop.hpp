#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace vt::cache {

/// A test's stand-in for an event loop: tasks are posted from any thread and run on the one that waits.
class TestLoop {
public:
    void post(std::function<void()> task) {
        {
            const std::lock_guard lock(mutex_);
            tasks_.push_back(std::move(task));
        }
        wake_.notify_one();
    }
    [[nodiscard]] std::function<void(std::function<void()>)> executor() {
        return [this](std::function<void()> task) { post(std::move(task)); };
    }
    /// Runs tasks until `done()` holds, looking again each few milliseconds. out: done()
    bool run_until(const std::function<bool()>& done, std::chrono::seconds limit = std::chrono::seconds{30}) {
        const auto end = std::chrono::steady_clock::now() + limit;
        while (!done()) {
            std::unique_lock lock(mutex_);
            if (tasks_.empty()) {
                if (std::chrono::steady_clock::now() > end) return false;
                wake_.wait_for(lock, std::chrono::milliseconds{5});
                continue;
            }
            const auto task = std::move(tasks_.front());
            tasks_.pop_front();
            lock.unlock();
            task();
        }
        return true;
    }

private:
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> tasks_;
};

}  // namespace vt::cache
