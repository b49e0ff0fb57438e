#include "alpha/residuals.hpp"

#include "indicators/least_squares.hpp"

#include <cmath>

namespace vt::alpha {

std::optional<Residuals> residuals_of(const Bars& bars) {
    if (bars.size() < kMinBars) return std::nullopt;
    const auto line = indicators::least_squares(bars.bitcoin, bars.own, 0);
    if (!line || !(line->residual_sd > 0)) return std::nullopt;
    return Residuals{.beta = line->slope, .sd = line->residual_sd};
}

double residual_sum(const Bars& bars, double beta) {
    double sum = 0;
    for (std::size_t i = 0; i < bars.size(); ++i) sum += bars.own[i] - beta * bars.bitcoin[i];
    return sum;
}

double residual_move(const Bars& bars, const Residuals& residuals) {
    return residual_sum(bars, residuals.beta) / (residuals.sd * std::sqrt(static_cast<double>(bars.size())));
}

}  // namespace vt::alpha
