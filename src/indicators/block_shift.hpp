#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace vt::indicators {

/// Whether one path follows another at a lag by more than chance: y as a whole is shifted along a circle, which
/// leaves each path as bursty and as correlated with itself as it is and only tears the two apart, and what is then
/// found at the lags is held against what was found at the true place. Resumable, so that the work can be spread. The
/// shifts are those of the golden-ratio sequence from a seed: spread evenly, and no chance in them.
///   source: Politis and Romano 1992 (circular blocks); here one block, so that nothing is torn inside
class BlockShift {
public:
    static constexpr std::uint32_t kShifts = 1000;

    /// in: `observed` the largest |lagged_product| over the lags; `seed` anything
    BlockShift(double observed, std::uint64_t seed) : observed_(observed), seed_(seed) {}
    BlockShift() = default;

    /// Does the next `count` of the shifts.
    ///   in:   the same x, y and lags at each call; lags not negative, and more points than four times the largest
    ///   cost: O(count lags n)
    void advance(std::span<const float> x, std::span<const float> y, std::span<const std::size_t> lags,
                 std::uint32_t count);
    [[nodiscard]] bool is_done() const { return done_ >= kShifts; }
    /// (1 + shifts that agree at least as much)/(1 + shifts done).
    [[nodiscard]] double p() const { return (1.0 + exceeded_) / (1.0 + done_); }

    template <class Archive>
    void archive(Archive& a) {
        a(observed_, seed_, done_, exceeded_);
    }

private:
    double observed_ = 0;
    std::uint64_t seed_ = 0;
    std::uint32_t done_ = 0;
    std::uint32_t exceeded_ = 0;
};

}  // namespace vt::indicators
