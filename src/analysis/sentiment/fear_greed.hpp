#pragma once

#include "analysis/leaf.hpp"
#include "analysis/sentiment/sentiment_context.hpp"

namespace vt::analysis::sentiment {

/// The mood of the whole market as this program measures it over the instruments that it follows: index/50 - 1.
///   out:    1, in -1..1; the same for every instrument
///   source: docs/indicators/fear_greed.md
class FearGreed {
public:
    [[nodiscard]] static Component describe();
    static void evaluate(const SentimentContext& context, Component& component);
};

}  // namespace vt::analysis::sentiment
