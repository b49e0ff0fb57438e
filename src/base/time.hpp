#pragma once

#include <chrono>
#include <cstdint>

namespace vt {

using Nanos = std::chrono::nanoseconds;
/// An instant, UTC, nanoseconds since 1970. The core never asks for "now": instants arrive in events.
using Timestamp = std::chrono::sys_time<Nanos>;

[[nodiscard]] constexpr Timestamp from_ms(std::int64_t ms) { return Timestamp{std::chrono::milliseconds{ms}}; }
[[nodiscard]] constexpr Timestamp from_ns(std::int64_t ns) { return Timestamp{Nanos{ns}}; }
[[nodiscard]] constexpr std::int64_t to_ns(Timestamp at) { return at.time_since_epoch().count(); }
/// Milliseconds since 1970, rounded down.
[[nodiscard]] constexpr std::int64_t to_ms(Timestamp at) {
    return std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch().count();
}
/// The start of the step (aligned to 1970-01-01 00:00 UTC) that holds `at`.
[[nodiscard]] constexpr Timestamp floor_to(Timestamp at, Nanos step) {
    const auto since = at.time_since_epoch();
    auto rest = since % step;
    if (rest < Nanos{0}) rest += step;
    return Timestamp{since - rest};
}
/// One of UTC, which knows no daylight saving.
inline constexpr Nanos kDay = std::chrono::hours{24};
inline constexpr std::int64_t kSecondNs = 1'000'000'000;
inline constexpr std::int64_t kMinuteNs = 60 * kSecondNs;
/// 2100-01-01: no later instant is taken from outside. Nanoseconds in 64 bits end in 2262.
inline constexpr Timestamp kLatestInstant = from_ms(4'102'444'800'000);
[[nodiscard]] constexpr double to_seconds(Nanos span) { return static_cast<double>(span.count()) * 1e-9; }

}  // namespace vt
