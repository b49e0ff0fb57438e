#include "analysis/order_flow/ofi_best.hpp"

namespace vt::analysis::order_flow {

Component OfiBest::describe() {
    const ScoreMap map{.kind = MapKind::z0};
    return {.name = "ofi_best",
            .unit = "1",
            .weight = 0.20,
            .map = MapKind::z0,
            .leaves = {{.frame = Frame::m1, .weight = 0.5, .map = map},
                       {.frame = Frame::m5, .weight = 0.35, .map = map},
                       {.frame = Frame::m30, .weight = 0.15, .map = map}}};
}

void OfiBest::evaluate(const FlowContext& context, Component& component) {
    for (std::size_t i = 0; i < normalisers_.size(); ++i) {
        Leaf& leaf = component.leaves[i];
        const QuoteSums& sums = context.quotes_over(leaf.frame);
        const auto mean_size = sums.mean_size();
        Observation seen{.events = static_cast<double>(sums.n),
                         .events_min = kMinUpdates,
                         .missing_share = missing_share(sums.valid, duration(leaf.frame)),
                         .flags = context.quote_flags,
                         .source_sequence = context.quotes.last_sequence()};
        if (mean_size && *mean_size > 0) seen.value = sums.ofi / *mean_size;
        if (sums.n == 0) seen.flags.set(Flag::no_event);
        judge(leaf, normalisers_[i], seen, {{Input::book, context.ages.quote}}, context.second);
    }
}

}  // namespace vt::analysis::order_flow
