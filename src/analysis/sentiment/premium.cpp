#include "analysis/sentiment/premium.hpp"

#include "base/math.hpp"

#include <chrono>

namespace vt::analysis::sentiment {
namespace {

/// As a window of five minutes has it, but fewer than 60 samples say nothing.
constexpr NormaliserPlan kPlan{.period = std::chrono::minutes{5}, .n_kept = 576, .n_min = 60};

}  // namespace

Premium::Premium() : past_(kPlan, MapKind::zm) {}

Component Premium::describe() {
    return {.name = "premium",
            .unit = "bps",
            .map = MapKind::zm,
            .is_shadow = true,
            .leaves = {{.frame = Frame::m5, .weight = 1, .map = {.kind = MapKind::zm}}}};
}

void Premium::evaluate(const SentimentContext& context, Component& component) {
    const TickerState& ticker = context.ticker;
    const bool is_fresh = context.ages.ticker && *context.ages.ticker <= age_plan(Input::ticker).grace;
    is_known_[next_] = is_fresh && ticker.mark_price && ticker.index_price && *ticker.index_price > 0;
    if (is_known_[next_])
        seconds_[next_] = static_cast<float>(1e4 * math::log(*ticker.mark_price / *ticker.index_price));
    next_ = static_cast<std::uint32_t>((next_ + 1) % kSeconds);

    double sum = 0;
    std::size_t known = 0;
    std::size_t at = next_;  // the oldest: the sum runs in order of time
    for (std::size_t i = 0; i < kSeconds; ++i) {
        if (is_known_[at]) {
            sum += static_cast<double>(seconds_[at]);
            ++known;
        }
        at = at + 1 == kSeconds ? 0 : at + 1;
    }
    Observation seen{.events = static_cast<double>(known),
                     .missing_share = 1 - static_cast<double>(known) / static_cast<double>(kSeconds)};
    if (known > 0) seen.value = sum / static_cast<double>(known);
    judge(component.leaves.front(), past_, seen, {{Input::ticker, context.ages.ticker}}, context.second);
}

void Premium::skip() {
    is_known_.fill(false);
    next_ = 0;
}

}  // namespace vt::analysis::sentiment
