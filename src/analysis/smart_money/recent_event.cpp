#include "analysis/smart_money/recent_event.hpp"

#include "analysis/liquidity/liquidity.hpp"
#include "analysis/order_flow/order_flow.hpp"
#include "analysis/smart_money/smart_money.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace vt::analysis::smart_money {
namespace {

using liquidity::BarSize;
using liquidity::frame_of;
using Events = std::vector<RecentEvent>;

EventKind kind_of(PatternKind kind) {
    switch (kind) {
        case PatternKind::break_of_structure: return EventKind::break_of_structure;
        case PatternKind::change_of_character: return EventKind::change_of_character;
        case PatternKind::fair_value_gap: return EventKind::fair_value_gap;
        case PatternKind::order_block: return EventKind::order_block;
    }
    return EventKind::break_of_structure;
}

EventState state_of(PatternEnd end) {
    switch (end) {
        case PatternEnd::open: return EventState::open;
        case PatternEnd::done: return EventState::done;
        case PatternEnd::filled: return EventState::filled;
        case PatternEnd::broken: return EventState::broken;
        case PatternEnd::unknown: return EventState::unknown;
    }
    return EventState::unknown;
}

/// 0 stands for unknown where a ratio is kept.
std::optional<double> unless_zero(double value) { return value > 0 ? std::optional(value) : std::nullopt; }

void add_patterns(const BarPatterns& patterns, Frame frame, Events& events) {
    for (std::size_t group = 0; group < kPatternGroupCount; ++group) {
        const Ring<Pattern>& of_group = patterns.patterns(static_cast<PatternGroup>(group));
        for (std::size_t i = 0; i < of_group.size(); ++i) {
            const Pattern& pattern = of_group[i];
            const bool is_zone = pattern.end != PatternEnd::done;
            events.push_back({.kind = kind_of(pattern.kind),
                              .state = state_of(pattern.end),
                              .direction = pattern.direction,
                              .bars = frame,
                              .t_event = pattern.t_event,
                              .t_confirm = pattern.t_confirm,
                              .t_touched = pattern.t_touched,
                              .t_ended = is_zone ? pattern.t_ended : std::nullopt,
                              .low = pattern.low,
                              .high = pattern.high,
                              .displacement_atr = pattern.displacement_atr,
                              .volume_ratio = unless_zero(pattern.volume_ratio)});
        }
    }
}

void add_pool_sweeps(const BarPatterns& patterns, Frame frame, Events& events) {
    for (const LiquidityPool& pool : patterns.pools()) {
        if (pool.end != PoolEnd::swept || !pool.t_ended) continue;
        events.push_back({.kind = EventKind::pool_sweep,
                          .direction = -pool.side,
                          .bars = frame,
                          .t_event = *pool.t_ended - pool.watch.time_beyond(liquidity::interval_of(patterns.size())),
                          .t_confirm = *pool.t_ended,
                          .low = pool.low,
                          .high = pool.high,
                          .count = pool.pivots});
    }
}

void add_swing_sweeps(const liquidity::LiquiditySweep& sweeps, Events& events) {
    for (std::size_t i = 0; i < sweeps.events().size(); ++i) {
        const auto& sweep = sweeps.events()[i];
        events.push_back({.kind = EventKind::swing_sweep,
                          .direction = sweep.direction,
                          .bars = Frame::m5,
                          .t_event = sweep.began,
                          .t_confirm = sweep.confirmed,
                          .low = sweep.price,
                          .high = sweep.price});
    }
}

void add_icebergs(const Ring<IcebergEvent>& icebergs, Events& events) {
    for (std::size_t i = 0; i < icebergs.size(); ++i) {
        const IcebergEvent& iceberg = icebergs[i];
        events.push_back({.kind = EventKind::iceberg,
                          .direction = static_cast<double>(market::sign(iceberg.side)),
                          .resting_side = iceberg.side,
                          .t_event = iceberg.t_event,
                          .t_confirm = iceberg.t_confirm,
                          .t_last = iceberg.last_refill,
                          .low = iceberg.price,
                          .high = iceberg.price,
                          .notional_quote = iceberg.executed_quote,
                          .strength = iceberg.confidence,
                          .count = iceberg.refills});
    }
}

void add_clusters(const Ring<WhaleClusterEvent>& clusters, Events& events) {
    for (std::size_t i = 0; i < clusters.size(); ++i) {
        const WhaleClusterEvent& cluster = clusters[i];
        events.push_back({.kind = EventKind::whale_cluster,
                          .direction = cluster.side,
                          .t_event = cluster.t_event,
                          .t_confirm = cluster.t_confirm,
                          .t_last = cluster.last,
                          .low = cluster.low,
                          .high = cluster.high,
                          .notional_quote = cluster.notional,
                          .count = cluster.whales});
    }
}

void add_absorptions(const order_flow::DecayingEvents& absorptions, Events& events) {
    constexpr Nanos kWindow = kSecond * static_cast<std::int64_t>(order_flow::Absorption::kWindowSeconds);
    for (std::size_t i = 0; i < absorptions.size(); ++i) {
        const auto& absorption = absorptions[i];
        events.push_back({.kind = EventKind::absorption,
                          .direction = absorption.signed_strength > 0 ? 1.0 : -1.0,
                          .t_event = absorption.time - kWindow,
                          .t_confirm = absorption.time,
                          .low = absorption.price,
                          .high = absorption.price,
                          .strength = std::abs(absorption.signed_strength)});
    }
}

void add_vanished(const Ring<VanishedOrder>& vanished, Events& events) {
    for (std::size_t i = 0; i < vanished.size(); ++i) {
        const VanishedOrder& order = vanished[i];
        events.push_back({.kind = EventKind::vanished_order,
                          .resting_side = order.side,
                          .t_event = order.t_event,
                          .t_confirm = order.t_confirm,
                          .low = order.price,
                          .high = order.price,
                          .notional_quote = order.added_quote,
                          .strength = order.cancelled_share});
    }
}

}  // namespace

