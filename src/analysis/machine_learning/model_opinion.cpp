#include "analysis/machine_learning/model_opinion.hpp"

#include "analysis/coverage.hpp"
#include "analysis/leaf_scoring.hpp"
#include "analysis/score_map.hpp"
#include "base/assert.hpp"

#include <algorithm>
#include <cmath>

namespace vt::analysis::machine_learning {
namespace {

/// The card's own map: a robust z about the base rate, as the other components have about zero.
ScoreMap map_of(const ModelCard& card) {
    return {.kind = MapKind::zm,
            .spread = {.centre = card.base_log_odds, .spread = card.scale, .is_degenerate = false}};
}

bool is_sound(const Prediction& prediction) {
    return std::isfinite(prediction.log_odds) && prediction.missing_share <= ModelOpinion::kMaxMissing &&
           std::all_of(prediction.terms.begin(), prediction.terms.end(),
                       [](double phi) { return std::isfinite(phi); });
}

}  // namespace

double skill_coverage(const std::optional<double>& skill_t) {
    return skill_t ? std::clamp(*skill_t / ModelOpinion::kFullSkill, 0.0, 1.0) : 0.0;
}

Component ModelOpinion::describe() {
    return {.name = "model",
            .unit = "log odds",
            .weight = 1,
            .map = MapKind::zm,
            .leaves = {{.frame = Frame::m1, .weight = 1, .map = {.kind = MapKind::zm}}}};
}

void ModelOpinion::evaluate(const ModelCard& card, const Prediction& prediction, Component& component) {
    VT_ASSERT(prediction.terms.size() == card.features.size());
    Leaf& leaf = component.leaves.front();
    const Leaf empty{.frame = leaf.frame, .weight = leaf.weight, .map = map_of(card)};
    leaf = empty;
    leaf.age = prediction.age;
    leaf.source_sequence = prediction.source_sequence;
    const auto fresh = age_coverage(prediction.age, age_plan(Input::minute_features));
    if (!is_sound(prediction)) {
        leaf.flags.set(Flag::no_input);
        return;
    }
    leaf.value = prediction.log_odds;
    if (!fresh) {
        leaf.flags.set(prediction.age ? Flag::stale : Flag::no_input);
        return;
    }
    leaf.coverage = skill_coverage(prediction.skill_t) * *fresh;
    if (leaf.coverage > 0) leaf.score = score_of(leaf.map, prediction.log_odds);
}

std::vector<ModelTerm> ModelOpinion::terms_of(const ModelCard& card, const Prediction& prediction, double gain) {
    VT_ASSERT(prediction.terms.size() == card.features.size());
    if (!is_sound(prediction)) return {};
    const double above_base = prediction.log_odds - card.base_log_odds;
    const double z = above_base / card.scale;
    // Points for one unit of phi. tanh(z/2)/z is 1/2 at 0; a clipped z keeps the shares and shrinks them all.
    const double moved = score_of_z(z) - 50;
    const double rate = gain * (above_base != 0 ? moved / above_base : 25 / card.scale);
    std::vector<ModelTerm> terms;
    double explained = 0;
    for (std::size_t j = 0; j < prediction.terms.size(); ++j) {
        terms.push_back({.name = card.features[j], .phi = prediction.terms[j]});
        explained += prediction.terms[j];
    }
    std::stable_sort(terms.begin(), terms.end(),
                     [](const ModelTerm& a, const ModelTerm& b) { return std::abs(a.phi) > std::abs(b.phi); });
    ModelTerm other{.name = "other"};
    for (std::size_t j = kShown; j < terms.size(); ++j) other.phi += terms[j].phi;
    terms.resize(std::min(terms.size(), kShown));
    terms.push_back(other);
    terms.push_back({.name = "calibration", .phi = above_base - explained});
    for (ModelTerm& term : terms) term.points = rate * term.phi;
    return terms;
}

}  // namespace vt::analysis::machine_learning
