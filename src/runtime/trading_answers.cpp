#include "runtime/trading_answers.hpp"

#include <utility>

namespace vt::runtime {

std::uint64_t TradingAnswers::expect(Done done) {
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() < kWaitingMax) {
            waiting_.emplace(++last_, std::move(done));
            return last_;
        }
    }
    done(fail(Errc::unavailable, "too many commands to trading wait for their answer; try again in a moment"));
    return 0;
}

TradingAnswers::Done TradingAnswers::take(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(number);
    if (found == waiting_.end()) return {};
    Done done = std::move(found->second);
    waiting_.erase(found);
    return done;
}

}  // namespace vt::runtime
