#pragma once

#include "base/prng.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace vt::sim {

/// "BTCUSDT/returns": the name of the stream of draws that `owner` takes for one purpose.
[[nodiscard]] std::string stream_name(std::string_view owner, std::string_view purpose);

/// Sizes of orders in quote currency: log-normal (median 2 000 x scale, sigma 1.6), and Pareto(1.6) beyond its 98 %
/// quantile.
class SizeLaw {
public:
    explicit SizeLaw(double scale);
    [[nodiscard]] double draw(Prng& prng) const;
    /// The mean of the law.
    [[nodiscard]] double mean() const { return mean_; }
    /// The quantile at 1 - `tail`, for tails of at most 2 %.
    [[nodiscard]] double tail_quantile(double tail) const;

private:
    double median_;
    double q98_;
    double mean_;
};

/// Student's t with four degrees of freedom, scaled to variance 1.
[[nodiscard]] double student_t4(Prng& prng);

/// Time of day and volatility: 1.3 at 14:00 UTC, .7 at 02:00.
[[nodiscard]] double intraday_factor(std::int64_t ns_since_epoch);

/// 2^(-seconds / half_life).
[[nodiscard]] double half_life_weight(double seconds, double half_life_seconds);

}  // namespace vt::sim
