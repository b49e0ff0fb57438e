#include "analysis/sentiment/top_vs_crowd.hpp"

namespace vt::analysis::sentiment {
namespace {

constexpr double kSqrt2 = 1.4142135623730951;

}  // namespace

Component TopVsCrowd::describe() {
    // The value is a z already: its spread is 1.
    const ScoreMap map{.kind = MapKind::z0, .spread = {.centre = 0, .spread = 1, .is_degenerate = false}};
    return {.name = "top_vs_crowd",
            .unit = "sd",
            .weight = 0.25,
            .map = MapKind::z0,
            .leaves = {{.frame = Frame::h1, .weight = 1, .map = map}}};
}

void TopVsCrowd::evaluate(const SentimentContext& context, const RatioHistory& top, const RatioHistory& crowd,
                          Component& component) {
    Leaf& leaf = component.leaves.front();
    const auto z_top = top.z();
    const auto z_crowd = crowd.z();
    Observation seen;
    if (z_top && z_crowd) seen.value = (*z_top - *z_crowd) / kSqrt2;
    score_by_histories(
        leaf, seen, {{Input::account_ratios, top.age(context.u())}, {Input::account_ratios, crowd.age(context.u())}},
        {top.past(), crowd.past()}, context.u());
}

}  // namespace vt::analysis::sentiment
