#include "analysis/leaf.hpp"

#include "analysis/coverage.hpp"
#include "base/assert.hpp"

#include <cmath>

namespace vt::analysis {
namespace {

constexpr double kWeightTolerance = 1e-9;

void combine_leaves(Component& component) {
    double weights = 0;
    double terms = 0;
    component.coverage = 0;
    for (const Leaf& leaf : component.leaves) {
        VT_ASSERT(leaf.coverage >= 0);
        VT_ASSERT(leaf.coverage <= 1);
        weights += leaf.weight;
        if (!leaf.score) continue;
        component.coverage += leaf.weight * leaf.coverage;
        terms += leaf.weight * leaf.coverage * (*leaf.score - 50);
    }
    VT_ASSERT(component.is_shadow || std::abs(weights - 1) < kWeightTolerance);
    component.score.reset();
    if (component.coverage > 0) component.score = 50 + terms / component.coverage;
}

}  // namespace

std::string_view name(Dimension dimension) {
    switch (dimension) {
        case Dimension::order_flow: return "order_flow";
        case Dimension::sentiment: return "sentiment";
        case Dimension::liquidity: return "liquidity";
        case Dimension::bitcoin_beta: return "bitcoin_beta";
        case Dimension::smart_money: return "smart_money";
        case Dimension::machine_learning: return "machine_learning";
    }
    return "unknown";
}

void combine(DimensionScore& dimension) {
    double weights = 0;
    double terms = 0;
    dimension.coverage = 0;
    for (Component& component : dimension.components) {
        combine_leaves(component);
        if (component.is_shadow) continue;
        weights += component.weight;
        if (!component.score) continue;
        dimension.coverage += component.weight * component.coverage;
        terms += component.weight * component.coverage * (*component.score - 50);
    }
    VT_ASSERT(std::abs(weights - 1) < kWeightTolerance);
    dimension.score.reset();
    if (dimension.coverage >= kMinDimensionCoverage) dimension.score = 50 + terms / dimension.coverage;
}

double leaf_term(const Component& component, const Leaf& leaf) {
    if (component.is_shadow || !leaf.score) return 0;
    return component.weight * leaf.weight * leaf.coverage * (*leaf.score - 50);
}

}  // namespace vt::analysis
