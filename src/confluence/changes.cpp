#include "confluence/changes.hpp"

#include <algorithm>
#include <cmath>

namespace vt::confluence {
namespace {

/// The same leaf of another score; null where that has none.
const LeafTerm* find_term(const ScoreTerms& terms, const LeafTerm& like) {
    for (const LeafTerm& term : terms.leaves) {
        if (term.dimension == like.dimension && term.frame == like.frame && term.component == like.component)
            return &term;
    }
    return nullptr;
}

void split(const LeafTerm& a, const LeafTerm& b, Change& change) {
    const double mean_value = (a.value + b.value) / 2;
    const double mean_gain = (a.weight * a.coverage * a.quality + b.weight * b.coverage * b.quality) / 2;
    change.by_score = mean_gain * (b.value - a.value);
    change.by_weight = mean_value * (b.weight - a.weight) * a.coverage * a.quality;
    change.by_coverage = mean_value * b.weight * (b.coverage - a.coverage) * a.quality;
    change.by_quality = mean_value * b.weight * b.coverage * (b.quality - a.quality);
}

Change change_of(const LeafTerm& term) {
    return {.dimension = term.dimension, .component = term.component, .frame = term.frame};
}

}  // namespace

ScoreTerms terms_of(const ScoreRecord& record) {
    ScoreTerms terms{.at = record.at, .sum = record.sum, .leaves = {}};
    for (const Part& part : record.parts) {
        if (!part.opinion.score) continue;
        for (const analysis::Component& component : part.opinion.components) {
            if (component.is_shadow) continue;
            for (const analysis::Leaf& leaf : component.leaves) {
                if (!leaf.score) continue;
                terms.leaves.push_back({.dimension = part.opinion.dimension,
                                        .component = component.name,
                                        .frame = leaf.frame,
                                        .weight = part.regime_weight * component.weight * leaf.weight,
                                        .coverage = leaf.coverage,
                                        .quality = record.quality_factor(),
                                        .value = *leaf.score - 50});
            }
        }
    }
    return terms;
}

std::string_view name(Presence presence) {
    switch (presence) {
        case Presence::stayed: return "stayed";
        case Presence::appeared: return "appeared";
        case Presence::vanished: return "vanished";
    }
    return "unknown";
}

std::vector<Change> changes(const ScoreTerms& a, const ScoreTerms& b) {
    std::vector<Change> found;
    const auto keep = [&](const Change& change) {
        if (change.points != 0) found.push_back(change);
    };
    for (const LeafTerm& later : b.leaves) {
        Change change = change_of(later);
        if (const LeafTerm* earlier = find_term(a, later)) {
            split(*earlier, later, change);
            change.points = later.points() - earlier->points();
        } else {
            change.presence = Presence::appeared;
            change.points = change.by_coverage = later.points();
        }
        keep(change);
    }
    for (const LeafTerm& earlier : a.leaves) {
        if (find_term(b, earlier) != nullptr) continue;
        Change change = change_of(earlier);
        change.presence = Presence::vanished;
        change.points = change.by_coverage = -earlier.points();
        keep(change);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const Change& x, const Change& y) { return std::abs(x.points) > std::abs(y.points); });
    return found;
}

}  // namespace vt::confluence
