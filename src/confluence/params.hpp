#pragma once

#include "confluence/weights.hpp"

#include <string>

namespace vt::confluence {

/// The knobs of the score. Which dimensions take part is not one: that is known from an instrument's listing.
struct Params {
    double direction_enter = 60;      ///< score at which neutral turns long; mirrored around 50 for short
    double direction_leave = 55;      ///< score at which long turns neutral
    double signal_long = 70;          ///< threshold that flips are measured against; mirrored for short
    double coverage_min = 0.5;        ///< below it score and direction are absent
    double move_score = 1.0;          ///< a record is written when the score moved so far since the last one,
    double move_dimension = 5.0;      ///< or a dimension's score did
    double correlation_prior = 0.40;  ///< mean correlation of the dimensions until enough steps are known
    Weights weights;                  ///< of the dimensions, by profile
    std::string configuration_hash;   ///< of everything that changes what the engine computes; empty: not known
    bool operator==(const Params&) const = default;
};

}  // namespace vt::confluence
