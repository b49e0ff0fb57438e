#pragma once

#include "base/time.hpp"
#include "confluence/score_record.hpp"

#include <optional>

namespace vt::confluence {

/// How long until the coverage reaches `coverage_min` if every leaf that is warming gets one sample each period,
/// holes leave their windows, and everything else stays as it is. Whole minutes, rounded up.
///   out: absent when samples alone will not do (an input is missing)
///   cost: O(leaves log(days))
[[nodiscard]] std::optional<Nanos> ready_in(const ScoreRecord& record, double coverage_min);

}  // namespace vt::confluence
