#include "analysis/liquidity/queue_imbalance.hpp"

#include <algorithm>

namespace vt::analysis::liquidity {

Component QueueImbalance::describe() {
    return {.name = "queue_imbalance",
            .unit = "1",
            .weight = 0.25,
            .map = MapKind::z0,
            .leaves = {{.frame = Frame::m1, .weight = 1, .map = {.kind = MapKind::z0}}}};
}

void QueueImbalance::let_stand_until(Timestamp time) {
    if (!until_) {
        until_ = time;
        return;
    }
    if (time <= *until_) return;
    // What is older than the bins reach would be overwritten at once.
    const Nanos reach = kSecond * static_cast<std::int64_t>(kWindowSeconds + kSecondsAhead);
    Timestamp from = std::max(*until_, time - reach);
    while (standing_ && from < time) {
        const Timestamp to = std::min(time, floor_to(from, kSecond) + kSecond);
        if (Bin* const bin = bins_.at(from)) {
            bin->weighted += *standing_ * to_seconds(to - from);
            bin->standing += to - from;
        }
        from = to;
    }
    until_ = time;
}

void QueueImbalance::on_quote(const Quote& quote) {
    let_stand_until(quote.time);
    standing_ = quote.imbalance();
    source_sequence_ = quote.source_sequence;
    if (Bin* const bin = bins_.at(*until_)) ++bin->updates;
}

void QueueImbalance::on_quote_lost(Timestamp time) {
    let_stand_until(time);
    standing_.reset();
}

void QueueImbalance::evaluate(const LiquidityContext& context, Component& component) {
    const Timestamp u = context.u();
    if (standing_) let_stand_until(u);
    (void)bins_.at(u - kSecond);
    Bin sum;
    bins_.visit(u, kWindowSeconds, [&](const Bin& bin) {
        sum.weighted += bin.weighted;
        sum.standing += bin.standing;
        sum.updates += bin.updates;
    });
    const Nanos window = kSecond * static_cast<std::int64_t>(kWindowSeconds);
    Observation seen{.events = static_cast<double>(sum.updates),
                     .events_min = kMinUpdates,
                     .missing_share = to_seconds(window - sum.standing) / to_seconds(window),
                     .spoof = context.spoof,
                     .flags = context.with_spoof(context.quote_flags),
                     .source_sequence = source_sequence_};
    if (sum.standing > Nanos{0}) seen.value = sum.weighted / to_seconds(sum.standing);
    judge(component.leaves.front(), normaliser_, seen, {{Input::book, context.ages.quote}}, context.second);
}

void QueueImbalance::skip() {
    bins_.clear();
    until_.reset();
    standing_.reset();
}

}  // namespace vt::analysis::liquidity
