#pragma once

#include "base/prng.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <vector>

namespace vt::sim {

/// All processes move on one grid.
inline constexpr Nanos kStep = std::chrono::milliseconds{20};
inline constexpr std::int64_t kStepNs = 20'000'000;
inline constexpr double kStepSeconds = .02;
/// How far behind the factor a symbol may be.
inline constexpr Nanos kMaxLag = std::chrono::seconds{15};

struct FactorParams {
    double calm_bps = 5;  ///< sd of the return of one minute
    double stressed_bps = 15;
    double calm_dwell_hours = 4;
    double stressed_dwell_hours = .5;
    double jumps_per_hour = 1.0 / 6;
    double jump_sigmas = 8;  ///< sd of a jump, in sd of one minute
};

/// News about the factor: returns of its efficient price for steps of 100 ms, with two regimes of volatility,
/// Student's t4, the time of day and jumps.
class FactorNews {
public:
    FactorNews(std::uint64_t seed, std::string_view stream, const FactorParams& params);
    /// The log return over the 100 ms that end at `ns`.
    [[nodiscard]] double next(std::int64_t ns);
    /// sd of the return of one minute now, as a fraction.
    [[nodiscard]] double sigma_1m(std::int64_t ns) const;
    /// One for the same sequence, whatever the grid: the return over one whole minute (for history).
    [[nodiscard]] double next_minute(std::int64_t ns);

private:
    double draw(std::int64_t ns, double seconds);
    FactorParams params_;
    Prng returns_;
    Prng regimes_;
    Prng jumps_;
    bool is_stressed_ = false;
};

/// The factor's log price on the grid of kStep, for as long back as kMaxLag.
class FactorPath {
public:
    FactorPath(Timestamp start, double log_price);
    /// Sets the value at the next step. Steps are set one after the other.
    void push(double log_price);
    /// The time of the last step set.
    [[nodiscard]] std::int64_t step() const { return step_; }
    /// Log price at a step at or before the last one; before the start it is the first price.
    [[nodiscard]] double at(std::int64_t step) const;

private:
    std::vector<double> ring_;
    std::int64_t first_;
    std::int64_t step_;
};

[[nodiscard]] constexpr std::int64_t step_of(Timestamp at) { return to_ns(at) / kStepNs; }
[[nodiscard]] constexpr Timestamp time_of_step(std::int64_t step) { return from_ns(step * kStepNs); }

}  // namespace vt::sim
