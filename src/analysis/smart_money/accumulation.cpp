#include "analysis/smart_money/accumulation.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cmath>

namespace vt::analysis::smart_money {
namespace {

constexpr double kMinPressure = 1;  // z
constexpr double kFullSpan = 4;     // z of pressure and of the return it did not bring

struct WindowReturn {
    std::optional<double> bps;
    double missing_share = 1;
};

/// The sum of the mid's returns over the window's closed minutes.
WindowReturn return_over(Frame frame, const MinuteHistory& history) {
    const auto minutes = static_cast<std::size_t>(duration(frame) / kMinute);
    const std::size_t first = history.size() > minutes ? history.size() - minutes : 0;
    double sum = 0;
    double known = 0;
    for (std::size_t i = first; i < history.size(); ++i) {
        if (!history[i].ret_mid_bps) continue;
        sum += *history[i].ret_mid_bps;
        known += 1;
    }
    if (known == 0) return {};
    return {.bps = sum, .missing_share = 1 - known / static_cast<double>(minutes)};
}

/// prod(1 - strength) over the events of the window that point in `direction`.
double missed_by(const order_flow::DecayingEvents& events, double direction, Timestamp from) {
    double missed = 1;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const auto& event = events[i];
        if (event.time > from && event.signed_strength * direction > 0) missed *= 1 - std::abs(event.signed_strength);
    }
    return missed;
}

}  // namespace

double accumulation_strength(double z_flow, double z_return, double missed) {
    VT_ASSERT(missed >= 0);
    VT_ASSERT(missed <= 1);
    if (std::abs(z_flow) < kMinPressure) return 0;
    const double side = z_flow > 0 ? 1 : -1;
    const double held = std::clamp((std::abs(z_flow) - z_return * side) / kFullSpan, 0.0, 1.0);
    return -side * held * (1 - missed);
}

Component Accumulation::describe() {
    const ScoreMap map{.kind = MapKind::lb};
    return {.name = "accumulation",
            .unit = "1",
            .weight = 0.20,
            .map = MapKind::lb,
            .leaves = {{.frame = Frame::m30, .weight = 0.5, .map = map},
                       {.frame = Frame::h4, .weight = 0.5, .map = map}}};
}

void Accumulation::evaluate(const order_flow::FlowContext& context, const order_flow::OrderFlow& flow,
                            Component& component) {
    const Timestamp u = context.u();
    const Leaf& absorption = flow.absorption();
    for (std::size_t i = 0; i < returns_.size(); ++i) {
        Leaf& leaf = component.leaves[i];
        Normaliser& returns = returns_[i];
        const Leaf& pressure = flow.trade_imbalance(leaf.frame);
        const WindowReturn move = return_over(leaf.frame, context.history);
        returns.advance(u, context.second.scratch);

        const double history = std::min(history_coverage(pressure.n, pressure.n_min),
                                        history_coverage(returns.n(), returns.plan().n_min));
        const double missing = std::max({order_flow::missing_share(context.trades_over(leaf.frame), leaf.frame),
                                         move.missing_share, order_flow::missing_book_share(context, leaf.frame)});
        const auto windows = static_cast<double>(absorption.n);
        Observation seen{.events = windows,
                         .missing_share = missing,
                         .covered_share = history * minimum_coverage(windows, static_cast<double>(absorption.n_min)),
                         .flags = context.book_flags,
                         .source_sequence = context.trades.last_sequence()};
        const ScoreMap of_return{.kind = MapKind::z0, .spread = returns.spread()};
        std::optional<double> z_flow, z_return;
        if (pressure.value) z_flow = z_of(pressure.map, *pressure.value);
        if (move.bps) z_return = z_of(of_return, *move.bps);
        if (history == 0 || !absorption.value) {
            seen.flags.set(Flag::warming);
        } else if (!z_flow || !z_return) {
            seen.flags.set(Flag::degenerate);
        } else {
            const double flow_z = std::clamp(*z_flow, -kZClip, kZClip);
            const double missed = missed_by(flow.absorption_events(), -flow_z, u - duration(leaf.frame));
            seen.value = accumulation_strength(flow_z, std::clamp(*z_return, -kZClip, kZClip), missed);
            if (*seen.value == 0) seen.flags.set(Flag::no_event);
        }
        score_by_strength(leaf, seen,
                          {{Input::trades, context.ages.trades},
                           {Input::book, context.ages.quote},
                           {Input::book, context.ages.book}});
        leaf.n = std::min<std::uint64_t>(pressure.n, returns.n());
        leaf.n_min = returns.plan().n_min;
        if (leaf.n < leaf.n_min) leaf.ready_in = returns.ready_in(u);
        returns.offer(u, move.missing_share <= kMaxMissingShare ? move.bps : std::nullopt);
    }
}

}  // namespace vt::analysis::smart_money
