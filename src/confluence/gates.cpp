#include "confluence/gates.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace vt::confluence {
namespace {

constexpr double kListedDaysMin = 30;
constexpr double kTurnoverMin = 5e6;
constexpr double kBookAgeMax = 2;
constexpr double kTradesAgeMax = 15;
constexpr double kClockMax = 0.5;
constexpr double kCoverageMin = 0.80;
constexpr double kDimensionCoverageMin = 0.5;
constexpr double kSignalDistance = 20;       // points from 50
constexpr double kPersistenceDistance = 15;  // of the minute before
constexpr double kConfidenceMin = 0.60;
constexpr double kOppositionMax = 0.25;  // of the score's distance
constexpr double kVolatilityMax = 99;
constexpr double kSpreadMax = 15;  // bps; or the 99 % quantile of the market's own minutes, if that is less
constexpr double kFundingMinutes = 2;

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

Gate tradable(const GateFacts& facts) {
    const auto days = facts.listed_for ? std::optional(to_seconds(*facts.listed_for) / 86'400) : std::nullopt;
    return worst_of("tradable", {at_least("", facts.is_trading ? 1.0 : 0.0, 1, "trading"),
                                 at_least("", days, kListedDaysMin, "days listed"),
                                 at_least("", facts.turnover_24h_usd, kTurnoverMin, "USD in 24 h")});
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

Gate coverage(const ScoreRecord& record) {
    const auto known = record.is_evaluated() ? std::optional(record.coverage) : std::nullopt;
    return at_least("coverage", known, kCoverageMin, "of the evidence");
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
Gate persistence(const ScoreRecord& record, const Past& past) {
    std::optional<double> before;
    if (record.score && past.minute_before) before = (*past.minute_before - 50) * (*record.score < 50 ? -1 : 1);
    return at_least("persistence", before, kPersistenceDistance, "points from 50 a minute before");
}

/// The dimension that opposes the score most, as a share of the score's own distance.
Gate opposition(const ScoreRecord& record) {
    if (!record.score || *record.score == 50) return at_most("opposition", std::nullopt, kOppositionMax, "share");
    const double own = *record.score - 50;
    double most = 0;
    for (const Part& part : record.parts) {
        if (part.contribution * own < 0) most = std::max(most, std::abs(part.contribution / own));
    }
    return at_most("opposition", most, kOppositionMax, "of the score's distance");
}

Gate volatility(const ScoreRecord& record) {
    const Regime& regime = record.regime;
    std::optional<double> is_stressed;  // known with the percentile, though the label asks for more
    if (regime.p_stress || regime.label) is_stressed = regime.label == RegimeLabel::stressed ? 1.0 : 0.0;
    return worst_of("volatility", {at_most("", is_stressed, 0, "stressed market"),
                                   at_most("", regime.market.volatility_percentile, kVolatilityMax, "percentile")});
}

/// The mean of the last closed minute: a spread that opens for an instant is no thin market.
Gate spread(const ScoreRecord& record) {
    const auto& usual = record.quality.spread_p99_bps;
    return at_most("spread", record.quality.spread_bps, usual ? std::min(kSpreadMax, *usual) : kSpreadMax, "bps");
}

Gate funding_window(const GateFacts& facts) {
    if (!facts.has_funding) return {.name = "funding_window", .unit = "this market has no funding", .passes = true};
    const auto minutes = facts.to_funding ? std::optional(to_seconds(*facts.to_funding) / 60) : std::nullopt;
    return at_least("funding_window", minutes, kFundingMinutes, "minutes to settlement");
}

}  // namespace

std::optional<double> Gate::distance() const {
    if (!value || !threshold) return std::nullopt;
    return is_ceiling ? *threshold - *value : *value - *threshold;
}

std::vector<Gate> gates(const ScoreRecord& record, const Past& past, const GateFacts& facts) {
    std::vector<Gate> all = {
        tradable(facts),
        feed_live(facts),
        warm(record),
        coverage(record),
        dimensions(record),
        at_least("score", distance_of(record.score), kSignalDistance, "points from 50"),
        persistence(record, past),
        at_least("confidence", record.confidence, kConfidenceMin, ""),
        opposition(record),
        volatility(record),
        spread(record),
        funding_window(facts),
    };
    // These ask for a stop, costs, a ledger of signals or a risk engine.
    for (const std::string_view later : {"cost", "stop_sane", "edge", "duplicate", "crowding", "risk"})
        all.push_back({.name = later});
    return all;
}

void write_gates(JsonWriter& out, const std::vector<Gate>& gates) {
    out.begin_array();
    for (const Gate& gate : gates) {
        out.begin_object().field("name", gate.name).field("value", gate.value).field("threshold", gate.threshold);
        out.field("unit", gate.unit).field("pass", gate.passes).field("distance", gate.distance()).end_object();
    }
    out.end_array();
}

}  // namespace vt::confluence
