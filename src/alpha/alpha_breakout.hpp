#pragma once

#include "alpha/params.hpp"
#include "alpha/verdict.hpp"

namespace vt::alpha {

struct Facts;

/// A drift beside Bitcoin that chance hardly explains, and that goes on now.
///   figure:  Newey-West's t of alpha, of the frame where it is farthest from 0 among those that stand
///   side:    of alpha
///   errs:    t of alpha looks back: what made it may be over; among hundreds of tests some stand by chance, fewer
///            than `chance_max` of them. That past alpha says nothing of the next is the usual finding
///   cost:    O(frames)
///   source:  Newey and West 1987; Benjamini and Hochberg 1995; docs/indicators/alpha_drift.md
[[nodiscard]] Verdict judge_alpha_breakout(const Facts& facts, const Params& params);

}  // namespace vt::alpha
