#include "signals/gates.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace vt::signals {
namespace {

using confluence::kCoverageTolerance;
using confluence::Part;
using confluence::Past;
using confluence::ScoreRecord;

constexpr double kBookAgeMax = 2;
constexpr double kTradesAgeMax = 15;
constexpr double kClockMax = 0.5;
constexpr double kDimensionCoverageMin = 0.5;
constexpr double kVolatilityMax = 99;
constexpr double kFundingMinutes = 2;
constexpr double kLiquidationShareMax = 0.5;

/// A gate of several conditions shows the one that fails, else one that is not known, else the last.
Gate worst_of(std::string_view name, std::initializer_list<Gate> conditions) {
    const Gate* shown = std::prev(conditions.end());
    for (const Gate& condition : conditions) {
        if (!condition.passes && shown->passes.value_or(false)) shown = &condition;
        if (condition.passes && !*condition.passes && shown->passes.value_or(true)) shown = &condition;
    }
    Gate gate = *shown;
    gate.name = name;
    return gate;
}

std::optional<double> seconds(const std::optional<Nanos>& span) {
    return span ? std::optional(to_seconds(*span)) : std::nullopt;
}

Gate tradable(const GateFacts& facts, const Params& params) {
    const auto days = facts.listed_for ? std::optional(to_seconds(*facts.listed_for) / 86'400) : std::nullopt;
    return worst_of("tradable", {at_least("", facts.is_trading ? 1.0 : 0.0, 1, "trading"),
                                 at_least("", days, params.listed_days_min, "days listed"),
                                 at_least("", facts.turnover_24h_usd, params.turnover_min_usd, "USD in 24 h")});
}

Gate feed_live(const GateFacts& facts) {
    const auto offset = seconds(facts.clock_offset);
    return worst_of("feed_live",
                    {at_most("", seconds(facts.book_age), kBookAgeMax, "s of book age"),
                     at_most("", seconds(facts.trades_age), kTradesAgeMax, "s of trades' age"),
                     at_most("", offset ? std::optional(std::abs(*offset)) : std::nullopt, kClockMax, "s of clock")});
}

/// Leaves of order flow over 1 and 5 minutes that have too little history.
Gate warm(const ScoreRecord& record) {
    double cold = 0;
    const Part& part = record.part(analysis::Dimension::order_flow);
    for (const analysis::Component& component : part.opinion.components) {
        for (const analysis::Leaf& leaf : component.leaves) {
            const bool is_asked = leaf.frame == analysis::Frame::m1 || leaf.frame == analysis::Frame::m5;
            if (!component.is_shadow && is_asked && leaf.flags.has(analysis::Flag::warming)) ++cold;
        }
    }
    const bool is_known = !part.opinion.components.empty();
    return at_most("warm", is_known ? std::optional(cold) : std::nullopt, 0, "leaves that warm up");
}

Gate coverage(const ScoreRecord& record, const Params& params) {
    const auto known = record.is_evaluated() ? std::optional(record.coverage) : std::nullopt;
    return at_least("coverage", known, params.coverage_min, "of the evidence");
}

Gate dimensions(const ScoreRecord& record) {
    if (!record.is_evaluated()) return {.name = "dimensions", .unit = "live"};  // of how many is not known either
    const auto live = std::count_if(record.parts.begin(), record.parts.end(), [](const Part& part) {
        return part.opinion.score && part.opinion.coverage >= kDimensionCoverageMin - kCoverageTolerance;
    });
    const double wanted = std::ceil(2.0 * static_cast<double>(record.members) / 3);
    return at_least("dimensions", static_cast<double>(live), wanted, "live");
}

std::optional<double> distance_of(const std::optional<double>& score) {
    return score ? std::optional(std::abs(*score - 50)) : std::nullopt;
}

/// How far the minute before was on the side on which the score is now.
Gate persistence(const ScoreRecord& record, const Past& past, double least) {
    std::optional<double> before;
    if (record.score && past.minute_before) before = (*past.minute_before - 50) * (*record.score < 50 ? -1 : 1);
    return at_least("persistence", before, least, "points from 50 a minute before");
}

/// The dimension that opposes the score most, as a share of the score's own distance.
Gate opposition(const ScoreRecord& record, const Params& params) {
    if (!record.score || *record.score == 50)
        return at_most("opposition", std::nullopt, params.opposition_max, "share");
    const double own = *record.score - 50;
    double most = 0;
    for (const Part& part : record.parts) {
        if (part.contribution * own < 0) most = std::max(most, std::abs(part.contribution / own));
    }
    return at_most("opposition", most, params.opposition_max, "of the score's distance");
}

Gate volatility(const ScoreRecord& record) {
    const confluence::Regime& regime = record.regime;
    std::optional<double> is_stressed;  // known with the percentile, though the label asks for more
    if (regime.p_stress || regime.label) is_stressed = regime.label == confluence::RegimeLabel::stressed ? 1.0 : 0.0;
    return worst_of("volatility", {at_most("", is_stressed, 0, "stressed market"),
                                   at_most("", regime.market.volatility_percentile, kVolatilityMax, "percentile")});
}

/// The mean of the last closed minute: a spread that opens for an instant is no thin market.
Gate spread(const ScoreRecord& record, const Params& params) {
    const auto& usual = record.quality.spread_p99_bps;
    return at_most("spread", record.quality.spread_bps,
                   usual ? std::min(params.spread_max_bps, *usual) : params.spread_max_bps, "bps");
}

Gate funding_window(const GateFacts& facts) {
    if (!facts.has_funding) return {.name = "funding_window", .unit = "this market has no funding", .passes = true};
    const auto minutes = facts.to_funding ? std::optional(to_seconds(*facts.to_funding) / 60) : std::nullopt;
    return at_least("funding_window", minutes, kFundingMinutes, "minutes to settlement");
}

Gate not_judged(std::string_view name, std::string_view why) { return {.name = name, .unit = why, .passes = true}; }

/// What the market asks for as a stop has to be worth its costs: costs that widen it would hide them.
Gate cost(const SideFacts& side, const Params& params) {
    std::optional<double> share;
    if (side.round_trip_bps && side.market_stop_bps) share = *side.round_trip_bps / *side.market_stop_bps;
    return at_most("cost", share, params.cost_share_max, "of the stop's distance");
}

Gate stop_sane(const SideFacts& side, const Params& params) {
    return worst_of("stop_sane",
                    {at_most("", side.liquidation_share, kLiquidationShareMax, "of the way to liquidation"),
                     at_most("", side.stop_atr, params.stop_atr_max, "ATR")});
}

Gate edge(const SideFacts& side, const Params& params) {
    if (side.decay) return at_most("edge", side.decay->level, side.decay->recovery, "sd behind what was claimed");
    if (!is_calibrated(side.edge, params)) return not_judged("edge", "uncalibrated: too few outcomes yet");
    if (side.edge->effective < params.edge_effective_min)
        return not_judged("edge", "too few outcomes yet to hold a signal back");
    return at_least("edge", side.edge->low_net_r, 0, "R, 90 % lower bound of the mean after costs");
}

Gate duplicate(const SideFacts& side) {
    const double minutes = to_seconds(side.cooldown_left) / 60;
    return worst_of("duplicate", {at_most("", static_cast<double>(side.open), 0, "open signals of this side"),
                                  at_most("", minutes, 0, "min of cooldown"),
                                  at_least("", side.is_rearmed ? 1.0 : 0.0, 1, "score came back")});
}

Gate crowding(const SideFacts& side, const Params& params) {
    // A new one has to find room: as many as may be is one too many.
    const double cluster = static_cast<double>(side.open_in_cluster) + 1;
    const double hour = static_cast<double>(side.new_in_hour) + 1;
    return worst_of("crowding", {at_most("", hour, params.new_per_hour_max, "signals in an hour"),
                                 at_most("", cluster, params.cluster_max, "signals of correlated markets")});
}

void append(std::vector<Gate>& all, const std::vector<Gate>& more) {
    all.insert(all.end(), more.begin(), more.end());
}

/// Without a side nothing is known of the gates that ask for one.
SideFacts side_facts_of(const GateFacts& facts, const std::optional<market::Side>& side) {
    return side ? facts.side(*side) : SideFacts{};
}

}  // namespace

Gate at_least(std::string_view name, std::optional<double> value, double threshold, std::string_view unit) {
    Gate gate{.name = name, .value = value, .threshold = threshold, .unit = unit, .passes = {}, .is_ceiling = false};
    // A value may be a sum of rounded shares; no other unit here is so fine that this tolerance means anything.
    if (value) gate.passes = *value >= threshold - kCoverageTolerance;
    return gate;
}

Gate at_most(std::string_view name, std::optional<double> value, double threshold, std::string_view unit) {
    Gate gate{.name = name, .value = value, .threshold = threshold, .unit = unit, .passes = {}, .is_ceiling = true};
    if (value) gate.passes = *value <= threshold;
    return gate;
}

std::optional<market::Side> leaning(const std::optional<double>& score) {
    if (!score || *score == 50) return std::nullopt;
    return *score > 50 ? market::Side::buy : market::Side::sell;
}

bool is_calibrated(const std::optional<Edge>& edge, const Params& params) {
    return edge && edge->effective >= params.calibrated_effective_min;
}

std::optional<double> Gate::distance() const {
    if (!value || !threshold) return std::nullopt;
    return is_ceiling ? *threshold - *value : *value - *threshold;
}

std::vector<Gate> gates(const ScoreRecord& record, const Past& past, const GateFacts& facts, const Params& params) {
    std::vector<Gate> all = {
        tradable(facts, params),
        feed_live(facts),
        warm(record),
        coverage(record, params),
        dimensions(record),
        at_least("score", distance_of(record.score), facts.signal_distance, "points from 50"),
        persistence(record, past, facts.crossing_distance - params.persistence_points),
        at_least("confidence", record.confidence, params.confidence_min, ""),
        opposition(record, params),
        volatility(record),
        spread(record, params),
        funding_window(facts),
    };
    append(all, side_gates(side_facts_of(facts, leaning(record.score)), params));
    return all;
}

std::vector<Gate> market_gates(const ScoreRecord& record, const GateFacts& facts, const Params& params) {
    return {tradable(facts, params), feed_live(facts), volatility(record), spread(record, params),
            funding_window(facts)};
}

std::vector<Gate> side_gates(const SideFacts& side, const Params& params) {
    return {cost(side, params), stop_sane(side, params), edge(side, params),
            duplicate(side),    crowding(side, params),  not_judged("risk", "nothing is traded")};
}

std::vector<Gate> strategy_gates(const ScoreRecord& record, const std::vector<Gate>& conditions,
                                 const std::optional<market::Side>& side, const GateFacts& facts,
                                 const Params& params) {
    std::vector<Gate> all = {tradable(facts, params), feed_live(facts), warm(record)};
    append(all, conditions);
    append(all, {volatility(record), spread(record, params), funding_window(facts)});
    append(all, side_gates(side_facts_of(facts, side), params));
    return all;
}

namespace {

/// The first of those that are looked at that fails, else the first whose input is not known.
template <class Wanted>
const Gate* first_holding(const std::vector<Gate>& gates, Wanted is_wanted) {
    const auto fails = std::ranges::find_if(
        gates, [&](const Gate& gate) { return is_wanted(gate) && gate.passes == false; });
    if (fails != gates.end()) return &*fails;
    const auto unknown =
        std::ranges::find_if(gates, [&](const Gate& gate) { return is_wanted(gate) && !gate.passes; });
    return unknown != gates.end() ? &*unknown : nullptr;
}

}  // namespace

const Gate* holding_gate(const std::vector<Gate>& gates) {
    return first_holding(gates, [](const Gate&) { return true; });
}

const Gate* crossing_gate(const std::vector<Gate>& gates) {
    const Gate* of_market = first_holding(gates, [](const Gate& gate) { return !is_gate_of_record(gate.name); });
    return of_market != nullptr ? of_market : holding_gate(gates);
}

bool can_be_entered(const ScoreRecord& record, const GateFacts& facts, market::Side side, const Params& params) {
    std::vector<Gate> asked = market_gates(record, facts, params);
    asked.push_back(cost(facts.side(side), params));
    asked.push_back(stop_sane(facts.side(side), params));
    return holding_gate(asked) == nullptr;
}

void write_gates(JsonWriter& out, const std::vector<Gate>& gates) {
    out.begin_array();
    for (const Gate& gate : gates) {
        out.begin_object().field("name", gate.name).field("value", gate.value).field("threshold", gate.threshold);
        out.field("unit", gate.unit).field("pass", gate.passes).field("distance", gate.distance()).end_object();
    }
    out.end_array();
}

}  // namespace vt::signals
