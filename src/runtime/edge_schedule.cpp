#include "runtime/edge_schedule.hpp"

namespace vt::runtime {

bool EdgeSchedule::take_due(Timestamp now) {
    const std::uint64_t ends = ends_.load(std::memory_order_relaxed);
    if (read_at_) {
        // A clock that was set back must not silence it for as long as it was ahead.
        const Nanos passed = now < *read_at_ ? kEvery : now - *read_at_;
        const bool has_news = ends - ends_read_ >= kEnds || has_failed_.load(std::memory_order_relaxed);
        if (passed < kRest || (passed < kEvery && !has_news)) return false;
    }
    read_at_ = now;
    ends_read_ = ends;
    has_failed_.store(false, std::memory_order_relaxed);
    return true;
}

}  // namespace vt::runtime
