#pragma once

#include "analysis/leaf.hpp"
#include "analysis/sentiment/ratio_history.hpp"
#include "analysis/sentiment/sentiment_context.hpp"

namespace vt::analysis::sentiment {

/// Where the largest accounts' positions stand against all accounts: (z(top positions) - z(accounts))/sqrt 2, each z
/// against its own last 30 days.
///   out:    standard deviations
///   source: docs/indicators/top_vs_crowd.md
class TopVsCrowd {
public:
    [[nodiscard]] static Component describe();
    static void evaluate(const SentimentContext& context, const RatioHistory& top, const RatioHistory& crowd,
                         Component& component);
};

}  // namespace vt::analysis::sentiment
