#pragma once

#include "base/time.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vt {

/// Numbers and times as the pages write them: the same rules as web/src/store/format.ts, held to the same cases
/// (tests/golden/page_formats). The minus sign is a real one, thousands are grouped, halves go away from zero as the
/// shortest decimal form of the number has them. What is no finite number is unknown, and unknown is kAbsent.

inline constexpr std::string_view kAbsent = "—";

/// Decimals that a tick size implies: 0.1 is 1, 0.00005 is 5, 5 is 0; 2 where it is no tick size.
[[nodiscard]] int tick_decimals(double tick_size);
/// in: decimals: 0..12
[[nodiscard]] std::string number_text(std::optional<double> value, int decimals);
/// As many decimals as the tick size has.
[[nodiscard]] std::string price_text(std::optional<double> value, double tick_size);
/// Always with a sign, except for what rounds to zero.
[[nodiscard]] std::string signed_text(std::optional<double> value, int decimals);
/// in: share: 0..1; out: "92%"
[[nodiscard]] std::string share_text(std::optional<double> share);
/// 1234567 is "1.23M".
[[nodiscard]] std::string compact_text(std::optional<double> value);

/// The side of a score as displayed: above 50 leans long, below leans short.
enum class Tone : std::uint8_t { flat, up, down };
struct Lean {
    Tone tone = Tone::flat;
    bool is_weak = false;  ///< less than five points: it keeps its arrow and has no colour
    bool operator==(const Lean&) const = default;
};
[[nodiscard]] Lean score_lean(std::optional<double> score, int decimals);

/// "2026-11-24 12:03:22 UTC"; "time unknown" before 1970.
[[nodiscard]] std::string instant_text(Timestamp at);
/// "12:03", UTC.
[[nodiscard]] std::string clock_text(Timestamp at);
/// "11-24", month and day, UTC.
[[nodiscard]] std::string day_text(Timestamp at);

/// Rounds the parts so that, as displayed, they add up to the rounded total: the largest remainders take the
/// difference.
[[nodiscard]] std::vector<double> rounded_to_sum(std::span<const double> parts, double total, int decimals);

}  // namespace vt
