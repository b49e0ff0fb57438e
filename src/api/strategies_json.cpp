#include "api/strategies_json.hpp"

#include "signals/gates.hpp"
#include "views/strategy_view.hpp"

namespace vt::api {

void write_stopping_gate(JsonWriter& out, const std::optional<views::GateView>& gate) {
    if (!gate) {
        out.null();
        return;
    }
    out.begin_object().field("name", gate->name).field("value", gate->value).field("threshold", gate->threshold);
    out.field("unit", gate->unit).field("pass", gate->is_known ? std::optional(false) : std::nullopt);
    out.field("text", gate->text).field("remedy", gate->remedy).end_object();
}

void write_strategies(JsonWriter& out, const views::Row& row) {
    out.begin_array();
    if (row.strategies) {
        for (const alpha::Judgement& judged : *row.strategies) {
            const views::StrategyView view = views::strategy_view(judged);
            out.begin_object().field("strategy", view.strategy).field("mode", view.mode);
            out.field("score", view.score).field("figure", view.figure).field("coverage", view.coverage);
            out.field("pass", view.passes).field("reason", view.reason).key("gates");
            signals::write_gates(out, judged.gates);
            out.key("stopped_by");
            write_stopping_gate(out, view.stopped_by);
            out.end_object();
        }
    }
    out.end_array();
}

}  // namespace vt::api
