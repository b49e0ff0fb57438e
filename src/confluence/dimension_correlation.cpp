#include "confluence/dimension_correlation.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace vt::confluence {

void DimensionCorrelation::add(const Scores& scores) {
    Step step;
    for (std::size_t d = 0; d < scores.size(); ++d) {
        if (!scores[d]) continue;
        step.scores[d] = static_cast<float>(*scores[d]);
        step.known = static_cast<std::uint8_t>(step.known | (1U << d));
    }
    if (steps_.size() < kSteps) {
        steps_.push_back(step);
    } else {
        steps_[next_] = step;
        next_ = (next_ + 1) % kSteps;
    }
    recompute();
}

double DimensionCorrelation::mean(double prior) const { return mean_.value_or(prior); }

void DimensionCorrelation::recompute() {
    double total = 0;
    int pairs = 0;
    for (std::size_t a = 0; a < analysis::kDimensionCount; ++a) {
        for (std::size_t b = a + 1; b < analysis::kDimensionCount; ++b) {
            const unsigned both = (1U << a) | (1U << b);
            double n = 0, sum_a = 0, sum_b = 0, sum_aa = 0, sum_bb = 0, sum_ab = 0;
            for (const Step& step : steps_) {
                if ((step.known & both) != both) continue;
                const double x = static_cast<double>(step.scores[a]) - 50;
                const double y = static_cast<double>(step.scores[b]) - 50;
                n += 1;
                sum_a += x;
                sum_b += y;
                sum_aa += x * x;
                sum_bb += y * y;
                sum_ab += x * y;
            }
            if (n < static_cast<double>(kStepsMin)) continue;
            const double variance = (sum_aa - sum_a * sum_a / n) * (sum_bb - sum_b * sum_b / n);
            if (variance <= 0) continue;
            total += (sum_ab - sum_a * sum_b / n) / std::sqrt(variance);
            ++pairs;
        }
    }
    mean_.reset();
    if (pairs > 0) mean_ = std::clamp(total / pairs, 0.0, 1.0);
}

}  // namespace vt::confluence
