#include "confluence/explanation.hpp"

#include "confluence/flips.hpp"
#include "confluence/wording.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

namespace vt::confluence {
namespace {

using analysis::Component;
using analysis::Flag;
using analysis::Leaf;

constexpr std::size_t kLines = 8;
constexpr std::size_t kChanges = 5;
constexpr double kWhole = 1e-9;  // a coverage this close to 1 misses nothing

std::string name_of(const Part& part, const Component& component) {
    return plain(analysis::name(part.opinion.dimension)) + ": " + plain(component.name);
}

/// A component with the points it moves, or the share of the evidence that it lacks.
struct Weighed {
    const Part* part = nullptr;
    const Component* component = nullptr;
    double size = 0;
};

template <class Size>
std::vector<Weighed> weighed(const ScoreRecord& record, Size&& size) {
    std::vector<Weighed> found;
    for (const Part& part : record.parts) {
        if (part.membership != analysis::Membership::member) continue;
        for (const Component& component : part.opinion.components) {
            if (!component.is_shadow) found.push_back({&part, &component, size(part, component)});
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const Weighed& a, const Weighed& b) { return std::abs(a.size) > std::abs(b.size); });
    return found;
}

double missing_share(const Part& part, const Component& component) {
    // What a dimension without a score has left counts for nothing.
    return part.weight * component.weight * (part.opinion.score ? 1 - component.coverage : 1);
}

/// "1m 0.31, 5m 0.12 (1)": the values behind a component's score, the frames that have none left out.
std::string values_of(const Component& component) {
    std::string text;
    for (const Leaf& leaf : component.leaves) {
        if (!leaf.score || !leaf.value) continue;
        text += (text.empty() ? "" : ", ") + std::string(analysis::name(leaf.frame)) + " " + quantity(*leaf.value);
    }
    if (!text.empty() && component.unit != "1") text += " " + std::string(component.unit);
    return text;
}

std::string push_line(const Weighed& one) {
    std::string line = name_of(*one.part, *one.component) + " " + points(one.size);
    if (one.component->score) line += ", score " + number(*one.component->score, 1);
    if (const std::string values = values_of(*one.component); !values.empty()) line += " from " + values;
    return line;
}

/// Why one leaf says less than it could; empty where it lacks nothing.
std::string lack_of(const Leaf& leaf) {
    if (leaf.coverage >= 1 - kWhole) return {};
    std::string why;
    const auto add = [&](std::string_view words) { why += (why.empty() ? "" : ", ") + std::string(words); };
    const bool has_history = leaf.n_min == 0 || leaf.n >= leaf.n_min;
    if (leaf.flags.has(Flag::no_input)) add("no input");
    if (leaf.flags.has(Flag::stale)) add("its input is stale");
    if (leaf.flags.has(Flag::warming)) {
        add(has_history ? "warming" : "warming with " + std::to_string(leaf.n) + " of " + std::to_string(leaf.n_min));
        if (leaf.ready_in) add("ready in " + countdown(*leaf.ready_in));
    } else if (leaf.score && has_history && leaf.n < 2 * leaf.n_min && !leaf.flags.has(Flag::few_events)) {
        add("full at " + std::to_string(2 * leaf.n_min) + " samples, has " + std::to_string(leaf.n));
    }
    if (leaf.flags.has(Flag::gap)) add("a gap in the window");
    if (leaf.flags.has(Flag::few_events)) add("few events");
    for (const Flag flag : {Flag::not_covered, Flag::degenerate, Flag::conflated, Flag::censored, Flag::kline_based,
                            Flag::clock_suspect, Flag::spoof_like, Flag::contract_changed}) {
        if (leaf.flags.has(flag)) add(plain(analysis::name(flag)));
    }
    if (why.empty()) add(leaf.score ? "its input ages" : "no value");
    return std::string(analysis::name(leaf.frame)) + " " + why;
}

std::string missing_line(const Weighed& one) {
    std::string line = name_of(*one.part, *one.component) + " lacks " + percent(one.size) + " of the evidence";
    std::string separator = " (";
    for (const Leaf& leaf : one.component->leaves) {
        const std::string lack = lack_of(leaf);
        if (lack.empty()) continue;
        line += separator + lack;
        separator = "; ";
    }
    return separator == "; " ? line + ")" : line;
}

void add_absent_sides(const ScoreRecord& record, std::vector<std::string>& lines) {
    for (const Part& part : record.parts) {
        const std::string side = plain(analysis::name(part.opinion.dimension));
        switch (part.membership) {
            case analysis::Membership::member:
                if (part.opinion.components.empty()) lines.push_back(side + " was not evaluated yet");
                break;
            case analysis::Membership::not_installed: lines.push_back(side + " is not installed"); break;
            case analysis::Membership::not_applicable: lines.push_back(side + " does not apply here"); break;
        }
    }
}

void add_pushes(const ScoreRecord& record, Explanation& found) {
    const auto points_of = [](const Part& part, const Component& component) {
        return contribution_of(part, component);
    };
    for (const Weighed& one : weighed(record, points_of)) {
        if (std::abs(one.size) < kSmallestPoints) break;
        auto& lines = one.size > 0 ? found.up : found.down;
        if (lines.size() < kLines) lines.push_back(push_line(one));
    }
    const auto add = [&](std::string_view what, double moved) {
        if (std::abs(moved) < kSmallestPoints) return;
        (moved > 0 ? found.up : found.down).push_back(std::string(what) + " " + points(moved));
    };
    add("regime: the dimensions weigh differently now", record.adjustments.regime);
    add("data quality shrinks what the sides say", record.adjustments.data);
    add("a thin market shrinks what the sides say", record.adjustments.liquidity);
    add("toxic flow shrinks what the sides say", record.adjustments.toxicity);
}

void add_missing(const ScoreRecord& record, std::vector<std::string>& lines) {
    std::string others;  // every loss is named, the smaller ones together
    double others_share = 0;
    for (const Weighed& one : weighed(record, missing_share)) {
        if (one.size <= kWhole) break;
        if (lines.size() < kLines) {
            lines.push_back(missing_line(one));
            continue;
        }
        others += (others.empty() ? "" : ", ") + name_of(*one.part, *one.component);
        others_share += one.size;
    }
    if (!others.empty()) lines.push_back(others + " lack " + percent(others_share) + " of the evidence together");
    add_absent_sides(record, lines);
}

std::string change_text(const Change& change) {
    std::string text =
        plain(change.component) + " " + std::string(analysis::name(change.frame)) + " " + points(change.points);
    if (change.presence != Presence::stayed) text += " (" + std::string(name(change.presence)) + ")";
    return text;
}

void add_changed(std::string_view since, const std::shared_ptr<const ScoreTerms>& before, const ScoreRecord& record,
                 std::vector<std::string>& lines) {
    if (!before || before->at >= record.at) return;
    std::string line = "since " + std::string(since) + " " + points(record.sum - before->sum);
    double told = 0;
    std::string separator = ": ";
    const auto found = changes(*before, terms_of(record));
    for (std::size_t i = 0; i < std::min(kChanges, found.size()); ++i) {
        if (std::abs(found[i].points) < kSmallestPoints) break;
        line += separator + change_text(found[i]);
        told += found[i].points;
        separator = ", ";
    }
    const double other = record.sum - before->sum - told;
    if (std::abs(other) >= kSmallestPoints) line += separator + "other " + points(other);
    lines.push_back(std::move(line));
}

/// What reaching a level means.
std::string level_text(double target, double from, const Params& params) {
    const std::string to = std::string(target > from ? "up to " : "down to ") + number(target, 0);
    const double short_enter = 100 - params.direction_enter;
    const double short_leave = 100 - params.direction_leave;
    if (target == params.signal_long || target == 100 - params.signal_long) return to + " (signal level)";
    if (target == params.direction_enter && target > from) return to + " (long begins)";
    if (target == params.direction_leave && target < from) return to + " (long ends)";
    if (target == short_enter && target < from) return to + " (short begins)";
    if (target == short_leave && target > from) return to + " (short ends)";
    return to;
}

std::string flip_line(const Flip& flip, const ScoreRecord& record, const Params& params) {
    std::string what;
    for (const std::string_view component : flip.components) what += (what.empty() ? "" : " and ") + plain(component);
    if (flip.frame) what += " " + std::string(analysis::name(*flip.frame));
    std::string line = level_text(flip.target, record.sum, params);
    switch (flip.kind) {
        case FlipKind::leaf:
            line +=
                " if " + what + " scores " + number(flip.to_score, 1) + " instead of " + number(flip.from_score, 1);
            if (flip.from_value && flip.to_value) {
                line += ": " + quantity(*flip.to_value) + " instead of " + quantity(*flip.from_value);
                if (flip.unit != "1") line += " " + std::string(flip.unit);
            }
            return line;
        case FlipKind::joint: return line + " only if together " + what + " go to their ends";
        case FlipKind::loss: return line + " if " + what + " is lost";
    }
    return line;
}

std::string headline_of(const ScoreRecord& record, const Params& params) {
    std::string line;
    if (record.score) {
        line = number(*record.score, 1) + ", " + std::string(name(record.direction.value_or(Direction::neutral)));
        line += "; " + percent(record.coverage) + " of the evidence is alive";
        if (record.confidence) line += ", confidence " + number(*record.confidence, 2);
    } else {
        line = "no score: " + percent(record.coverage) + " of the evidence is alive, " +
               percent(params.coverage_min) + " is needed";
        if (record.ready_in) line += "; ready in " + countdown(*record.ready_in);
    }
    line +=
        record.regime.label ? "; " + std::string(name(*record.regime.label)) + " market" : "; regime not known yet";
    return line;
}

}  // namespace

Explanation explain(const ScoreRecord& record, const Past& past, const Params& params) {
    Explanation found;
    found.headline = headline_of(record, params);
    add_pushes(record, found);
    add_missing(record, found.missing);
    add_changed("the direction changed", past.direction_change, record, found.changed);
    add_changed("5 minutes ago", past.five_minutes, record, found.changed);
    add_changed("an hour ago", past.hour, record, found.changed);
    for (const Flip& flip : flips(record, params)) found.flips.push_back(flip_line(flip, record, params));
    return found;
}

void write_explanation(JsonWriter& out, const Explanation& explanation) {
    const auto list = [&](std::string_view key, const std::vector<std::string>& lines) {
        out.key(key).begin_array();
        for (const std::string& line : lines) out.value(line);
        out.end_array();
    };
    out.begin_object().field("headline", explanation.headline);
    list("up", explanation.up);
    list("down", explanation.down);
    list("missing", explanation.missing);
    list("changed", explanation.changed);
    list("flips", explanation.flips);
    out.end_object();
}

}  // namespace vt::confluence
