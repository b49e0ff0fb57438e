#include "track_record/calibration.hpp"

#include "base/assert.hpp"
#include "statistics/log_odds.hpp"
#include "statistics/partial_pooling.hpp"

#include <algorithm>

namespace vt::track_record {
namespace {

using Signals = std::vector<const Judged*>;

bool is_wanted(const Judged& judged, const CalibrationPlan& plan) {
    if (judged.segment != plan.segment) return false;
    switch (plan.sides) {
        case Sides::mirrored: return true;
        case Sides::long_only: return judged.side > 0;
        case Sides::short_only: return judged.side < 0;
    }
    VT_ASSERT(false);
    return false;
}

/// In order of time; of one instant by symbol, so that the caller's order does not matter.
Signals wanted_of(std::span<const Judged> signals, const CalibrationPlan& plan) {
    Signals found;
    for (const Judged& one : signals) {
        if (is_wanted(one, plan)) found.push_back(&one);
    }
    std::ranges::stable_sort(found, [](const Judged* a, const Judged* b) {
        return a->confirmed_at != b->confirmed_at ? a->confirmed_at < b->confirmed_at : a->symbol < b->symbol;
    });
    return found;
}

/// Strength against whether the target was met, in order of time.
std::vector<Example> examples_of(std::span<const Judged* const> ended, const SymbolNumbers& symbols,
                                 double correlation) {
    std::vector<statistics::Life> lives;
    for (const Judged* one : ended) lives.push_back(life_to_barrier(*one, symbols));
    const auto weights = weights_of(lives, correlation);
    std::vector<Example> examples;
    examples.reserve(ended.size());
    for (std::size_t i = 0; i < ended.size(); ++i) {
        const double came = ended[i]->barrier == Barrier::target ? 1 : 0;
        examples.push_back({{strength_of(*ended[i]), came, weights[i]}, lives[i]});
    }
    return examples;
}

std::vector<statistics::IsotonicBlock> expected_net_of(std::span<const Judged* const> by_strength,
                                                       std::size_t horizon, const SymbolNumbers& symbols,
                                                       const Counting& counting) {
    std::vector<statistics::Life> lives;
    std::vector<statistics::Observation> observations;
    for (const Judged* one : by_strength) {
        const auto& net = one->horizons[horizon].net;
        if (!net) continue;
        lives.push_back(life_to_horizon(*one, horizon, symbols));
        observations.push_back({strength_of(*one), net->value(), 1});
    }
    const auto weights = weights_of(lives, counting.correlation);
    if (statistics::effective_size(weights) < counting.thin_below) return {};
    for (std::size_t i = 0; i < weights.size(); ++i) observations[i].weight = weights[i];
    return statistics::fit_isotonic(observations);
}

std::vector<SymbolRecord> symbol_records(std::span<const Example> examples, const ProbabilityMap& map,
                                         const SymbolNumbers& symbols, double pooling) {
    std::vector<SymbolRecord> records(symbols.names().size());
    for (const Example& one : examples) {
        SymbolRecord& record = records[one.life.group];
        const auto& [strength, came, weight] = one.observation;
        ++record.n;
        record.n_eff += weight;
        record.hits += weight * came;
        record.expected += weight * map.value(strength);
    }
    for (std::size_t i = 0; i < records.size(); ++i) {
        SymbolRecord& record = records[i];
        record.symbol = symbols.names()[i];
        if (record.n == 0) continue;
        record.expected /= record.n_eff;
        record.hits = std::min(record.hits, record.n_eff);
        const statistics::PooledPrior prior{record.expected, pooling};
        record.rate = statistics::pooled_rate(record.hits, record.n_eff, prior);
        record.rate_interval = statistics::pooled_interval(record.hits, record.n_eff, prior, 0.9);
        record.shift = statistics::logit(record.rate) - statistics::logit(record.expected);
    }
    std::erase_if(records, [](const SymbolRecord& record) { return record.n == 0; });
    return records;
}

}  // namespace

std::string_view name(Sides sides) {
    switch (sides) {
        case Sides::mirrored: return "mirrored";
        case Sides::long_only: return "long_only";
        case Sides::short_only: return "short_only";
    }
    VT_ASSERT(false);
    return {};
}

const ScoreBin* Calibration::bin_of(double strength) const {
    const auto after = std::ranges::upper_bound(bins, strength, {}, &ScoreBin::from);
    return after == bins.begin() ? nullptr : &*(after - 1);
}

std::optional<double> Calibration::probability(std::string_view symbol, double score, int side) const {
    const double strength = strength_of(score, side);
    if (!map || bin_of(strength) == nullptr) return std::nullopt;
    const double all = map->value(strength);
    const auto record = std::ranges::lower_bound(symbols, symbol, {}, &SymbolRecord::symbol);
    if (record == symbols.end() || record->symbol != symbol) return all;
    return statistics::logistic(statistics::logit(all) + record->shift);
}

std::optional<Bps> Calibration::expected_net(std::size_t horizon, double score, int side) const {
    const double strength = strength_of(score, side);
    const auto& blocks = net_bps[horizon];
    if (blocks.empty() || bin_of(strength) == nullptr) return std::nullopt;
    return Bps{statistics::isotonic_value(blocks, strength)};
}

Calibration calibrate(std::span<const Judged> signals, const CalibrationPlan& plan) {
    VT_ASSERT(plan.bins >= 1);
    VT_ASSERT(plan.pooling > 0);
    Calibration found{.plan = plan};
    const Signals wanted = wanted_of(signals, plan);
    found.n = wanted.size();
    if (wanted.empty()) return found;
    const SymbolNumbers symbols(wanted);
    Signals by_strength = wanted;
    std::ranges::stable_sort(by_strength, {}, [](const Judged* one) { return strength_of(*one); });
    found.bins = score_bins(by_strength, plan.bins, symbols, plan.counting);
    for (std::size_t h = 0; h < kHorizons.size(); ++h) {
        found.net_bps[h] = expected_net_of(by_strength, h, symbols, plan.counting);
    }
    Signals ended = wanted;
    std::erase_if(ended, [](const Judged* one) { return one->barrier == Barrier::none; });
    const auto examples = examples_of(ended, symbols, plan.counting.correlation);
    found.map = fit_probability(examples, plan.counting.thin_below);
    if (found.map) found.symbols = symbol_records(examples, *found.map, symbols, plan.pooling);
    return found;
}

}  // namespace vt::track_record
