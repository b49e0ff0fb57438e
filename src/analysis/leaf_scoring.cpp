#include "analysis/leaf_scoring.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace vt::analysis {
namespace {

struct Freshness {
    std::optional<Nanos> age;
    std::optional<double> coverage;
    bool is_missing = false;
};

/// The input with the least coverage decides.
Freshness worst_of(std::initializer_list<InputAge> ages) {
    Freshness worst{.age = std::nullopt, .coverage = 1.0};
    for (const InputAge& input : ages) {
        const auto coverage = age_coverage(input.age, age_plan(input.input));
        if (!input.age) worst.is_missing = true;
        if (input.age) worst.age = std::max(worst.age.value_or(Nanos{0}), *input.age);
        if (!coverage || !worst.coverage) {
            worst.coverage.reset();
        } else {
            worst.coverage = std::min(*worst.coverage, *coverage);
        }
    }
    if (worst.is_missing) worst.age.reset();
    return worst;
}

/// Everything but history and score. out: the coverage without c_hist, absent where the leaf is null.
std::optional<double> observe(Leaf& leaf, const Observation& seen, std::initializer_list<InputAge> ages) {
    leaf.value = seen.value;
    leaf.score.reset();
    leaf.coverage = 0;
    leaf.events = static_cast<std::uint64_t>(seen.events);
    leaf.flags = seen.flags;
    leaf.source_sequence = seen.source_sequence;
    leaf.ready_in.reset();
    const Freshness fresh = worst_of(ages);
    leaf.age = fresh.age;
    const auto gap = gap_coverage(seen.missing_share);
    const bool nothing_happened = seen.flags.has(Flag::no_event);
    const double minimum = nothing_happened ? 1.0 : minimum_coverage(seen.events, seen.events_min);
    if (seen.missing_share > 0) leaf.flags.set(Flag::gap);
    if (minimum < 1) leaf.flags.set(Flag::few_events);
    if (fresh.is_missing) leaf.flags.set(Flag::no_input);
    if (!fresh.coverage && !fresh.is_missing) leaf.flags.set(Flag::stale);
    if (!gap) leaf.value.reset();
    if (!fresh.coverage || !leaf.value) return std::nullopt;
    return *fresh.coverage * *gap * minimum * flag_coverage(leaf.flags, seen.spoof) * seen.covered_share;
}

}  // namespace

void score_by_history(Leaf& leaf, const Observation& observation, std::initializer_list<InputAge> ages,
                      const Normaliser& normaliser) {
    const auto alive = observe(leaf, observation, ages);
    leaf.n = normaliser.n();
    leaf.n_min = normaliser.plan().n_min;
    leaf.map.spread = normaliser.spread();
    const double history = history_coverage(normaliser.n(), normaliser.plan().n_min);
    if (history == 0) leaf.flags.set(Flag::warming);
    if (!alive || history == 0) return;
    if (leaf.map.kind == MapKind::pr) {
        const auto percentile = normaliser.percentile(*leaf.value);
        leaf.score = 50 + leaf.map.gain * leaf.map.sign * (*percentile - 50);
    } else if (leaf.map.spread.is_degenerate) {
        leaf.flags.set(Flag::degenerate);
        if (!leaf.flags.has(Flag::no_event)) return;
        leaf.score = 50;
    } else {
        leaf.score = score_of(leaf.map, *leaf.value);
    }
    leaf.coverage = history * *alive;
}

void score_by_strength(Leaf& leaf, const Observation& observation, std::initializer_list<InputAge> ages) {
    const auto alive = observe(leaf, observation, ages);
    leaf.n = leaf.events;
    leaf.n_min = static_cast<std::uint64_t>(observation.events_min);
    if (!alive) return;
    leaf.score = score_of(leaf.map, *leaf.value);
    leaf.coverage = *alive;
    if (leaf.coverage == 0) leaf.score.reset();
}

void score_by_histories(Leaf& leaf, const Observation& observation, std::initializer_list<InputAge> ages,
                        std::initializer_list<std::reference_wrapper<const Normaliser>> pasts, Timestamp u) {
    VT_ASSERT(pasts.size() > 0);
    const Normaliser& shortest = *std::min_element(
        pasts.begin(), pasts.end(), [](const Normaliser& a, const Normaliser& b) { return a.n() < b.n(); });
    Observation seen = observation;
    seen.covered_share *= history_coverage(shortest.n(), shortest.plan().n_min);
    score_by_strength(leaf, seen, ages);
    leaf.n = shortest.n();
    leaf.n_min = shortest.plan().n_min;
    if (leaf.n < leaf.n_min) {
        leaf.flags.set(Flag::warming);
        leaf.ready_in = Nanos{0};
        for (const Normaliser& past : pasts) leaf.ready_in = std::max(*leaf.ready_in, past.ready_in(u));
    } else if (std::any_of(pasts.begin(), pasts.end(),
                           [](const Normaliser& past) { return past.spread().is_degenerate; })) {
        leaf.flags.set(Flag::degenerate);
    }
}

std::optional<double> sample_of(const Leaf& leaf) {
    if (leaf.flags.has(Flag::no_input) || leaf.flags.has(Flag::stale)) return std::nullopt;
    return leaf.value;
}

void judge(Leaf& leaf, Normaliser& normaliser, const Observation& observation, std::initializer_list<InputAge> ages,
           const GridSecond& second) {
    normaliser.advance(second.u, second.scratch);
    score_by_history(leaf, observation, ages, normaliser);
    normaliser.offer(second.u, sample_of(leaf));
    if (leaf.flags.has(Flag::warming)) leaf.ready_in = normaliser.ready_in(second.u);
}

}  // namespace vt::analysis