std::string_view name(EventKind kind) {
    switch (kind) {
        case EventKind::break_of_structure: return "break_of_structure";
        case EventKind::change_of_character: return "change_of_character";
        case EventKind::fair_value_gap: return "fair_value_gap";
        case EventKind::order_block: return "order_block";
        case EventKind::pool_sweep: return "pool_sweep";
        case EventKind::swing_sweep: return "swing_sweep";
        case EventKind::iceberg: return "iceberg";
        case EventKind::whale_cluster: return "whale_cluster";
        case EventKind::absorption: return "absorption";
        case EventKind::vanished_order: return "vanished_order";
    }
    return "unknown";
}

std::string_view name(EventState state) {
    switch (state) {
        case EventState::done: return "done";
        case EventState::open: return "open";
        case EventState::filled: return "filled";
        case EventState::broken: return "broken";
        case EventState::unknown: return "unknown";
    }
    return "unknown";
}

std::vector<RecentEvent> recent_events(const SmartMoney& smart_money, const order_flow::OrderFlow& flow,
                                       const liquidity::Liquidity& liquidity) {
    Events all;
    for (const BarSize size : liquidity::kBarSizes) {
        add_patterns(smart_money.patterns(size), frame_of(size), all);
        add_pool_sweeps(smart_money.patterns(size), frame_of(size), all);
    }
    add_swing_sweeps(liquidity.sweeps(), all);
    add_icebergs(smart_money.icebergs(), all);
    add_clusters(smart_money.whale_clusters(), all);
    add_absorptions(flow.absorption_events(), all);
    add_vanished(smart_money.vanished_orders(), all);
    std::stable_sort(all.begin(), all.end(),
                     [](const RecentEvent& a, const RecentEvent& b) { return a.t_confirm < b.t_confirm; });

    std::array<std::size_t, kEventKindCount> spare{};  // the oldest of a kind, beyond what is handed out
    for (const RecentEvent& event : all) ++spare[static_cast<std::size_t>(event.kind)];
    for (std::size_t& of_kind : spare) of_kind = of_kind > kMaxEventsOfKind ? of_kind - kMaxEventsOfKind : 0;
    std::erase_if(all, [&](const RecentEvent& event) {
        std::size_t& of_kind = spare[static_cast<std::size_t>(event.kind)];
        if (of_kind == 0) return false;
        --of_kind;
        return true;
    });
    return all;
}

}  // namespace vt::analysis::smart_money
