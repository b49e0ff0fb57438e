#pragma once

#include "alerts/occurrence.hpp"

#include <string>

namespace vt::alerts {

/// A size with its unit: "1.25M USDT", "4.2 sd", "61 points".
[[nodiscard]] std::string sized(Kind kind, double size);

/// Fills title, text and figures of an alert from what was seen. in: `alert` with kind and count
///   cost: some allocations
void put_into_words(const Occurrence& seen, Alert& alert);
/// A level that was crossed.
void put_into_words(const Reading& seen, double level, Side side, Alert& alert);

}  // namespace vt::alerts
