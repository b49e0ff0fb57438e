#pragma once

#include "base/time.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace vt::cache {

/// How fast an answer ages.
enum class TtlClass : std::uint8_t { overview, movers, signals, scores, other };
inline constexpr std::size_t kTtlClasses = 5;

[[nodiscard]] std::string_view name(TtlClass ttl_class);

/// The tiers, nearest first.
enum class Tier : std::uint8_t { memory, second, third };
inline constexpr std::size_t kTiers = 3;

/// For how long each tier may serve a value, counted from when it was made.
struct TtlParams {
    using Row = std::array<Nanos, kTiers>;
    std::array<Row, kTtlClasses> by_class = {
        Row{std::chrono::seconds{15}, std::chrono::seconds{30}, std::chrono::seconds{120}},
        Row{std::chrono::seconds{20}, std::chrono::seconds{45}, std::chrono::seconds{180}},
        Row{std::chrono::seconds{30}, std::chrono::seconds{60}, std::chrono::seconds{300}},
        Row{std::chrono::seconds{45}, std::chrono::seconds{90}, std::chrono::seconds{600}},
        Row{std::chrono::seconds{30}, std::chrono::seconds{60}, std::chrono::seconds{300}},
    };
    Nanos absent = std::chrono::seconds{5};  ///< at most this for the knowledge that there is nothing

    [[nodiscard]] Nanos ttl(TtlClass ttl_class, Tier tier, bool is_absent) const;
};

}  // namespace vt::cache
