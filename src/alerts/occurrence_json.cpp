#include "alerts/occurrence_json.hpp"

namespace vt::alerts {
namespace {

std::optional<std::string_view> known(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

template <class Name>
std::optional<std::string_view> named(const std::optional<Name>& value) {
    return value ? std::optional(name(*value)) : std::nullopt;
}

void write_score(JsonWriter& out, const std::optional<ScoreFigures>& score) {
    if (!score) {
        out.null();
        return;
    }
    out.begin_object().field("score", score->score).field("coverage", score->coverage);
    out.field("confidence", score->confidence).field("direction", known(score->direction)).key("sides").begin_array();
    for (const SideScore& side : score->sides)
        out.begin_object()
            .field("name", side.name)
            .field("score", side.score)
            .field("contribution", side.contribution)
            .end_object();
    out.end_array().end_object();
}

void write_levels(JsonWriter& out, const std::optional<Levels>& levels) {
    if (!levels) {
        out.null();
        return;
    }
    out.begin_object().field("entry", levels->entry).field("stop", levels->stop).key("targets").begin_array();
    for (const std::string& target : levels->targets) out.value(target);
    out.end_array().end_object();
}

}  // namespace

void write_occurrence(JsonWriter& out, const Occurrence& seen) {
    out.begin_object().field("kind", name(seen.kind)).field("instrument", known(seen.instrument));
    out.field("symbol", known(seen.symbol)).field("side", named(seen.side)).field("at", to_ms(seen.at));
    out.field("size", seen.size).field("usual", seen.usual).field("price", seen.price);
    out.field("price_decimals", seen.price_decimals).field("count", seen.count).field("coverage", seen.coverage);
    out.field("what", known(seen.what)).field("severity", named(seen.severity)).key("score");
    write_score(out, seen.score);
    out.key("levels");
    write_levels(out, seen.levels);
    out.end_object();
}

void write_alert(JsonWriter& out, const Alert& alert) {
    out.begin_object().field("id", alert.id).field("rule", alert.rule).field("kind", name(alert.kind));
    out.field("severity", name(alert.severity)).field("instrument", known(alert.instrument));
    out.field("symbol", known(alert.symbol)).field("side", named(alert.side)).field("at", to_ms(alert.at));
    out.field("title", alert.title)
        .field("text", alert.text)
        .field("count", alert.count)
        .key("figures")
        .begin_array();
    for (const Figure& figure : alert.figures)
        out.begin_object().field("name", figure.name).field("text", figure.text).end_object();
    out.end_array().key("score");
    write_score(out, alert.score);
    out.key("levels");
    write_levels(out, alert.levels);
    out.end_object();
}

}  // namespace vt::alerts
