#pragma once

#include "alpha/facts.hpp"
#include "alpha/params.hpp"
#include "alpha/verdict.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace vt::alpha {

/// What one strategy says. cost: O(frames)
[[nodiscard]] Verdict judge(Strategy strategy, const Facts& facts, const Params& params);

/// What a strategy says, what is done with it, and what stood between it and a signal, as of a closed minute.
struct Judgement {
    Mode mode = Mode::shadow;
    Verdict verdict;
    std::vector<signals::Gate> gates;  ///< its conditions; where they are met, all gates of such a signal
};

/// Fills in the q of everything that was measured: the p of each kind corrected for all instruments of the venue that
/// were measured with it.
///   cost:   O(n log n) for each kind
///   source: Benjamini and Hochberg 1995
void correct_for_many(std::span<Measured> all, std::vector<double>& p, std::vector<std::size_t>& order);

}  // namespace vt::alpha
