#pragma once

#include "analysis/leaf.hpp"
#include "analysis/sentiment/ratio_history.hpp"
#include "analysis/sentiment/sentiment_context.hpp"

namespace vt::analysis::sentiment {

/// On which side the accounts are, most of them small: ln(long/short) against its own last 30 days, read against the
/// crowd and at half gain.
///   out:    1
///   source: docs/indicators/long_short_accounts.md
class LongShortAccounts {
public:
    [[nodiscard]] static Component describe();
    static void evaluate(const SentimentContext& context, const RatioHistory& crowd, Component& component);
};

}  // namespace vt::analysis::sentiment
