#include "track_record/score_bin.hpp"

#include "base/assert.hpp"
#include "statistics/normal.hpp"
#include "statistics/wilson.hpp"

#include <algorithm>
#include <cmath>

namespace vt::track_record {
namespace {

/// Weighted sums of one figure.
struct WeightedSums {
    double weight = 0;
    double sum = 0;
    double squares = 0;

    void add(double value, double with) {
        weight += with;
        sum += with * value;
        squares += with * value * value;
    }
    [[nodiscard]] double mean() const { return sum / weight; }
    /// mean +- z sd / sqrt(effective size - 1); absent below two effective ones.
    [[nodiscard]] std::optional<statistics::Interval> interval(double z) const {
        if (weight < 2) return std::nullopt;
        const double variance = std::max(0.0, squares / weight - mean() * mean());
        const double half = z * std::sqrt(variance / (weight - 1));
        return statistics::Interval{mean() - half, mean() + half};
    }
};

statistics::Interval share_interval(double share, double n_eff) {
    return statistics::wilson_interval(share * n_eff, n_eff, statistics::kNormal95);
}

}  // namespace

std::optional<HorizonRecord> horizon_record(std::span<const Judged* const> signals, std::size_t horizon,
                                            const SymbolNumbers& symbols, const Counting& counting) {
    std::vector<statistics::Life> lives;
    std::vector<double> gross, net;
    for (const Judged* one : signals) {
        const HorizonOutcome& outcome = one->horizons[horizon];
        if (!outcome.gross || !outcome.net) continue;
        lives.push_back(life_to_horizon(*one, horizon, symbols));
        gross.push_back(outcome.gross->value());
        net.push_back(outcome.net->value());
    }
    if (lives.empty()) return std::nullopt;
    const auto weights = weights_of(lives, counting.correlation);
    WeightedSums hits, paid, returns;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        hits.add(gross[i] > 0 ? 1 : 0, weights[i]);
        paid.add(net[i] > 0 ? 1 : 0, weights[i]);
        returns.add(net[i], weights[i]);
    }
    HorizonRecord found{.n = lives.size(), .n_eff = hits.weight};
    found.hit_rate = hits.mean();
    found.hit_interval = share_interval(found.hit_rate, found.n_eff);
    found.above_costs = paid.mean();
    found.mean_net_bps = returns.mean();
    found.net_bps = *statistics::quartiles(net);
    found.is_thin = found.n_eff < counting.thin_below;
    return found;
}

std::optional<BarrierRecord> barrier_record(std::span<const Judged* const> signals, const SymbolNumbers& symbols,
                                            const Counting& counting) {
    std::vector<const Judged*> ended;
    std::vector<statistics::Life> lives;
    for (const Judged* one : signals) {
        if (one->barrier == Barrier::none) continue;
        ended.push_back(one);
        lives.push_back(life_to_barrier(*one, symbols));
    }
    if (ended.empty()) return std::nullopt;
    const auto weights = weights_of(lives, counting.correlation);
    WeightedSums target, stop, results;
    for (std::size_t i = 0; i < ended.size(); ++i) {
        target.add(ended[i]->barrier == Barrier::target ? 1 : 0, weights[i]);
        stop.add(ended[i]->barrier == Barrier::stop ? 1 : 0, weights[i]);
        if (ended[i]->net_r) results.add(*ended[i]->net_r, weights[i]);
    }
    BarrierRecord found{.n = ended.size(), .n_eff = target.weight};
    found.target = target.mean();
    found.stop = stop.mean();
    found.expired = std::max(0.0, 1 - found.target - found.stop);
    found.target_interval = share_interval(found.target, found.n_eff);
    if (results.weight > 0) {
        found.mean_net_r = results.mean();
        found.net_r_interval = results.interval(statistics::kNormal90);
    }
    found.is_thin = found.n_eff < counting.thin_below;
    return found;
}

std::vector<ScoreBin> score_bins(std::span<const Judged* const> by_strength, std::size_t bins,
                                 const SymbolNumbers& symbols, const Counting& counting) {
    VT_ASSERT(bins >= 1);
    std::vector<ScoreBin> found;
    const std::size_t n = by_strength.size();
    for (std::size_t begin = 0; begin < n;) {
        const std::size_t share = begin * bins / n;
        std::size_t end = begin + 1;
        while (end < n && (end * bins / n == share ||
                           strength_of(*by_strength[end]) == strength_of(*by_strength[end - 1]))) {
            ++end;
        }
        const auto signals = by_strength.subspan(begin, end - begin);
        ScoreBin& bin = found.emplace_back();
        bin.from = strength_of(*signals.front());
        bin.to = strength_of(*signals.back());
        bin.n = signals.size();
        for (std::size_t h = 0; h < kHorizons.size(); ++h) {
            bin.horizons[h] = horizon_record(signals, h, symbols, counting);
        }
        bin.barrier = barrier_record(signals, symbols, counting);
        begin = end;
    }
    return found;
}

}  // namespace vt::track_record
