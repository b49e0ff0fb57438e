#pragma once

#include "base/time.hpp"
#include "cache/zone_rule.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace vt::cache {

/// The part of a trading day. Holidays are days like others.
enum class MarketHours : std::uint8_t { before, open, after, closed };
[[nodiscard]] std::string_view name(MarketHours hours);

struct WarmScheduleParams {
    ZoneRule zone = {};
    std::chrono::minutes before_from{std::chrono::hours{4}};  ///< since local midnight, as the next three
    std::chrono::minutes open_from{9 * 60 + 30};
    std::chrono::minutes open_to{std::chrono::hours{16}};
    std::chrono::minutes after_to{std::chrono::hours{20}};
    std::chrono::seconds before_every{60};
    std::chrono::seconds open_every{15};
    std::chrono::seconds after_every{120};
    std::chrono::seconds closed_every{300};  ///< overnight, on Saturdays and on Sundays
};

/// How often the cache is warmed, by the hours of the market where the traders are. Pure: the caller says what time
/// it is.
class WarmSchedule {
public:
    /// in: times of the day in their order, the longest part included; what is not warmed is empty
    explicit WarmSchedule(const WarmScheduleParams& params) : params_(params) {}

    [[nodiscard]] MarketHours hours_at(Timestamp now) const;
    [[nodiscard]] std::chrono::seconds every(MarketHours hours) const;
    /// The next instant to warm, after `now`: a whole multiple of the part's pace since local midnight, or the
    /// beginning of the next part, whichever comes first. So two processes warm at the same times, and a part's
    /// faster pace holds from its first second.
    [[nodiscard]] Timestamp next_after(Timestamp now) const;

private:
    WarmScheduleParams params_;
};

}  // namespace vt::cache
