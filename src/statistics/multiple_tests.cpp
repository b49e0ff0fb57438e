#include "statistics/multiple_tests.hpp"

#include <algorithm>
#include <numeric>

namespace vt::statistics {
namespace {

/// Fills `order` with the indices of p, the smallest first; of equal ones the earlier first.
void rank(std::span<const double> p, std::vector<std::size_t>& order) {
    order.resize(p.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return p[a] != p[b] ? p[a] < p[b] : a < b; });
}

/// p scale/rank, the largest first, never rising.
void step_up(std::span<double> p, std::vector<std::size_t>& order, double scale) {
    rank(p, order);
    double least = 1;
    for (std::size_t i = order.size(); i-- > 0;) {
        least = std::min(least, p[order[i]] * scale / static_cast<double>(i + 1));
        p[order[i]] = least;
    }
}

}  // namespace

void benjamini_hochberg(std::span<double> p, std::vector<std::size_t>& order) {
    step_up(p, order, static_cast<double>(p.size()));
}

void benjamini_yekutieli(std::span<double> p, std::vector<std::size_t>& order) {
    double harmonic = 0;
    for (std::size_t i = 1; i <= p.size(); ++i) harmonic += 1 / static_cast<double>(i);
    step_up(p, order, static_cast<double>(p.size()) * harmonic);
}

void holm(std::span<double> p, std::vector<std::size_t>& order) {
    rank(p, order);
    double most = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        most = std::max(most, std::min(1.0, p[order[i]] * static_cast<double>(p.size() - i)));
        p[order[i]] = most;
    }
}

void bonferroni(std::span<double> p) {
    for (double& value : p) value = std::min(1.0, value * static_cast<double>(p.size()));
}

}  // namespace vt::statistics
