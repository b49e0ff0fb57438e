#include "analysis/quality_tracker.hpp"

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
    venues_.skip();
}

}  // namespace vt::analysis
