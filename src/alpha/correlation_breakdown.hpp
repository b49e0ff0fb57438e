#pragma once

#include "alpha/params.hpp"
#include "alpha/residuals.hpp"
#include "alpha/verdict.hpp"

#include <cstddef>
#include <optional>

namespace vt::alpha {

struct Facts;

/// The correlation with Bitcoin over the newest bars beside that of the bars before them.
struct CorrelationChange {
    double before = 0;
    double now = 0;
    double move = 0;               ///< what the instrument did by itself meanwhile, in sd, by the beta of before
    double p = 1;                  ///< of a difference as large, where the correlation is one and the same
    std::optional<double> q = {};  ///< corrected for all instruments that were measured with it
    std::size_t bars_now = 0;
    double coverage = 0;
};
///   z = (atanh r_before - atanh r_now)/sqrt(e_before^2 + e_now^2), where e is the larger of Fisher's 1/sqrt(n - 3)
///   and what the pairs show by their influence on r: returns have heavier tails than Fisher supposes
///   out:    absent where the older bars hold no line, there are fewer than 12 newest, or one of the correlations is
///           that of an exact line
///   cost:   O(n)
///   source: Fisher 1921; Devlin, Gnanadesikan and Kettenring 1975 (the influence)
[[nodiscard]] std::optional<CorrelationChange> measure_correlation(const Bars& five_minutes, const Params& params);

/// An instrument that always followed Bitcoin and now moves by itself goes on by itself.
///   figure:  the own move since, in sd; the side is the move's
///   errs:    Bitcoin standing still lowers a correlation too; what broke away comes back about as often
///   cost:    O(1)
///   source:  docs/alpha.md
[[nodiscard]] Verdict judge_correlation_breakdown(const Facts& facts, const Params& params);

}  // namespace vt::alpha
