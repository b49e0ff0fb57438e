#pragma once

#include "alpha/params.hpp"
#include "alpha/verdict.hpp"

namespace vt::alpha {

struct Facts;

/// Bitcoin moved, and an instrument that is proven to follow it some seconds later has not yet followed.
///   figure:  what is still to come, lambda (beta x - answered y), in sd of the own move over the lag
///   side:    of what is still to come
///   errs:    the gap is seen only at a minute's end, a second late, and most gaps are smaller than what it costs to
///            trade them (condition `worth`); a lag that stale quotes fake passes the tests like one that is real
///   cost:    O(1)
///   source:  docs/alpha.md; Hoffmann, Rosenbaum and Yoshida 2013 (docs/indicators/lead_lag_gap.md)
[[nodiscard]] Verdict judge_lead_lag(const Facts& facts, const Params& params);

}  // namespace vt::alpha
