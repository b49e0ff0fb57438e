#pragma once

#include "analysis/evaluation.hpp"
#include "analysis/flag.hpp"
#include "analysis/normaliser.hpp"
#include "analysis/venue_check.hpp"
#include "base/ring.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace vt::analysis {

/// What shrinks a score towards 50 without pushing it anywhere. Each factor is in 0..1; 1 where nothing is known.
struct MarketQuality {
    double q_data = 1;
    double q_liquidity = 1;
    double q_toxicity = 1;
    std::optional<double> spread_percentile, depth_percentile, amihud_percentile;  ///< 0..100 over 7 d of hours
    std::optional<double> illiquidity;  ///< b: mean of PR(spread), 100 - PR(depth), PR(amihud); two known at least
    std::optional<double> vpin_percentile;  ///< 0..100 over 30 d, from 3 d on
    std::optional<double> spread_bps;       ///< mean of the last closed minute; absent where that was not seen
    /// 99 % quantile of such means over the last day that was seen, without the newest; absent under 100 minutes.
    std::optional<double> spread_p99_bps;
    Flags data_flags;  ///< why q_data is what it is, and what of it is unknown
    bool operator==(const MarketQuality&) const = default;
};

/// 1 - .5 clamp((b - 80)/20, 0, 1), b the mean of the known ones of PR(spread), 100 - PR(depth), PR(amihud).
struct LiquidityQuality {
    std::optional<double> illiquidity;
    double q = 1;
};
[[nodiscard]] LiquidityQuality liquidity_quality(const std::optional<double>& spread_percentile,
                                                 const std::optional<double>& depth_percentile,
                                                 const std::optional<double>& amihud_percentile);
/// 1 - .3 clamp((PR - 90)/10, 0, 1); 1 where the percentile is unknown.
[[nodiscard]] double toxicity_quality(const std::optional<double>& vpin_percentile);
/// .5 for a clock offset that is unknown or beyond 500 ms, times .5 for a mid that differs from the other venue's; 0
/// while the instrument is not trading.
///   flags: clock_suspect, venues_differ; one_venue (nothing to compare with) and warming (what is usual is not known
///          yet) cost nothing
struct DataQuality {
    double q = 1;
    Flags flags;
};
[[nodiscard]] DataQuality data_quality(const EvaluationInputs& inputs, const VenueCheck& venues);

}  // namespace vt::analysis
