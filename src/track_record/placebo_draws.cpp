#include "track_record/placebo_draws.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"
#include "statistics/stationary_bootstrap.hpp"

#include <algorithm>

namespace vt::track_record {
namespace {

constexpr std::size_t kFewestPlacebos = 20;

}  // namespace

std::vector<double> placebo_means(std::span<const double> results, std::size_t trades, std::size_t draws,
                                  Prng& prng) {
    VT_ASSERT(trades >= 1);
    std::vector<double> means;
    if (results.size() < kFewestPlacebos) return means;
    const double block = statistics::suitable_block_length(results);
    const double own = math::mean(results);
    std::vector<double> resampled(results.size());
    means.reserve(draws);
    for (std::size_t draw = 0; draw < draws; ++draw) {
        double sum = 0;
        for (std::size_t left = trades; left > 0;) {
            statistics::resample(results, block, prng, resampled);
            const std::size_t taken = std::min(left, resampled.size());
            for (std::size_t i = 0; i < taken; ++i) sum += resampled[i];
            left -= taken;
        }
        statistics::resample(results, block, prng, resampled);
        means.push_back(sum / static_cast<double>(trades) + own - math::mean(resampled));
    }
    return means;
}

}  // namespace vt::track_record
