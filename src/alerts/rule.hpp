#pragma once

#include "alerts/alert.hpp"
#include "alerts/occurrence.hpp"
#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::alerts {

/// When something is told, and to whom. What is absent is as its kind has it (KindTerms).
struct Rule {
    std::string name;  ///< unique: small letters, digits, "_" and "-", at most 40
    Kind kind = Kind::signal;
    bool is_on = true;
    std::vector<std::string> symbols = {};  ///< "BTCUSDT" of every venue, or "bybit-linear-BTCUSDT"; empty: all
    std::optional<Side> side = {};          ///< only what points this way; of a level: only a crossing this way
    std::optional<double> minimum = {};     ///< of the size, in the kind's unit
    std::optional<double> level = {};       ///< what is to be crossed; where the kind has one
    double coverage_min = 0;                ///< of the score, where the kind has one; 0..1
    std::optional<Nanos> cooldown = {};     ///< 0 to 7 days; of each instrument and side
    std::optional<Severity> severity = {};
    std::vector<std::string> channels = {};  ///< by name; empty: all
    bool is_once = false;                    ///< it is turned off once it has told something
    std::optional<Timestamp> snoozed_until = {};
    bool operator==(const Rule&) const = default;
};

inline constexpr std::size_t kMostRules = 10'000;
inline constexpr Nanos kCooldownMost = 7 * kDay;
inline constexpr std::size_t kMostRuleNames = 500;  ///< symbols or channels of one rule

/// Refuses what is malformed, contradicts itself or can never tell anything.
///   errors: configuration: which part of which rule, why, and what would do
[[nodiscard]] Result<void> check_rule(const Rule& rule);

/// What a new user lives with: no rule on what happens all day.
[[nodiscard]] std::vector<Rule> usual_rules();

/// What the rule asks for or, where it does not say, its kind.
[[nodiscard]] double minimum_of(const Rule& rule);
[[nodiscard]] Nanos cooldown_of(const Rule& rule);
[[nodiscard]] Severity severity_of(const Rule& rule, const Occurrence& seen);
/// Whether an occurrence is what the rule is about, cooldown and snoozing aside. cost: O(symbols of the rule)
[[nodiscard]] bool is_about(const Rule& rule, const Occurrence& seen);
/// Whether the rule names the instrument. in: its path and symbol
[[nodiscard]] bool names(const Rule& rule, std::string_view instrument, std::string_view symbol);

}  // namespace vt::alerts
