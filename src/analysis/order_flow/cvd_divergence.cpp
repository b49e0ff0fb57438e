#include "analysis/order_flow/cvd_divergence.hpp"

#include "statistics/newey_west.hpp"

#include <algorithm>
#include <cmath>

namespace vt::analysis::order_flow {
namespace {

constexpr std::array<std::size_t, 2> kLengths = {60, 240};  // minutes
constexpr double kIgnoredT = 1.5;

/// 0 where the series does not vary: nothing moved, so nothing disagrees.
double t_of_mean(std::span<const double> increments) {
    const auto test = statistics::newey_west_mean(increments);
    return test ? test->t : 0;
}

}  // namespace

double divergence_strength(double t_price, double t_flow) {
    if (!(t_price * t_flow < 0)) return 0;
    const double weaker = std::min(std::abs(t_price), std::abs(t_flow));
    return (t_flow > 0 ? 1 : -1) * std::clamp((weaker - kIgnoredT) / 2, 0.0, 1.0);
}

CvdDivergence::CvdDivergence() {
    price_.reserve(kLengths.back());
    flow_.reserve(kLengths.back());
}

Component CvdDivergence::describe() {
    const ScoreMap map{.kind = MapKind::lb};
    return {
        .name = "cvd_divergence",
        .unit = "1",
        .weight = 0.05,
        .map = MapKind::lb,
        .leaves = {{.frame = Frame::h1, .weight = 0.5, .map = map}, {.frame = Frame::h4, .weight = 0.5, .map = map}}};
}

void CvdDivergence::measure(const MinuteHistory& history, std::size_t length, Window& window) {
    price_.clear();
    flow_.clear();
    const std::size_t first = history.size() > length ? history.size() - length : 0;
    for (std::size_t i = first; i < history.size(); ++i) {
        const MinuteRecord& minute = history[i];
        if (!minute.has_flow_and_return()) continue;
        price_.push_back(*minute.ret_mid_bps);
        flow_.push_back(minute.trades.net_notional());
    }
    window.minutes = static_cast<std::uint32_t>(price_.size());
    window.value =
        price_.size() >= 2 ? std::optional(divergence_strength(t_of_mean(price_), t_of_mean(flow_))) : std::nullopt;
}

void CvdDivergence::evaluate(const FlowContext& context, Component& component) {
    for (std::size_t i = 0; i < windows_.size(); ++i) {
        if (context.closes_minute()) measure(context.history, kLengths[i], windows_[i]);
        const auto length = static_cast<double>(kLengths[i]);
        Observation seen{.value = windows_[i].value,
                         .events = static_cast<double>(windows_[i].minutes),
                         .events_min = kMinShare * length,
                         .missing_share = 1 - static_cast<double>(windows_[i].minutes) / length,
                         .source_sequence = context.trades.last_sequence()};
        Leaf& leaf = component.leaves[i];
        score_by_strength(leaf, seen, {{Input::trades, context.ages.trades}, {Input::book, context.ages.quote}});
        if (leaf.n >= leaf.n_min) continue;
        leaf.flags.set(Flag::warming);
        const Nanos to_minute = floor_to(context.u(), kMinute) + kMinute - context.u();
        leaf.ready_in = to_minute + kMinute * static_cast<std::int64_t>(leaf.n_min - leaf.n - 1);
    }
}

}  // namespace vt::analysis::order_flow
