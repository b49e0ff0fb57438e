#pragma once

#include "analysis/leaf.hpp"
#include "analysis/normaliser.hpp"
#include "analysis/sentiment/sentiment_context.hpp"

#include <optional>
#include <vector>

namespace vt::analysis::sentiment {

/// What longs pay beyond the interest that is due where nobody presses: running funding estimate minus the interval's
/// interest, by the hour. A rate of .01 % for 8 hours is 0, not bullish.
///   out:    bps per hour
///   source: docs/indicators/funding_excess.md; oracle `funding`
class FundingExcess {
public:
    FundingExcess() : past_(kHourlyPlan, MapKind::pr) {}
    [[nodiscard]] static Component describe();

    /// A settlement of the venue's history, in order of time: a sample of the past. Its interval is the time since
    /// the one before; the first one has none.
    void on_settlement(Timestamp at, double rate, std::optional<double> interest_per_8h, std::vector<float>& scratch);
    void evaluate(const SentimentContext& context, Component& component);
    /// How many standard deviations a value is from the mean of the past. For a look at one figure only: the leaf is
    /// scored by its percentile, since most settlements of a calm time are the same.
    ///   in:   bps per hour
    ///   out:  absent below 72 samples, and where they differ by less than a venue's last digit
    ///   cost: O(samples), at most 720
    [[nodiscard]] std::optional<double> zscore(double bps_per_hour) const;

    template <class Archive>
    void archive(Archive& a) {
        a(past_, settled_at_, sampled_);
    }

private:
    Normaliser past_;
    std::optional<Timestamp> settled_at_;
    std::optional<Timestamp> sampled_;  // the newest sample
};

/// in: a fraction for each interval; the contract's own interest, or the usual one where it is not published
/// out: bps per hour
[[nodiscard]] double funding_excess_bps_per_hour(double rate, Nanos interval,
                                                 std::optional<double> interest_per_8h = std::nullopt);

}  // namespace vt::analysis::sentiment
