#pragma once

namespace vt::statistics {

/// What was seen at x. In calibration x is a score and y 1 where the event came, 0 where not.
struct Observation {
    double x = 0;
    double y = 0;
    double weight = 1;  ///< what it counts; see effective_size.hpp
};

}  // namespace vt::statistics
