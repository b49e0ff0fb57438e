#pragma once

#include "analysis/features/minute_features.hpp"
#include "analysis/liquidity/bar_history.hpp"
#include "analysis/refuse_unless.hpp"
#include "base/ring.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <optional>

namespace vt::analysis::liquidity {

/// How near to the mid resting orders matter: the distance k that price covers within a minute, k = clamp(.5
/// sigma_1m, max(1 bp, median spread of 24 h), 20 bps). Set at each whole hour and fixed until the next, so that
/// imbalances of an hour compare. Until a sigma of minutes is known (60 of them) it follows each minute, with the
/// sigma of the last day's 5-minute closes over sqrt 5 in its place.
class BookScale {
public:
    static constexpr std::size_t kDayMinutes = 1440;
    static constexpr double kMinBps = 1;
    static constexpr double kMaxBps = 20;

    BookScale() : spreads_(kDayMinutes) {}

    /// A minute closed. cost: O(1), O(1440) at a whole hour
    void close_minute(const MinuteFeatures& minute, const BarHistory& bars);

    /// k.
    [[nodiscard]] double scale_bps() const { return scale_bps_; }
    [[nodiscard]] std::optional<double> median_spread_bps() const;

    template <class Archive>
    void archive(Archive& a) {
        a(spreads_, last_minute_end_, hour_, is_settled_, scale_bps_);
        refuse_unless(a, scale_bps_ >= kMinBps && scale_bps_ <= kMaxBps);
    }

private:
    void set_scale(const std::optional<double>& sigma_1m_bps);

    static constexpr float kUnknown = -1;
    Ring<float> spreads_;  // bps, of each minute of 24 h; kUnknown for a minute that was not seen
    std::optional<Timestamp> last_minute_end_;
    std::optional<Timestamp> hour_;  // for which the scale was set
    bool is_settled_ = false;        // from the sigma of minutes
    double scale_bps_ = kMinBps;
};

}  // namespace vt::analysis::liquidity
