#include "analysis/sentiment/funding_excess.hpp"

#include "indicators/funding.hpp"

#include <chrono>
#include <cmath>

namespace vt::analysis::sentiment {
namespace {

using std::chrono::hours;

constexpr Nanos kLongestInterval = hours{24};

/// Rates have eight decimals: one of the last, over eight hours. What differs by less is rounding.
constexpr double kLeastDeviationBpsPerHour = 1e4 * 1e-8 / 8;

/// A settlement is stamped some milliseconds past its hour.
Timestamp nearest_hour(Timestamp at) { return floor_to(at + std::chrono::minutes{30}, hours{1}); }

}  // namespace

double funding_excess_bps_per_hour(double rate, Nanos interval, std::optional<double> interest_per_8h) {
    const double interest =
        indicators::interest_of(interval, interest_per_8h.value_or(indicators::kInterestPer8Hours));
    return 1e4 * (rate - interest) / (to_seconds(interval) / 3600);
}

Component FundingExcess::describe() {
    return {.name = "funding_excess",
            .unit = "bps/h",
            .map = MapKind::pr,
            .is_shadow = true,
            .leaves = {{.frame = Frame::h1, .weight = 1, .map = {.kind = MapKind::pr}}}};
}

void FundingExcess::on_settlement(Timestamp at, double rate, std::optional<double> interest_per_8h,
                                  std::vector<float>& scratch) {
    const auto before = settled_at_;
    if (before && at <= *before) return;
    settled_at_ = at;
    const Timestamp hour = nearest_hour(at);
    // The running estimate may have given that hour's sample already, before the settlement was told.
    if (!before || (sampled_ && hour <= *sampled_)) return;
    const Nanos interval = hour - nearest_hour(*before);
    if (interval <= Nanos{0} || interval > kLongestInterval) return;
    past_.advance(hour, scratch);
    past_.offer(hour, funding_excess_bps_per_hour(rate, interval, interest_per_8h));
    sampled_ = hour;
}

void FundingExcess::evaluate(const SentimentContext& context, Component& component) {
    Leaf& leaf = component.leaves.front();
    Observation seen;
    const TickerState& ticker = context.ticker;
    if (ticker.funding_rate && ticker.funding_interval)
        seen.value =
            funding_excess_bps_per_hour(*ticker.funding_rate, *ticker.funding_interval, context.interest_per_8h);
    judge(leaf, past_, seen, {{Input::ticker, context.ages.ticker}}, context.second);
    if (floor_to(context.u(), hours{1}) == context.u() && sample_of(leaf)) sampled_ = context.u();
}

std::optional<double> FundingExcess::zscore(double bps_per_hour) const {
    if (past_.n() < past_.plan().n_min) return std::nullopt;
    const auto n = static_cast<double>(past_.n());
    double sum = 0;
    for (const float sample : past_.samples()) sum += static_cast<double>(sample);
    const double mean = sum / n;
    double squares = 0;
    for (const float sample : past_.samples())
        squares += (static_cast<double>(sample) - mean) * (static_cast<double>(sample) - mean);
    const double deviation = std::sqrt(squares / (n - 1));
    if (deviation < kLeastDeviationBpsPerHour) return std::nullopt;
    return (bps_per_hour - mean) / deviation;
}

}  // namespace vt::analysis::sentiment
