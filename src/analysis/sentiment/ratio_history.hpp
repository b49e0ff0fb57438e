#pragma once

#include "analysis/normaliser.hpp"
#include "analysis/sentiment/sentiment_context.hpp"
#include "base/time.hpp"

#include <optional>
#include <vector>

namespace vt::analysis::sentiment {

/// One polled long/short ratio as ln(long share/short share), and its past: one sample each hour.
class RatioHistory {
public:
    RatioHistory() : past_(kHourlyPlan, MapKind::zm) {}

    /// in: in order of time; an older one than the newest changes nothing. A share of 0 has no logarithm: no value.
    void put(Timestamp at, double long_share, double short_share, std::vector<float>& scratch);
    void advance(const GridSecond& second) { past_.advance(second.u, second.scratch); }

    [[nodiscard]] const std::optional<double>& value() const { return value_; }
    [[nodiscard]] std::optional<Nanos> age(Timestamp u) const { return at_ ? std::optional(u - *at_) : std::nullopt; }
    [[nodiscard]] const Normaliser& past() const { return past_; }
    /// About the median, held to +-4. out: absent without a value, or while the past has no spread
    [[nodiscard]] std::optional<double> z() const;

    template <class Archive>
    void archive(Archive& a) {
        a(past_, value_, at_);
    }

private:
    Normaliser past_;
    std::optional<double> value_;
    std::optional<Timestamp> at_;
};

}  // namespace vt::analysis::sentiment
