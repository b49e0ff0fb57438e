#include "analysis/bitcoin_beta/lead_lag_slope.hpp"

#include "base/assert.hpp"
#include "statistics/newey_west.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace vt::analysis::bitcoin_beta {
namespace {

constexpr std::size_t kMinInstants = 60;
constexpr std::size_t kMostLags = 16;  // newey_west_lags(21600) is 13

double sum_of(std::span<const float> returns) {
    double sum = 0;
    for (const float one : returns) sum += static_cast<double>(one);
    return sum;
}

/// Bitcoin's last return, the own one, and the own next one.
struct Instant {
    double x = 0, y = 0, next = 0;
};
/// Calls visit(Instant) for each, oldest first.
template <class Visit>
void each_instant(std::span<const float> x, std::span<const float> y, std::size_t lag, Visit&& visit) {
    for (std::size_t t = lag; t + lag <= y.size(); t += 2 * lag) {
        visit(Instant{sum_of(x.subspan(t - lag, lag)), sum_of(y.subspan(t - lag, lag)), sum_of(y.subspan(t, lag))});
    }
}

/// The sum over pairs of scores up to `lags` apart, by Bartlett's weights, as they come.
class LongRunSum {
public:
    explicit LongRunSum(std::size_t lags) : lags_(std::min(lags, kMostLags)) {}
    void add(double score) {
        double weighted = score / 2;
        for (std::size_t k = 1; k <= std::min(lags_, seen_); ++k)
            weighted += statistics::bartlett_weight(k, lags_) * before_[(seen_ - k) % kMostLags];
        sum_ += 2 * score * weighted;
        before_[seen_++ % kMostLags] = score;
    }
    [[nodiscard]] double sum() const { return sum_; }

private:
    std::size_t lags_;
    std::array<double, kMostLags> before_{};
    std::size_t seen_ = 0;
    double sum_ = 0;
};

}  // namespace

std::optional<LeadLagSlope> lead_lag_slope(std::span<const float> x, std::span<const float> y, double beta,
                                           std::size_t lag) {
    VT_ASSERT(x.size() == y.size());
    VT_ASSERT(lag > 0);
    VT_ASSERT(beta != 0);
    Instant mean;
    std::size_t count = 0;
    each_instant(x, y, lag, [&](const Instant& one) {
        mean.x += one.x;
        mean.y += one.y;
        mean.next += one.next;
        ++count;
    });
    if (count < kMinInstants) return std::nullopt;
    const auto n = static_cast<double>(count);
    mean = {mean.x / n, mean.y / n, mean.next / n};
    double xx = 0, xy = 0, yy = 0, x_next = 0, y_next = 0, next_squares = 0;
    each_instant(x, y, lag, [&](const Instant& one) {
        const double dx = one.x - mean.x;
        const double dy = one.y - mean.y;
        xx += dx * dx;
        xy += dx * dy;
        yy += dy * dy;
        x_next += dx * (one.next - mean.next);
        y_next += dy * (one.next - mean.next);
        next_squares += one.next * one.next;
    });
    // What of x is not in y already, and the slope on it.
    const double shared = yy > 0 ? xy / yy : 0;
    const double own_xx = xx - shared * xy;
    if (!(own_xx > xx * 1e-9) || !(next_squares > 0)) return std::nullopt;
    const double slope_x = (x_next - shared * y_next) / own_xx;
    const double slope_y = yy > 0 ? (y_next - slope_x * xy) / yy : 0;

    LongRunSum meat(statistics::newey_west_lags(count));
    each_instant(x, y, lag, [&](const Instant& one) {
        const double dx = one.x - mean.x;
        const double dy = one.y - mean.y;
        meat.add((dx - shared * dy) * (one.next - mean.next - slope_x * dx - slope_y * dy));
    });
    if (!(meat.sum() > 0)) return std::nullopt;
    LeadLagSlope found{.lambda = slope_x / beta, .own_sd = std::sqrt(next_squares / n), .n = count};
    found.t_hac = found.lambda * std::abs(beta) * own_xx / std::sqrt(meat.sum());
    if (found.lambda > 0) found.answered = std::clamp(-slope_y / found.lambda, 0.0, 1.0);
    return found;
}

}  // namespace vt::analysis::bitcoin_beta
