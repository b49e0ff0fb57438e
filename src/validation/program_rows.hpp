#pragma once

#include "base/result.hpp"
#include "validation/rows.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vt::validation {

/// What a running program says of its own cache, over HTTP.

/// The program that is asked, and the token that is shown to it; empty: none.
struct RunningProgram {
    std::string base_url;
    std::string token = {};
};

/// The ids of its instruments.
///   errors: unavailable (it is not there), refused (it wants to know who asks), malformed
[[nodiscard]] Result<std::vector<std::string>> instruments_at(const RunningProgram& program);

/// Asks the program for everything that it answers through its tiers, so that there is something to tell, has a
/// warming cycle made, and reads /cache-metrics: what a hit in memory takes there, how much longer a computed answer
/// takes on each route, who answered, what warming did. Rows of their own say that nobody is there.
///   in: symbols: of how many instruments at most
[[nodiscard]] Findings program_rows(const RunningProgram& program, std::size_t symbols = 20);

/// Claims that were made of an earlier version and that nothing here can measure: named, and not repeated.
[[nodiscard]] Findings claims_not_made();

}  // namespace vt::validation
