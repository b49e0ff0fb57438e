#include "track_record/side_placebo.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace vt::track_record {

std::optional<statistics::PlaceboComparison> compare_with_turned_sides(std::span<const Judged* const> signals,
                                                                       std::size_t horizon, std::size_t draws,
                                                                       Prng& prng) {
    constexpr std::size_t kFewestStretches = 20;
    VT_ASSERT(draws >= 20);
    std::map<Timestamp, double> stretches;  // sum of gross returns of each
    double gross = 0, costs = 0;
    std::size_t n = 0;
    for (const Judged* one : signals) {
        const HorizonOutcome& outcome = one->horizons[horizon];
        if (!outcome.gross || !outcome.net) continue;
        stretches[floor_to(one->confirmed_at, 2 * kHorizons[horizon])] += outcome.gross->value();
        gross += outcome.gross->value();
        costs += outcome.gross->value() - outcome.net->value();
        ++n;
    }
    if (stretches.size() < kFewestStretches) return std::nullopt;
    const auto count = static_cast<double>(n);
    std::vector<double> placebos(draws);
    for (double& placebo : placebos) {
        double sum = 0;
        for (const auto& [at, of_stretch] : stretches) sum += (prng.next() >> 63U) == 0 ? of_stretch : -of_stretch;
        placebo = (sum - costs) / count;
    }
    return statistics::compare_with_placebos((gross - costs) / count, placebos);
}

}  // namespace vt::track_record
