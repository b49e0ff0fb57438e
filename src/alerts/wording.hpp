#pragma once

#include "alerts/occurrence.hpp"

#include <memory>
#include <span>
#include <string>

namespace vt::alerts {

/// A size with its unit: "1.25M USDT", "4.2 sd", "61 points".
[[nodiscard]] std::string sized(Kind kind, double size);

/// Fills title, text and figures of an alert from what was seen. in: `alert` with kind and count
///   cost: some allocations
void put_into_words(const Occurrence& seen, Alert& alert);
/// A level that was crossed.
void put_into_words(const Reading& seen, double level, Side side, Alert& alert);

/// Several alerts as one, for a message that has room for one: a line each, the first kLinesMost of them, as severe
/// as the most severe. Its id is the message's key. in: not empty
[[nodiscard]] Alert digest_of(std::span<const std::shared_ptr<const Alert>> alerts, const std::string& key);
inline constexpr std::size_t kLinesMost = 30;

}  // namespace vt::alerts
