#include "statistics/logistic_fit.hpp"

#include "base/math.hpp"
#include "statistics/log_odds.hpp"

#include <algorithm>
#include <cmath>

namespace vt::statistics {
namespace {

/// Gradient and second derivatives of the cost, in the unit of one observation.
struct Slopes {
    double slope = 0, intercept = 0;
    double uu = 0, u = 0, one = 0;
};

/// The observations in units of x's spread about its centre, u = (x - centre) / width, where Newton's steps keep
/// their digits however large x is.
class Problem {
public:
    explicit Problem(std::span<const Observation> observations) : observations_(observations) {
        double sum = 0, squares = 0, largest = 0;
        for (const Observation& one : observations) {
            weight_ += one.weight;
            sum += one.weight * one.x;
            hits_ += one.weight * one.y;
            largest = std::max(largest, std::abs(one.x));
        }
        if (!(weight_ > 0)) return;
        centre_ = sum / weight_;
        for (const Observation& one : observations) squares += one.weight * (one.x - centre_) * (one.x - centre_);
        width_ = std::sqrt(squares / weight_);
        is_fit_for_a_line_ = width_ > largest * 1e-14 && hits_ > 0 && hits_ < weight_;
    }

    [[nodiscard]] bool is_fit_for_a_line() const { return is_fit_for_a_line_; }
    /// The best without x.
    [[nodiscard]] LogisticFit flat() const { return {0, logit(hits_ / weight_)}; }
    [[nodiscard]] LogisticFit in_x(const LogisticFit& fit) const {
        return {fit.slope / width_, fit.intercept - fit.slope * centre_ / width_};
    }

    /// Minus the log-likelihood, in the unit of one observation.
    [[nodiscard]] double cost(const LogisticFit& fit) const {
        double sum = 0;
        for (const auto& [x, y, weight] : observations_) {
            const double odds = fit.slope * (x - centre_) / width_ + fit.intercept;
            const double softplus = std::max(odds, 0.0) + math::log(1 + math::exp(-std::abs(odds)));
            sum += weight * (softplus - y * odds);
        }
        return sum / weight_;
    }

    [[nodiscard]] Slopes slopes(const LogisticFit& fit) const {
        Slopes sum;
        for (const auto& [x, y, weight] : observations_) {
            const double u = (x - centre_) / width_;
            const double p = logistic(fit.slope * u + fit.intercept);
            const double curvature = weight * p * (1 - p);
            sum.slope += weight * (p - y) * u;
            sum.intercept += weight * (p - y);
            sum.uu += curvature * u * u;
            sum.u += curvature * u;
            sum.one += curvature;
        }
        return {sum.slope / weight_, sum.intercept / weight_, sum.uu / weight_, sum.u / weight_, sum.one / weight_};
    }

private:
    std::span<const Observation> observations_;
    double weight_ = 0;
    double hits_ = 0;
    double centre_ = 0;
    double width_ = 0;
    bool is_fit_for_a_line_ = false;
};

/// One step of Newton's method, halved until the cost falls. False where none does.
bool step(const Problem& problem, const Slopes& at, LogisticFit& fit) {
    const double determinant = at.uu * at.one - at.u * at.u;
    if (!(determinant > 0)) return false;
    const LogisticFit full{-(at.one * at.slope - at.u * at.intercept) / determinant,
                           -(at.uu * at.intercept - at.u * at.slope) / determinant};
    const double descent = at.slope * full.slope + at.intercept * full.intercept;
    const double before = problem.cost(fit);
    const bool is_near = -descent < 1e-9 * before;  // the cost no longer shows what the gradient still does
    double length = 1;
    for (int halvings = 0; halvings < 34; ++halvings, length /= 2) {
        const LogisticFit next{fit.slope + length * full.slope, fit.intercept + length * full.intercept};
        if (is_near || problem.cost(next) <= before + 1e-4 * length * descent) {
            fit = next;
            return true;
        }
    }
    return false;
}

}  // namespace

std::optional<LogisticFit> fit_logistic(std::span<const Observation> observations) {
    constexpr int kMostSteps = 60;
    constexpr double kFlat = 1e-14;  // of the gradient: what rounding leaves
    constexpr double kEndless = 25;  // log-odds for one standard deviation of x: separated outcomes get there
    const Problem problem(observations);
    if (!problem.is_fit_for_a_line()) return std::nullopt;
    LogisticFit fit = problem.flat();
    for (int i = 0; i < kMostSteps; ++i) {
        const Slopes at = problem.slopes(fit);
        if (std::max(std::abs(at.slope), std::abs(at.intercept)) < kFlat || !step(problem, at, fit)) break;
        if (std::abs(fit.slope) > kEndless) return std::nullopt;
    }
    return problem.in_x(fit);
}

}  // namespace vt::statistics
