#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace vt::runtime {

enum class Finding : std::uint8_t { good, note, warning, failed };
[[nodiscard]] std::string_view name(Finding finding);

/// One thing that was looked at.
struct Check {
    std::string subject;  ///< "bybit", "machine"
    std::string name;     ///< "clock"
    Finding finding = Finding::good;
    std::string text;                ///< what was found, for people
    std::string remedy = {};         ///< what to do about it; empty when good
    std::optional<double> value_ms;  ///< of latency and clock offset
};

/// A look that may take its time: a disk, a name, a server.
struct Examination {
    std::string subject;
    std::string name;
    std::function<std::vector<Check>()> look;  ///< shares nothing with the others
};

struct Examined {
    std::vector<Check> checks;  ///< in the order of the examinations
    /// false: some are still under way, on threads that nobody waits for: end the process by std::quick_exit
    bool is_complete = true;
};

/// Makes all looks at once, each on a thread of its own, and waits `limit` for them. One that has not ended by then
/// is a failed check that says so.
[[nodiscard]] Examined examine(std::vector<Examination> examinations, Nanos limit);

}  // namespace vt::runtime
