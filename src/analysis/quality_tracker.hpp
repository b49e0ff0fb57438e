#pragma once

#include "analysis/features/minute_features.hpp"
#include "analysis/market_quality.hpp"
#include "analysis/normaliser.hpp"
#include "analysis/venue_check.hpp"
#include "base/ring.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace vt::analysis {

/// Where today's spread, depth, price impact and VPIN stand among those of the past days. Judged each closed minute
/// over the hour before it, against the hours of the last 7 days (VPIN: 30 days) that do not overlap it.
class QualityTracker {
public:
    static constexpr NormaliserPlan kHourly = {std::chrono::hours{1}, 168, 24};
    static constexpr NormaliserPlan kVpinHourly = {std::chrono::hours{1}, 720, 72};
    static constexpr std::size_t kMinMinutes = 30;  ///< of the hour's 60: fewer give no value
    static constexpr std::size_t kSpreadsKept = 1440;
    static constexpr std::size_t kMinSpreads = 100;

    /// in: the minute that ends at u; `depth_quote`: its mean depth within 3k on both sides; `vpin` as of u
    void close_minute(Timestamp u, const MinuteFeatures& minute, const std::optional<double>& depth_quote,
                      const std::optional<double>& vpin);
    /// As of the last closed minute, with the data quality of now; once for each evaluated second.
    [[nodiscard]] const MarketQuality& quality(const EvaluationInputs& inputs);
    void skip_minutes();

    template <class Archive>
    void archive(Archive& a) {
        a(minutes_, spread_, depth_, amihud_, vpin_, quality_.q_data, quality_.q_liquidity, quality_.q_toxicity,
          quality_.spread_percentile, quality_.depth_percentile, quality_.amihud_percentile, quality_.illiquidity,
          quality_.vpin_percentile, quality_.spread_bps, quality_.spread_p99_bps, spreads_);
    }

private:
    struct Minute {
        std::optional<double> spread_bps, depth_quote, ret_bps;
        double notional = 0;
        template <class Archive>
        void archive(Archive& a) {
            a(spread_bps, depth_quote, ret_bps, notional);
        }
    };
    /// The 99 % quantile of the spreads before, then the spread as one of them.
    void judge_spread(const std::optional<double>& mean_bps);
    /// The value's percentile, then the value as a sample. out: absent below n_min samples
    std::optional<double> judge(Normaliser& past, Timestamp u, const std::optional<double>& value);

    Ring<Minute> minutes_{60};
    Normaliser spread_{kHourly, MapKind::pr};
    Normaliser depth_{kHourly, MapKind::pr};
    Normaliser amihud_{kHourly, MapKind::pr};
    Normaliser vpin_{kVpinHourly, MapKind::pr};
    /// Minutes' mean spreads as floor(32 log2 bps): two bytes each, 2.2 % apart.
    Ring<std::int16_t> spreads_{kSpreadsKept};
    std::vector<std::int16_t> sorted_;
    std::vector<float> scratch_;
    MarketQuality quality_;
    VenueCheck venues_;
};

/// Amihud's illiquidity of a window: abs(sum of returns) per 1e6 of quote notional. out: absent without notional
[[nodiscard]] std::optional<double> amihud_bps_per_musd(double ret_bps, double notional);

}  // namespace vt::analysis
