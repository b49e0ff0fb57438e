#include "confluence/score_record.hpp"

#include "confluence/component_check.hpp"

#include <algorithm>
#include <chrono>

namespace vt::confluence {
namespace {

std::optional<double> milliseconds(const std::optional<Nanos>& span) {
    if (!span) return std::nullopt;
    return static_cast<double>(std::chrono::floor<std::chrono::milliseconds>(*span).count());
}

std::optional<double> whole_seconds(const std::optional<Nanos>& span) {
    if (!span) return std::nullopt;
    return static_cast<double>(std::chrono::ceil<std::chrono::seconds>(*span).count());
}

void write_flags(JsonWriter& out, analysis::Flags flags) {
    out.key("flags").begin_array();
    flags.for_each([&](analysis::Flag flag) { out.value(analysis::name(flag)); });
    out.end_array();
}

/// A position in the run's journal, or none.
std::optional<std::uint64_t> sequence(std::uint64_t position) {
    return position > 0 ? std::optional(position) : std::nullopt;
}

void write_leaf(JsonWriter& out, const ScoreRecord& record, const Part& part, const analysis::Component& component,
                const analysis::Leaf& leaf) {
    out.begin_object()
        .field("frame", analysis::name(leaf.frame))
        .field("weight", leaf.weight)
        .field("score", leaf.score);
    out.field("coverage", leaf.coverage).field("contribution", contribution_of(part, component, leaf));
    out.field("value", leaf.value);
    out.field("n", leaf.n)
        .field("n_min", leaf.n_min)
        .field("events", leaf.events)
        .field("age_ms", milliseconds(leaf.age));
    write_flags(out, leaf.flags);
    // A value may stand longer than its frame; then it goes back to the one input it stands on.
    const std::uint64_t first = record.first_sequences[static_cast<std::size_t>(leaf.frame)];
    out.field("first_seq", sequence(std::min(first, leaf.source_sequence)))
        .field("source_seq", sequence(leaf.source_sequence))
        .field("ready_in_seconds", whole_seconds(leaf.ready_in));
    out.end_object();
}

/// A component in the form that rows of a table want: one value, one age, one n. With several frames these are the
/// shortest frame's, the one that moves.
void write_component(JsonWriter& out, const ScoreRecord& record, const Part& part,
                     const analysis::Component& component, TestNames tests) {
    analysis::Flags flags;
    std::uint64_t source_sequence = 0;
    for (const analysis::Leaf& leaf : component.leaves) {
        flags |= leaf.flags;
        source_sequence = std::max(source_sequence, leaf.source_sequence);
    }
    if (component.is_shadow) flags.set(analysis::Flag::shadow);
    const analysis::Leaf* first = component.leaves.empty() ? nullptr : &component.leaves.front();
    out.begin_object()
        .field("name", component.name)
        .field("unit", component.unit)
        .field("map", analysis::name(component.map));
    out.field("sign", component.sign).field("score", component.score);
    out.field("weight", component.is_shadow ? 0.0 : component.weight)
        .field("coverage", component.coverage)
        .field("contribution", contribution_of(part, component));
    out.field("value", first != nullptr ? first->value : std::nullopt).field("n", first != nullptr ? first->n : 0);
    out.field("age_ms", first != nullptr ? milliseconds(first->age) : std::nullopt);
    write_flags(out, flags);
    out.field("source_seq", sequence(source_sequence)).key("leaves").begin_array();
    for (const analysis::Leaf& leaf : component.leaves) write_leaf(out, record, part, component, leaf);
    out.end_array();
    if (tests == TestNames::written) out.field("test", test_of(part.opinion.dimension, component.name));
    out.end_object();
}

struct Adjustment {
    std::string_view name;
    double contribution = 0;
    std::optional<double> factor;  ///< absent: it weighs the dimensions anew instead of shrinking their sum
    analysis::Flags flags;
};

void write_adjustment(JsonWriter& out, const Adjustment& adjustment) {
    out.begin_object()
        .field("name", adjustment.name)
        .field("kind", "adjustment")
        .field("contribution", adjustment.contribution)
        .field("factor", adjustment.factor);
    write_flags(out, adjustment.flags);
    out.end_object();
}

/// A factor of which nothing is known is 1 and says so.
analysis::Flags flags_of(const std::optional<double>& input) {
    return input ? analysis::Flags{} : analysis::Flags{analysis::Flag::warming};
}

}  // namespace

std::string_view name(Direction direction) {
    switch (direction) {
        case Direction::neutral: return "neutral";
        case Direction::rising: return "long";
        case Direction::falling: return "short";
    }
    return "unknown";
}

std::string_view name(Cause cause) {
    switch (cause) {
        case Cause::minute: return "minute";
        case Cause::move: return "move";
        case Cause::direction: return "direction";
        case Cause::dimension: return "dimension";
        case Cause::stream: return "stream";
        case Cause::regime: return "regime";
        case Cause::weights: return "weights";
        case Cause::resync: return "resync";
    }
    return "unknown";
}

double leaf_gain(const Part& part, const analysis::Component& component, const analysis::Leaf& leaf) {
    if (component.is_shadow || !part.opinion.score) return 0;
    return part.weight * component.weight * leaf.weight * leaf.coverage;
}

double contribution_of(const Part& part, const analysis::Component& component, const analysis::Leaf& leaf) {
    return leaf.score ? leaf_gain(part, component, leaf) * (*leaf.score - 50) : 0;
}

double contribution_of(const Part& part, const analysis::Component& component) {
    double total = 0;
    for (const analysis::Leaf& leaf : component.leaves) total += contribution_of(part, component, leaf);
    return total;
}

double score_gain(const ScoreRecord& record, const Part& part, const analysis::Component& component,
                  const analysis::Leaf& leaf) {
    if (component.is_shadow || !part.opinion.score) return 0;
    return part.regime_weight * component.weight * leaf.weight * leaf.coverage * record.quality_factor();
}

void write_regime(JsonWriter& out, const Regime& regime) {
    out.key("regime").begin_object().key("label");
    if (regime.label) {
        out.value(name(*regime.label));
    } else {
        out.null();
    }
    out.field("p_stress", regime.p_stress).field("p_trend", regime.p_trend);
    out.field("rv_1h_bps", regime.market.rv_1h_bps)
        .field("volatility_percentile", regime.market.volatility_percentile)
        .field("trend_efficiency", regime.market.trend_efficiency);
    out.end_object();
}

void write_versions(JsonWriter& out, const ScoreRecord& record) {
    out.key("versions").begin_object();
    const auto text = [&](std::string_view key, const std::string* value) {
        out.key(key);
        if (value != nullptr && !value->empty()) {
            out.value(*value);
        } else {
            out.null();
        }
    };
    const Versions* versions = record.versions.get();
    text("weights", versions != nullptr ? &versions->weights : nullptr);
    text("config", versions != nullptr ? &versions->configuration : nullptr);
    out.key("model").null();
    text("binary", versions != nullptr ? &versions->binary : nullptr);
    out.end_object();
}

void write_contributions(JsonWriter& out, const ScoreRecord& record, TestNames tests) {
    out.key("contributions").begin_array();
    for (const Part& part : record.parts) {
        out.begin_object().field("name", analysis::name(part.opinion.dimension)).field("kind", "dimension");
        out.field("installed", part.membership != analysis::Membership::not_installed);
        out.field("applicable", part.membership != analysis::Membership::not_applicable);
        out.field("score", part.opinion.score).field("weight", part.weight).field("coverage", part.opinion.coverage);
        out.field("contribution", part.contribution).key("components").begin_array();
        for (const analysis::Component& component : part.opinion.components)
            write_component(out, record, part, component, tests);
        out.end_array().end_object();
    }
    const analysis::MarketQuality& quality = record.quality;
    // Not learned yet, a table of weights by regime changes nothing: said, not left out.
    write_adjustment(out, {"adj_regime", record.adjustments.regime, std::nullopt,
                           flags_of(record.regime.p_stress ? record.regime.p_trend : std::nullopt)});
    write_adjustment(out, {"adj_data", record.adjustments.data, quality.q_data, quality.data_flags});
    write_adjustment(
        out, {"adj_liquidity", record.adjustments.liquidity, quality.q_liquidity, flags_of(quality.illiquidity)});
    write_adjustment(
        out, {"adj_toxicity", record.adjustments.toxicity, quality.q_toxicity, flags_of(quality.vpin_percentile)});
    out.end_array();
}

void write_record(JsonWriter& out, const ScoreRecord& record, const market::Instrument& instrument) {
    out.begin_object()
        .field("t", to_ms(record.at))
        .field("id", instrument.path_id())
        .field("symbol", instrument.unified_symbol());
    out.field("score", record.score)
        .field("sum", record.sum)
        .field("coverage", record.coverage)
        .field("confidence", record.confidence);
    out.key("direction");
    if (record.direction) {
        out.value(name(*record.direction));
    } else {
        out.null();
    }
    out.field("agreement", record.agreement)
        .field("independent_sides", record.independent_sides)
        .field("members", record.members)
        .field("profile", record.profile);
    write_regime(out, record.regime);
    out.field("q_data", record.quality.q_data)
        .field("q_liquidity", record.quality.q_liquidity)
        .field("q_toxicity", record.quality.q_toxicity);
    out.key("causes").begin_array();
    for (std::size_t i = 0; i < kCauseCount; ++i) {
        if (record.causes.has(static_cast<Cause>(i))) out.value(name(static_cast<Cause>(i)));
    }
    out.end_array();
    write_contributions(out, record);
    write_versions(out, record);
    out.end_object();
}

}  // namespace vt::confluence
