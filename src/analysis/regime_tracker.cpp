#include "analysis/regime_tracker.hpp"

#include "base/math.hpp"

#include <algorithm>
#include <cmath>

namespace vt::analysis {
namespace {

constexpr Nanos kBar = std::chrono::minutes{5};

std::optional<double> realised_volatility(const Ring<std::optional<double>>& returns) {
    if (returns.size() < RegimeTracker::kHourBars) return std::nullopt;
    double sum = 0;
    for (std::size_t i = returns.size() - RegimeTracker::kHourBars; i < returns.size(); ++i) {
        if (!returns[i]) return std::nullopt;
        sum += *returns[i] * *returns[i];
    }
    return std::sqrt(sum);
}

std::optional<double> efficiency(const Ring<std::optional<double>>& returns) {
    if (returns.size() < returns.capacity()) return std::nullopt;
    double way = 0;
    double path = 0;
    for (std::size_t i = 0; i < returns.size(); ++i) {
        if (!returns[i]) return std::nullopt;
        way += *returns[i];
        path += std::abs(*returns[i]);
    }
    if (path <= 0) return std::nullopt;  // a price that never moved has no trend to measure
    return std::min(1.0, std::abs(way) / path);
}

}  // namespace

RegimeTracker::RegimeTracker() { scratch_.reserve(kHours.n_kept); }

void RegimeTracker::on_candle(const market::Candle& candle) {
    if (candle.interval != kBar || !candle.is_closed || !(candle.close > 0)) return;
    const Timestamp end = candle.open_time + kBar;
    if (last_end_ && end <= *last_end_) return;
    if (last_end_) {
        const std::int64_t missing = (candle.open_time - *last_end_) / kBar;
        const auto holes = std::min<std::int64_t>(missing, kTrendBars);
        for (std::int64_t i = holes; i > 0; --i) push(candle.open_time - kBar * (i - 1), std::nullopt);
        const bool is_next = missing == 0 && last_close_ > 0;  // else the close before it is not known
        push(end, is_next ? std::optional(1e4 * math::log(candle.close / last_close_)) : std::nullopt);
    }
    last_end_ = end;
    last_close_ = candle.close;
}

void RegimeTracker::push(Timestamp end, std::optional<double> ret_bps) {
    returns_.push(ret_bps);
    state_.rv_1h_bps = realised_volatility(returns_);
    state_.trend_efficiency = efficiency(returns_);
    hours_.advance(end, scratch_);
    state_.volatility_percentile.reset();
    if (state_.rv_1h_bps && hours_.n() >= kHours.n_min) {
        state_.volatility_percentile = hours_.percentile(*state_.rv_1h_bps);
    }
    hours_.offer(end, state_.rv_1h_bps);
}

}  // namespace vt::analysis
