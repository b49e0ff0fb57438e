#include "track_record/strategy_edge.hpp"

#include "base/assert.hpp"
#include "statistics/isotonic.hpp"
#include "statistics/log_odds.hpp"
#include "track_record/calibration.hpp"
#include "track_record/decay_watch.hpp"
#include "track_record/lives.hpp"

#include <algorithm>
#include <map>

namespace vt::track_record {
namespace {

constexpr double kNowhere = 100;  // the strongest that a score can be

/// Ended signals in order of strength, with what each weighs.
struct Ended {
    std::vector<const Judged*> signals;
    std::vector<double> weights;
};

Ended ended_of(std::span<const Judged> signals, const Counting& counting) {
    Ended ended;
    for (const Judged& one : signals)
        if (one.barrier != Barrier::none) ended.signals.push_back(&one);
    std::ranges::stable_sort(ended.signals, [](const Judged* a, const Judged* b) {
        if (strength_of(*a) != strength_of(*b)) return strength_of(*a) < strength_of(*b);
        return a->confirmed_at != b->confirmed_at ? a->confirmed_at < b->confirmed_at : a->symbol < b->symbol;
    });
    const SymbolNumbers symbols(ended.signals);
    std::vector<statistics::Life> lives;
    for (const Judged* one : ended.signals) lives.push_back(life_to_barrier(*one, symbols));
    ended.weights = weights_of(lives, counting.correlation);
    return ended;
}

/// Where the rising fit of net results over strength passes 0.
std::optional<double> level_of(const Ended& ended, const Counting& counting) {
    std::vector<statistics::Observation> results;
    double effective = 0;
    for (std::size_t i = 0; i < ended.signals.size(); ++i) {
        const Judged& one = *ended.signals[i];
        if (!one.net_r) continue;
        results.push_back({strength_of(one), *one.net_r, ended.weights[i]});
        effective += ended.weights[i];
    }
    if (effective < counting.thin_below) return std::nullopt;
    const auto blocks = statistics::fit_isotonic(results);
    for (const statistics::Observation& one : results)
        if (statistics::isotonic_value(blocks, one.x) > 0) return one.x;
    return kNowhere;
}

StrategyEdge edge_of(std::string strategy, std::span<const Judged> signals, const EdgePlan& plan) {
    StrategyEdge edge{.strategy = std::move(strategy)};
    const Ended ended = ended_of(signals, plan.counting);
    edge.effective = statistics::effective_size(ended.weights);
    const auto enough = static_cast<std::size_t>(edge.effective / plan.counting.thin_below);
    const Calibration known = calibrate(signals, {.segment = plan.segment,
                                                  .bins = std::clamp<std::size_t>(enough, 1, plan.bins),
                                                  .counting = plan.counting});
    for (const ScoreBin& bin : known.bins) {
        EdgeBin& found = edge.bins.emplace_back(EdgeBin{.from = bin.from});
        if (known.map) found.probability = known.map->value((bin.from + bin.to) / 2);
        if (!bin.barrier) continue;
        found.effective = bin.barrier->n_eff;
        if (bin.barrier->net_r_interval) found.low_net_r = bin.barrier->net_r_interval->lower;
    }
    for (const SymbolRecord& symbol : known.symbols) edge.symbols.push_back({symbol.symbol, symbol.shift});
    edge.level = level_of(ended, plan.counting);
    edge.decay = state_of(watch_decay(ended.signals, ended.weights, plan.decay, plan.decay_since));
    return edge;
}

}  // namespace

DecayState state_of(const statistics::EdgeDecay& decay) {
    return {.level = decay.level(),
            .alarm = decay.limits().threshold,
            .recovery = decay.recovery_level(),
            .is_decayed = decay.is_decayed()};
}

const EdgeBin* StrategyEdge::bin_of(double strength) const {
    const auto after = std::ranges::upper_bound(bins, strength, {}, &EdgeBin::from);
    return after == bins.begin() ? nullptr : &*(after - 1);
}

std::optional<double> StrategyEdge::probability(std::string_view symbol, double strength) const {
    const EdgeBin* bin = bin_of(strength);
    if (bin == nullptr || !bin->probability) return std::nullopt;
    const auto own = std::ranges::lower_bound(symbols, symbol, {}, &SymbolShift::symbol);
    if (own == symbols.end() || own->symbol != symbol) return bin->probability;
    return statistics::logistic(statistics::logit(*bin->probability) + own->shift);
}

const StrategyEdge* edge_named(const std::vector<StrategyEdge>* edges, std::string_view strategy) {
    if (edges == nullptr) return nullptr;
    const auto found = std::ranges::find(*edges, strategy, &StrategyEdge::strategy);
    return found == edges->end() ? nullptr : &*found;
}

std::vector<StrategyEdge> edges_of(std::span<const Judged> signals, const EdgePlan& plan) {
    VT_ASSERT(plan.bins >= 1);
    VT_ASSERT(plan.counting.thin_below > 0);
    std::map<std::string, std::vector<Judged>> by_strategy;
    for (const Judged& one : signals)
        if (one.segment == plan.segment) by_strategy[one.strategy].push_back(one);
    std::vector<StrategyEdge> edges;
    for (const auto& [strategy, own] : by_strategy) edges.push_back(edge_of(strategy, own, plan));
    return edges;
}

}  // namespace vt::track_record
