#include "signals/placebo.hpp"

#include "base/prng.hpp"

namespace vt::signals {

PlannedPlacebo planned_placebo(const Signal& raised) {
    constexpr Nanos kMinute = std::chrono::minutes{1};
    Prng prng(0, "placebo of " + raised.id);
    const auto minutes = static_cast<std::int64_t>(prng.below(static_cast<std::uint64_t>(kPlaceboSpan / kMinute)));
    const Timestamp from = floor_to(raised.confirmed_at, kMinute) + (minutes + 1) * kMinute;
    return {.of = raised.id,
            .strategy = raised.strategy,
            .side = raised.side,
            .score = raised.score,
            .from = from,
            .until = from + kPlaceboSpan,
            .expiry = raised.expires_at - raised.entered_at};
}

}  // namespace vt::signals
