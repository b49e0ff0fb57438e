#include "views/strategy_view.hpp"

namespace vt::views {

StrategyView strategy_view(const alpha::Judgement& judged) {
    const alpha::Verdict& verdict = judged.verdict;
    StrategyView view{.strategy = alpha::name(verdict.strategy),
                      .mode = alpha::name(judged.mode),
                      .figure = verdict.figure,
                      .coverage = verdict.coverage,
                      .stopped_by = stopping_gate(judged.gates)};
    if (verdict.figure) view.score = verdict.score;
    view.passes = !view.stopped_by && verdict.finding;
    if (view.stopped_by) {
        view.reason = std::string(view.stopped_by->name) + ": " + view.stopped_by->text;
    } else if (verdict.finding) {
        for (const std::string& reason : verdict.finding->reasons)
            view.reason += (view.reason.empty() ? "" : "; ") + reason;
    } else {
        view.reason = "it leans to neither side";
    }
    return view;
}

}  // namespace vt::views
