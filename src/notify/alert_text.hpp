#pragma once

#include "alerts/alert.hpp"
#include "base/time.hpp"

#include <string>
#include <utility>
#include <vector>

// What every channel says of an alert, as inert texts without markup; each then writes them in its own.

namespace vt::notify {

/// "2026-07-24T09:05:03.120Z"
[[nodiscard]] std::string utc_text(Timestamp at);
/// "▲ Signal raised (12 occurrences)": one line, never empty.
[[nodiscard]] std::string headline(const alerts::Alert& alert);
/// The words of the alert; of a digest, how many occurrences it stands for goes before them. May be empty.
[[nodiscard]] std::string words(const alerts::Alert& alert);
/// A line for the score and one for each side, with a bar of 15 and the points, and one with coverage, confidence and
/// direction. None without a score. What is unknown has no bar, and says so.
[[nodiscard]] std::vector<std::string> score_lines(const alerts::Alert& alert);

struct Fact {
    std::string name;  ///< one line, never empty
    std::string text;  ///< never empty
};
/// The levels of a signal, the figures, the market.
[[nodiscard]] std::vector<Fact> facts(const alerts::Alert& alert);
/// "alert 0123..., high, rule whales": by what it is found again. The id is first: it is never cut.
[[nodiscard]] std::string reference(const alerts::Alert& alert);
/// The alert's id, of which nothing but letters, digits and '-' is taken.
[[nodiscard]] std::string safe_id(const alerts::Alert& alert);

}  // namespace vt::notify
