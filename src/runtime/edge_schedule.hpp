#pragma once

#include "base/time.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace vt::runtime {

/// When what became of signals is read again: at the start, an hour later, or once some more have ended, but not
/// twice within a minute.
class EdgeSchedule {
public:
    static constexpr Nanos kEvery = std::chrono::hours{1};
    static constexpr Nanos kRest = std::chrono::minutes{1};
    static constexpr std::uint64_t kEnds = 10;

    /// Any thread: something became known of a signal that counts.
    void count_end() { ends_.fetch_add(1, std::memory_order_relaxed); }
    /// Any thread: the last reading failed, the next is due after kRest.
    void note_failure() { has_failed_.store(true, std::memory_order_relaxed); }
    /// One thread. out: whether to read now; a reading that is due is said once
    [[nodiscard]] bool take_due(Timestamp now);

private:
    std::atomic<std::uint64_t> ends_{0};
    std::atomic<bool> has_failed_{false};
    std::uint64_t ends_read_ = 0;
    std::optional<Timestamp> read_at_;
};

}  // namespace vt::runtime
