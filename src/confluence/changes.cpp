#include "confluence/changes.hpp"

#include <algorithm>
#include <cmath>

namespace vt::confluence {
namespace {

/// A leaf as one record has it.
struct Term {
    double weight = 0;
    double coverage = 0;
    double quality = 0;
    double value = 0;  // s - 50
    bool is_present = false;
    [[nodiscard]] double points() const { return weight * coverage * quality * value; }
};

Term term_of(const ScoreRecord& record, const Part& part, const analysis::Component& component,
             const analysis::Leaf& leaf) {
    if (component.is_shadow || !part.opinion.score || !leaf.score) return {};
    return {.weight = part.weight * component.weight * leaf.weight,
            .coverage = leaf.coverage,
            .quality = record.quality_factor(),
            .value = *leaf.score - 50,
            .is_present = true};
}

/// The same leaf in another record, if that has it.
Term find_term(const ScoreRecord& record, std::size_t dimension, std::string_view component, analysis::Frame frame) {
    const Part& part = record.parts[dimension];
    for (const analysis::Component& other : part.opinion.components) {
        if (other.name != component) continue;
        for (const analysis::Leaf& leaf : other.leaves) {
            if (leaf.frame == frame) return term_of(record, part, other, leaf);
        }
    }
    return {};
}

void split(const Term& a, const Term& b, Change& change) {
    const double mean_value = (a.value + b.value) / 2;
    const double mean_gain = (a.weight * a.coverage * a.quality + b.weight * b.coverage * b.quality) / 2;
    change.by_score = mean_gain * (b.value - a.value);
    change.by_weight = mean_value * (b.weight - a.weight) * a.coverage * a.quality;
    change.by_coverage = mean_value * b.weight * (b.coverage - a.coverage) * a.quality;
    change.by_quality = mean_value * b.weight * b.coverage * (b.quality - a.quality);
}

/// Leaves of `from` that `other` lacks as well as those that both have, or only the former.
void collect(const ScoreRecord& from, const ScoreRecord& other, bool from_is_later, std::vector<Change>& found) {
    for (std::size_t d = 0; d < from.parts.size(); ++d) {
        const Part& part = from.parts[d];
        for (const analysis::Component& component : part.opinion.components) {
            for (const analysis::Leaf& leaf : component.leaves) {
                const Term here = term_of(from, part, component, leaf);
                if (!here.is_present) continue;
                const Term there = find_term(other, d, component.name, leaf.frame);
                Change change{.dimension = part.opinion.dimension, .component = component.name, .frame = leaf.frame};
                if (there.is_present) {
                    if (!from_is_later) continue;  // told once, from the later record
                    split(there, here, change);
                    change.points = here.points() - there.points();
                } else {
                    change.presence = from_is_later ? Presence::appeared : Presence::vanished;
                    change.points = from_is_later ? here.points() : -here.points();
                    change.by_coverage = change.points;
                }
                if (change.points != 0) found.push_back(change);
            }
        }
    }
}

}  // namespace

std::string_view name(Presence presence) {
    switch (presence) {
        case Presence::stayed: return "stayed";
        case Presence::appeared: return "appeared";
        case Presence::vanished: return "vanished";
    }
    return "unknown";
}

std::vector<Change> changes(const ScoreRecord& a, const ScoreRecord& b) {
    std::vector<Change> found;
    collect(b, a, true, found);
    collect(a, b, false, found);
    std::stable_sort(found.begin(), found.end(),
                     [](const Change& x, const Change& y) { return std::abs(x.points) > std::abs(y.points); });
    return found;
}

}  // namespace vt::confluence
