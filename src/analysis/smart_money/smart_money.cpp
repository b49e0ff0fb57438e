#include "analysis/smart_money/smart_money.hpp"

namespace vt::analysis::smart_money {
namespace {

using liquidity::BarSize;
using liquidity::frame_of;

constexpr std::size_t kFirstPattern = 4;  // of the components

Input input_of(BarSize size) {
    switch (size) {
        case BarSize::m5: return Input::zones;
        case BarSize::m30: return Input::bars_30m;
        case BarSize::h4: return Input::bars_4h;
    }
    return Input::zones;
}

Component describe_patterns(std::string_view name) {
    const ScoreMap map{.kind = MapKind::lb};
    Component component{.name = name, .unit = "1", .map = MapKind::lb, .is_shadow = true};
    for (const BarSize size : liquidity::kBarSizes)
        component.leaves.push_back({.frame = frame_of(size), .weight = 1.0 / 3, .map = map});
    return component;
}

void evaluate_patterns(Timestamp u, PatternGroup group, const BarPatterns& patterns, Leaf& leaf) {
    Observation seen{
        .events = patterns.bars(), .covered_share = patterns.bars() / BarPatterns::kMinBars, .flags = {Flag::shadow}};
    std::optional<Nanos> age;
    if (const auto last = patterns.last_close_time()) age = u - *last;
    if (patterns.atr()) {
        seen.value = patterns.strength(group, u);
        if (*seen.value == 0) seen.flags.set(Flag::no_event);
    }
    if (patterns.bars() < BarPatterns::kMinBars) seen.flags.set(Flag::warming);
    score_by_strength(leaf, seen, {{input_of(patterns.size()), age}});
    if (patterns.bars() < BarPatterns::kMinBars) {
        leaf.ready_in = liquidity::interval_of(patterns.size()) *
                        static_cast<std::int64_t>(BarPatterns::kMinBars - patterns.bars());
    }
}

}  // namespace

SmartMoney::SmartMoney() {
    score_.dimension = Dimension::smart_money;
    score_.components = {LargeTradeImbalance::describe(),
                         Accumulation::describe(),
                         Iceberg::describe(),
                         WhaleCluster::describe(),
                         describe_patterns("structure_break"),
                         describe_patterns("fair_value_gap"),
                         describe_patterns("order_block")};
}

void SmartMoney::take(const LevelChange& change) {
    iceberg_.on_change(change);
    spoofs_.on_change(change, large_shown_);
}

void SmartMoney::on_book(const BookFrame& frame, const TopLevels& levels, std::optional<double> large_trade) {
    large_shown_ = large_trade ? std::optional(kShownPerTraded * *large_trade) : std::nullopt;
    // When the book changes more in a second than can wait, its prints will come after it: taken but late.
    if (changes_.is_full()) changes_.release(Timestamp::max(), [&](const LevelChange& change) { take(change); });
    changes_.on_frame(frame, levels, large_shown_);
}

void SmartMoney::on_print(const Print& print) {
    changes_.release(print.time, [&](const LevelChange& change) { take(change); });
    iceberg_.on_print(print);
    spoofs_.on_print(print);
}

void SmartMoney::advance(Timestamp u) {
    changes_.release(u, [&](const LevelChange& change) { take(change); });
    iceberg_.advance(u);
}

void SmartMoney::on_bar(BarSize size, const liquidity::PriceBar& bar, const liquidity::BarHistory& history) {
    patterns_[static_cast<std::size_t>(size)].on_bar(bar, history);
}

void SmartMoney::restart_bars() {
    for (BarPatterns& size : patterns_) size.clear();
}

void SmartMoney::evaluate(const order_flow::FlowContext& context, const order_flow::OrderFlow& flow) {
    std::vector<Component>& components = score_.components;
    large_trade_imbalance_.evaluate(context, components[0]);
    accumulation_.evaluate(context, flow, components[1]);
    iceberg_.evaluate(context, components[2]);
    whale_cluster_.evaluate(context, patterns(BarSize::m5).atr(), components[3]);
    for (std::size_t group = 0; group < kPatternGroupCount; ++group) {
        for (const BarSize size : liquidity::kBarSizes) {
            Leaf& leaf = components[kFirstPattern + group].leaves[static_cast<std::size_t>(size)];
            evaluate_patterns(context.u(), static_cast<PatternGroup>(group), patterns(size), leaf);
        }
    }
    combine(score_);
}

void SmartMoney::skip_to() {
    changes_.clear();
    iceberg_.lose_levels();
    spoofs_.lose_orders();
}

void SmartMoney::clear_prices() {
    skip_to();
    restart_bars();
}

}  // namespace vt::analysis::smart_money
