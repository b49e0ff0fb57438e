#pragma once

#include "base/duration_histogram.hpp"

#include <atomic>
#include <cstdint>

namespace vt::cache {

/// How long calls took, in steps of an eighth of each power of two. Any thread; a percentile is at most 12.5 % above
/// the truth.
using LatencyHistogram = DurationHistogram<std::atomic<std::uint64_t>, 3>;

}  // namespace vt::cache
