#pragma once

#include "indicators/bar.hpp"

#include <optional>

namespace vt::indicators {

/// Heikin-Ashi bar: close = mean of the four prices, open = middle of the body before (at first of the bar's own),
/// high and low widened to both.
///   out:    a bar, from the first on; time and volume as they were
///   cost:   O(1), does not allocate
///   source: Valcu 2004
class HeikinAshi {
public:
    Bar update(const Bar& bar);
    void clear() { middle_.reset(); }

private:
    std::optional<double> middle_;  // of the body before
};

}  // namespace vt::indicators
