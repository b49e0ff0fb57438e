#pragma once

#include "api/trading_request.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>

namespace vt::runtime {

/// Who waits for the engine's answer to a command, by the number that the command carries. Any thread.
class TradingAnswers {
public:
    using Done = std::function<void(const Result<api::TradingDone>&)>;
    static constexpr std::size_t kWaitingMax = 64;  ///< beyond it nobody is taken in

    /// out: the number; 0: too many wait, and `done` was told so
    [[nodiscard]] std::uint64_t expect(Done done);
    /// Who waits under the number, once. out: empty: nobody, or not any more
    [[nodiscard]] Done take(std::uint64_t number);

private:
    std::mutex mutex_;
    std::uint64_t last_ = 0;
    std::map<std::uint64_t, Done> waiting_;
};

}  // namespace vt::runtime
