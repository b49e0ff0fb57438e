#include "indicators/rank_correlation.hpp"

#include "base/assert.hpp"
#include "base/prng.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace vt::indicators {
namespace {

constexpr std::size_t kMaxResamples = 2000;

using Ranks = std::array<double, kMaxRankPairs>;

/// For each value, by which it is compared: 2 x the number of smaller ones plus that of equal ones. Linear in the
/// mid-rank, and a whole number.
void rank(std::span<const double> values, Ranks& ranks) {
    ranks.fill(0);
    for (std::size_t i = 0; i < values.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const double above = values[i] > values[j] ? 2 : values[i] == values[j] ? 1 : 0;
            ranks[i] += above;
            ranks[j] += 2 - above;
        }
    }
}

/// The mean of these ranks is n - 1 whatever the values are.
std::optional<double> correlate(const Ranks& x, const Ranks& y, std::size_t n) {
    const auto mean = static_cast<double>(n - 1);
    double xx = 0, yy = 0, xy = 0;
    for (std::size_t i = 0; i < n; ++i) {
        xx += (x[i] - mean) * (x[i] - mean);
        yy += (y[i] - mean) * (y[i] - mean);
        xy += (x[i] - mean) * (y[i] - mean);
    }
    if (!(xx > 0) || !(yy > 0)) return std::nullopt;
    return xy / std::sqrt(xx * yy);
}

void check(std::span<const double> x, std::span<const double> y) {
    VT_ASSERT(x.size() == y.size());
    VT_ASSERT(x.size() >= 2);
    VT_ASSERT(x.size() <= kMaxRankPairs);
}

/// Resampled values are ranked by counting how often each distinct value was drawn: no comparisons, O(n) a resample.
struct Ladder {
    std::array<std::uint8_t, kMaxRankPairs> step{};  // of each pair: 0 .. steps - 1, equals share one
    std::size_t steps = 0;
};

Ladder ladder_of(const Ranks& ranks, std::size_t n) {
    std::array<double, kMaxRankPairs> distinct = ranks;
    std::sort(distinct.begin(), distinct.begin() + static_cast<std::ptrdiff_t>(n));
    const auto end = std::unique(distinct.begin(), distinct.begin() + static_cast<std::ptrdiff_t>(n));
    Ladder ladder;
    ladder.steps = static_cast<std::size_t>(end - distinct.begin());
    for (std::size_t i = 0; i < n; ++i) {
        ladder.step[i] =
            static_cast<std::uint8_t>(std::lower_bound(distinct.begin(), end, ranks[i]) - distinct.begin());
    }
    return ladder;
}

void rank_drawn(const Ladder& ladder, std::span<const std::uint8_t> drawn, Ranks& ranks) {
    std::array<std::uint16_t, kMaxRankPairs> count{};
    for (const std::uint8_t i : drawn) ++count[ladder.step[i]];
    std::array<double, kMaxRankPairs> value{};
    std::size_t below = 0;
    for (std::size_t s = 0; s < ladder.steps; ++s) {
        value[s] = static_cast<double>(2 * below + count[s] - 1U);
        below += count[s];
    }
    for (std::size_t k = 0; k < drawn.size(); ++k) ranks[k] = value[ladder.step[drawn[k]]];
}

}  // namespace

std::optional<double> rank_correlation(std::span<const double> x, std::span<const double> y) {
    check(x, y);
    Ranks of_x{};
    Ranks of_y{};
    rank(x, of_x);
    rank(y, of_y);
    return correlate(of_x, of_y, x.size());
}

std::optional<RankBootstrap> bootstrap_rank_correlation(std::span<const double> x, std::span<const double> y,
                                                        std::size_t resamples, std::uint64_t seed) {
    check(x, y);
    VT_ASSERT(resamples >= 20);
    VT_ASSERT(resamples <= kMaxResamples);
    const std::size_t n = x.size();
    Ranks of_x{};
    Ranks of_y{};
    rank(x, of_x);
    rank(y, of_y);
    const auto correlation = correlate(of_x, of_y, n);
    if (!correlation) return std::nullopt;
    const Ladder ladder_x = ladder_of(of_x, n);
    const Ladder ladder_y = ladder_of(of_y, n);
    Prng prng(seed, "rank correlation");
    std::array<double, kMaxResamples> found{};
    std::array<std::uint8_t, kMaxRankPairs> drawn{};
    RankBootstrap result{.correlation = *correlation};
    for (std::size_t r = 0; r < resamples; ++r) {
        for (std::size_t k = 0; k < n; ++k) drawn[k] = static_cast<std::uint8_t>(prng.below(n));
        const std::span<const std::uint8_t> pairs(drawn.data(), n);
        rank_drawn(ladder_x, pairs, of_x);
        rank_drawn(ladder_y, pairs, of_y);
        const auto one = correlate(of_x, of_y, n);
        if (!one) continue;
        found[result.resamples++] = *one;
    }
    if (2 * result.resamples < resamples) return std::nullopt;
    const auto end = found.begin() + static_cast<std::ptrdiff_t>(result.resamples);
    std::sort(found.begin(), end);
    const auto count = static_cast<double>(result.resamples);
    result.lower = found[static_cast<std::size_t>(0.05 * (count - 1))];
    result.upper = found[static_cast<std::size_t>(std::ceil(0.95 * (count - 1)))];
    return result;
}

}  // namespace vt::indicators
