#pragma once

#include "obs/log.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace vt::obs {

/// A line of the log as it is kept for who asks the running program.
struct RecentLine {
    std::uint64_t number = 0;  ///< counts the process's lines from 1
    std::chrono::system_clock::time_point at;
    LogLevel level = LogLevel::info;
    std::string component;
    std::string message;  ///< at most kRecentBytesMax of it
};

/// What is kept: the newest lines, each no longer than this.
inline constexpr std::size_t kRecentLinesMax = 2000;
inline constexpr std::size_t kRecentBytesMax = 2000;

struct RecentQuery {
    std::size_t limit = 100;
    LogLevel least = LogLevel::debug;  ///< lines at this level and above
    std::uint64_t before = std::numeric_limits<std::uint64_t>::max();
};

/// The newest lines that were logged since the process began, the newest first, with numbers below `before`. Lines
/// below the log's level are not among them.
///   cost: O(kept lines) behind the lock that each line takes once
[[nodiscard]] std::vector<RecentLine> recent_lines(const RecentQuery& query);

}  // namespace vt::obs
