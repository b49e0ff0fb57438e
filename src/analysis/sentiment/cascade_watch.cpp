#include "analysis/sentiment/cascade_watch.hpp"

#include "analysis/grid.hpp"
#include "base/math.hpp"

#include <algorithm>
#include <cmath>

namespace vt::analysis::sentiment {
namespace {

constexpr int kMoveMinutes = 5;

/// The largest move from one of the last minutes' ends until now, in standard deviations of that length of time.
double largest_move(Timestamp u, double log_price, double sigma_1m, const OpenInterestPath& path) {
    double largest = 0;
    for (int k = 0; k < kMoveMinutes; ++k) {
        const InterestPoint* then = path.at(floor_to(u - Nanos{1}, kMinute) - k * kMinute);
        if (then == nullptr) continue;
        const double minutes = std::max(1.0, to_seconds(u - then->at) / to_seconds(kMinute));
        const double sigmas = (log_price - then->log_price) / (sigma_1m * std::sqrt(minutes));
        if (std::abs(sigmas) > std::abs(largest)) largest = sigmas;
    }
    return largest;
}

/// Against the highest of the last minutes' ends. 0: none is known.
double change_from_highest(Timestamp u, double log_interest, const OpenInterestPath& path) {
    double highest = log_interest;
    for (int k = 0; k < kMoveMinutes; ++k) {
        const InterestPoint* then = path.at(floor_to(u - Nanos{1}, kMinute) - k * kMinute);
        if (then != nullptr) highest = std::max(highest, then->log_interest);
    }
    return math::exp(log_interest - highest) - 1;
}

}  // namespace

void CascadeWatch::include(std::uint32_t count, std::int64_t sign) {
    const auto value = static_cast<std::int64_t>(count);
    sum_ += sign * value;
    squares_ += sign * value * value;
}

void CascadeWatch::close_minute(std::uint32_t count) {
    if (counts_.size() == counts_.capacity()) include(counts_[0], -1);
    counts_.push(count);
    if (counts_.size() > kKeptApart) include(counts_[counts_.size() - 1 - kKeptApart], 1);
}

void CascadeWatch::recount() {
    sum_ = squares_ = 0;
    for (std::size_t i = 0; i + kKeptApart < counts_.size(); ++i) include(counts_[i], 1);
}

void CascadeWatch::evaluate(const SentimentContext& context, const LiquidationImbalance& liquidations,
                            const OpenInterestPath& path) {
    const Timestamp u = context.u();
    if (!age_coverage(context.ages.liquidations, age_plan(Input::liquidations))) return;
    const LiquidationImbalance::Count now = liquidations.since(u - kMinute);
    if (floor_to(u, kMinute) == u) close_minute(now.n);
    if (now.n < kMinCount || counts_.size() < kMinMinutes + kKeptApart) return;
    const auto n = static_cast<double>(counts_.size() - kKeptApart);
    const double mean = static_cast<double>(sum_) / n;
    const double variance = std::max(mean, static_cast<double>(squares_) / n - mean * mean);
    const double deviation = std::sqrt(variance);
    if (now.n <= mean + kMinDeviations * deviation) return;
    const auto& interest = context.ticker.open_interest_base;
    if (!context.mid || !context.sigma_1m_bps || !(*context.sigma_1m_bps > 0) || !interest || !(*interest > 0))
        return;
    const double sigmas = largest_move(u, math::log(*context.mid), 1e-4 * *context.sigma_1m_bps, path);
    const double change = change_from_highest(u, math::log(*interest), path);
    if (std::abs(sigmas) <= kMinSigmas || change >= kMaxInterestChange) return;

    if (!newest_ || u - newest_->seen_at > kQuiet) newest_ = Cascade{.began_at = u};
    Cascade& cascade = *newest_;
    cascade.seen_at = u;
    cascade.interest_change = std::min(cascade.interest_change, change);
    if (std::abs(sigmas) > std::abs(cascade.return_sigmas)) cascade.return_sigmas = sigmas;
    if (now.n <= cascade.count) return;
    cascade.count = now.n;
    cascade.usual_count = mean;
    cascade.usual_deviation = deviation;
    cascade.liquidated_quote = now.long_quote + now.short_quote;
    cascade.side = now.long_quote >= now.short_quote ? market::LiquidatedSide::long_position
                                                     : market::LiquidatedSide::short_position;
}

}  // namespace vt::analysis::sentiment
