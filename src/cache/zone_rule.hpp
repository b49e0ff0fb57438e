#pragma once

#include "base/result.hpp"
#include "base/time.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace vt::cache {

/// The clock of a place, by a rule of POSIX: "EST5EDT,M3.2.0,M11.1.0" is what New York's has been since 2007. True
/// for the present and the future, as far as the law stays; the past of a place needs its table. The standard library
/// of this compiler has no time zones, and the C library's are one for the whole process.
class ZoneRule {
public:
    /// UTC.
    ZoneRule() = default;

    /// in:     a rule whose days are written as Mmonth.week.weekday, as those of all zones in use are
    /// errors: malformed
    [[nodiscard]] static Result<ZoneRule> parse(std::string_view text);
    /// The zone of that name in the machine's zone files, or the rule itself.
    ///   errors: not_found, with the remedy; malformed
    [[nodiscard]] static Result<ZoneRule> named(const std::string& name,
                                                const std::string& folder = "/usr/share/zoneinfo");

    /// What is added to UTC for local time then.
    [[nodiscard]] std::chrono::seconds offset_at(Timestamp at) const;
    /// Local time, counted as if it were UTC.
    [[nodiscard]] Timestamp local(Timestamp at) const { return at + offset_at(at); }

private:
    /// When the clock is changed: the week's weekday of the month (week 5: the last one), and the time of that day
    /// on the clock that ends then.
    struct Change {
        unsigned month = 1;
        unsigned week = 1;
        unsigned weekday = 0;  ///< 0: Sunday
        std::chrono::seconds time{std::chrono::hours{2}};
    };
    [[nodiscard]] static Result<Change> parse_change(std::string_view text);
    [[nodiscard]] static std::chrono::sys_seconds local_instant(const Change& change, std::chrono::year year);

    std::chrono::seconds standard_{0};
    struct Summer {
        std::chrono::seconds offset{0};
        Change begins;
        Change ends;
    };
    std::optional<Summer> summer_;
};

}  // namespace vt::cache
