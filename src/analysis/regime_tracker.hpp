#pragma once

#include "analysis/normaliser.hpp"
#include "base/ring.hpp"
#include "base/time.hpp"
#include "market/event.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace vt::analysis {

/// What a market's regime is judged by. Neither pushes a score anywhere.
struct MarketState {
    std::optional<double> rv_1h_bps;              ///< realised volatility of the last hour
    std::optional<double> volatility_percentile;  ///< 0..100: where that stands among the hours of the last 30 days
    std::optional<double> trend_efficiency;       ///< 0..1: |sum r| / sum |r| over the last 48 bars of 5 minutes
    bool operator==(const MarketState&) const = default;
};

/// Realised volatility and trend efficiency from the closes of 5-minute bars, which a venue's history gives back
/// after a start. RV of an hour is the root of the sum of its 12 squared log returns; its past is one sample for each
/// whole hour, without overlap.
///   source: Kaufman (1995) for the efficiency ratio; Andersen and Bollerslev (1998) for realised volatility
class RegimeTracker {
public:
    static constexpr NormaliserPlan kHours = {std::chrono::hours{1}, 720, 24};
    static constexpr std::size_t kTrendBars = 48;
    static constexpr std::size_t kHourBars = 12;

    RegimeTracker();

    /// A closed candle; others than of 5 minutes, and those that are not later than the last, are passed over.
    ///   cost: O(48 + hours kept)
    void on_candle(const market::Candle& candle);
    /// As of the last bar. out: a member is absent until its bars are all there (percentile: 24 hours before this
    /// one)
    [[nodiscard]] const MarketState& state() const { return state_; }
    /// Prices of before are no longer prices of now: no return spans the change.
    void clear_prices() { last_close_ = 0; }

private:
    void push(Timestamp end, std::optional<double> ret_bps);

    Ring<std::optional<double>> returns_{kTrendBars};  // bps; absent: that bar is missing
    std::optional<Timestamp> last_end_;
    double last_close_ = 0;  // 0: not known
    Normaliser hours_{kHours, MapKind::pr};
    std::vector<float> scratch_;
    MarketState state_;
};

}  // namespace vt::analysis
