#pragma once

#include "analysis/coverage.hpp"
#include "analysis/leaf.hpp"

#include <gtest/gtest.h>

#include <string>

namespace vt::analysis {

/// What a dimension says is the sum of its leaves' terms, weighed by what they cover, and it says something exactly
/// where they cover enough.
inline void expect_sum(const DimensionScore& dimension, const std::string& of = {}) {
    double terms = 0;
    double coverage = 0;
    for (const Component& component : dimension.components) {
        for (const Leaf& leaf : component.leaves) {
            terms += leaf_term(component, leaf);
            if (!component.is_shadow && leaf.score) coverage += component.weight * leaf.weight * leaf.coverage;
        }
    }
    EXPECT_NEAR(dimension.coverage, coverage, 1e-12) << of;
    ASSERT_EQ(dimension.score.has_value(), dimension.coverage >= kMinDimensionCoverage) << of;
    if (dimension.score) {
        EXPECT_NEAR(dimension.coverage * (*dimension.score - 50), terms, 1e-9) << of;
    }
}

}  // namespace vt::analysis
