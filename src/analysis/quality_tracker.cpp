#include "analysis/quality_tracker.hpp"

#include "base/math.hpp"

#include <algorithm>
#include <cmath>

namespace vt::analysis {
namespace {

/// The mean of the known values of the hour, if there are enough.
class HourMean {
public:
    void add(const std::optional<double>& value) {
        if (!value) return;
        sum_ += *value;
        ++n_;
    }
    [[nodiscard]] std::optional<double> value() const {
        if (n_ < QualityTracker::kMinMinutes) return std::nullopt;
        return sum_ / static_cast<double>(n_);
    }
    [[nodiscard]] std::optional<double> sum() const {
        if (n_ < QualityTracker::kMinMinutes) return std::nullopt;
        return sum_;
    }

private:
    double sum_ = 0;
    std::size_t n_ = 0;
};

}  // namespace

std::optional<double> amihud_bps_per_musd(double ret_bps, double notional) {
    if (!(notional > 0)) return std::nullopt;
    return std::abs(ret_bps) / (notional / 1e6);
}

std::optional<double> QualityTracker::judge(Normaliser& past, Timestamp u, const std::optional<double>& value) {
    past.advance(u, scratch_);
    std::optional<double> percentile;
    if (value && past.n() >= past.plan().n_min) percentile = past.percentile(*value);
    past.offer(u, value);
    return percentile;
}

void QualityTracker::judge_spread(const std::optional<double>& mean_bps) {
    constexpr double kStepsOfADoubling = 32;
    constexpr double kLog2 = 0.6931471805599453;
    quality_.spread_bps = mean_bps;
    quality_.spread_p99_bps.reset();
    if (spreads_.size() >= kMinSpreads) {
        sorted_.clear();
        for (std::size_t i = 0; i < spreads_.size(); ++i) sorted_.push_back(spreads_[i]);
        // The nearest rank, and the upper edge of its step: never less than the quantile.
        const std::size_t rank = (99 * sorted_.size() + 99) / 100 - 1;
        const auto at = sorted_.begin() + static_cast<std::ptrdiff_t>(rank);
        std::nth_element(sorted_.begin(), at, sorted_.end());
        quality_.spread_p99_bps = math::exp2((static_cast<double>(*at) + 1) / kStepsOfADoubling);
    }
    if (!mean_bps || !(*mean_bps > 0)) return;
    const double steps = std::floor(kStepsOfADoubling * math::log(*mean_bps) / kLog2);
    spreads_.push(static_cast<std::int16_t>(std::clamp(steps, -30'000.0, 30'000.0)));
}

void QualityTracker::close_minute(Timestamp u, const MinuteFeatures& minute, const std::optional<double>& depth_quote,
                                  const std::optional<double>& vpin) {
    minutes_.push({.spread_bps = minute.spread_bps_mean,
                   .depth_quote = depth_quote,
                   .ret_bps = minute.ret_mid_bps_1m,
                   .notional = minute.notional_1m});
    HourMean spread;
    HourMean depth;
    HourMean ret;
    double notional = 0;
    for (std::size_t i = 0; i < minutes_.size(); ++i) {
        spread.add(minutes_[i].spread_bps);
        depth.add(minutes_[i].depth_quote);
        ret.add(minutes_[i].ret_bps);
        notional += minutes_[i].notional;
    }
    judge_spread(minute.spread_bps_mean);
    const auto move = ret.sum();
    quality_.spread_percentile = judge(spread_, u, spread.value());
    quality_.depth_percentile = judge(depth_, u, depth.value());
    quality_.amihud_percentile = judge(amihud_, u, move ? amihud_bps_per_musd(*move, notional) : std::nullopt);
    quality_.vpin_percentile = judge(vpin_, u, vpin);
    const LiquidityQuality liquidity =
        liquidity_quality(quality_.spread_percentile, quality_.depth_percentile, quality_.amihud_percentile);
    quality_.illiquidity = liquidity.illiquidity;
    quality_.q_liquidity = liquidity.q;
    quality_.q_toxicity = toxicity_quality(quality_.vpin_percentile);
    venues_.close_minute(u, scratch_);
}

const MarketQuality& QualityTracker::quality(const EvaluationInputs& inputs) {
    venues_.observe(inputs.other_venue_bps);
    const DataQuality data = data_quality(inputs, venues_);
    quality_.q_data = data.q;
    quality_.data_flags = data.flags;
    return quality_;
}

void QualityTracker::skip_minutes() {
    minutes_.clear();
    quality_.spread_bps.reset();
    venues_.skip();
}

}  // namespace vt::analysis
