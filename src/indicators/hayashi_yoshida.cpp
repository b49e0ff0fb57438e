#include "indicators/hayashi_yoshida.hpp"

#include <cmath>

namespace vt::indicators {
namespace {

double squared_increments(std::span<const PathPoint> path) {
    double sum = 0;
    for (std::size_t i = 1; i < path.size(); ++i) {
        const double increment = path[i].log_price - path[i - 1].log_price;
        sum += increment * increment;
    }
    return sum;
}

}  // namespace

std::optional<double> Covariation::correlation() const {
    if (variance_x <= 0 || variance_y <= 0) return std::nullopt;
    return covariance / std::sqrt(variance_x * variance_y);
}

std::optional<double> Covariation::beta() const {
    if (variance_x <= 0) return std::nullopt;
    return covariance / variance_x;
}

// The increments of x that overlap one of y are neighbours, so their sum is the difference of two points of x.
Covariation hayashi_yoshida(std::span<const PathPoint> x, std::span<const PathPoint> y, Nanos lag) {
    Covariation found{.variance_x = squared_increments(x), .variance_y = squared_increments(y)};
    if (x.size() < 2) return found;
    std::size_t first = 1;  // the first increment of x that ends behind the beginning of y's
    std::size_t last = 1;   // one past the last that begins before its end
    for (std::size_t j = 1; j < y.size(); ++j) {
        const Timestamp begin = y[j - 1].at - lag;
        const Timestamp end = y[j].at - lag;
        while (first < x.size() && x[first].at <= begin) ++first;
        while (last < x.size() && x[last - 1].at < end) ++last;
        if (last > first)
            found.covariance +=
                (y[j].log_price - y[j - 1].log_price) * (x[last - 1].log_price - x[first - 1].log_price);
    }
    return found;
}

std::optional<LeadLag> lead_lag(std::span<const PathPoint> x, std::span<const PathPoint> y, Nanos step, int steps) {
    std::optional<LeadLag> best;
    double positive = 0;
    double negative = 0;
    for (int k = 0; k <= steps; ++k) {
        for (const Nanos lag : {step * k, -step * k}) {
            const auto correlation = hayashi_yoshida(x, y, lag).correlation();
            if (!correlation) return std::nullopt;
            if (lag > Nanos{0}) positive += *correlation * *correlation;
            if (lag < Nanos{0}) negative += *correlation * *correlation;
            const bool is_better = !best || std::abs(*correlation) > std::abs(best->correlation);
            if (is_better) best = LeadLag{lag, *correlation, 1};
        }
    }
    if (best && negative > 0) best->ratio = positive / negative;
    if (!best || (steps > 0 && negative <= 0)) return std::nullopt;
    return best;
}

}  // namespace vt::indicators
