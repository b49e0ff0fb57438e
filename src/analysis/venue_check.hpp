#pragma once

#include "analysis/frame.hpp"
#include "analysis/normaliser.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace vt::analysis {

/// Whether an instrument's mid can be believed beside the other venue's: it cannot while the two have been further
/// apart than max(10 bps, 5 MAD) for 5 s. MAD is the median absolute difference of the past 24 h, one sample a
/// minute: about zero and not about its median, so that a lasting premium widens what is usual.
class VenueCheck {
public:
    static constexpr double kMinLimitBps = 10;
    static constexpr double kMadFactor = 5;
    static constexpr std::uint32_t kSeconds = 5;  ///< in succession
    static constexpr NormaliserPlan kPlan = normaliser_plan(Frame::m1);

    /// Each evaluated second. in: bps, either sign; absent where there is nothing to compare with
    void observe(const std::optional<double>& difference_bps);
    /// cost: O(1440)
    void close_minute(Timestamp u, std::vector<float>& scratch);
    /// Nothing was seen for a while: the seconds before do not count on.
    void skip() { apart_ = 0; }

    [[nodiscard]] bool is_compared() const { return difference_bps_.has_value(); }
    /// From when on a difference counts. out: bps; absent until an hour of samples is known
    [[nodiscard]] std::optional<double> limit_bps() const;
    /// out: absent where there is nothing to compare with, or no limit yet
    [[nodiscard]] std::optional<bool> differs() const;

private:
    Normaliser past_{kPlan, MapKind::z0};
    std::optional<double> difference_bps_;  ///< of the newest second
    std::uint32_t apart_ = 0;               ///< seconds in succession beyond the limit
};

}  // namespace vt::analysis
