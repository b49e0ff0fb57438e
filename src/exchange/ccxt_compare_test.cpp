// The comparison itself, and the list of differences that are meant.

#include "exchange/ccxt_agreement.hpp"

#include <simdjson.h>

#include <cmath>
#include <iomanip>
#include <sstream>

namespace vt::exchange {
namespace {

namespace dom = simdjson::dom;

std::string member(const dom::object& object, std::string_view key) {
    std::string_view value;
    return object[key].get(value) ? std::string{} : std::string(value);
}

/// "limits.amount.min", "bids.0.1": members of objects and places in lists.
std::optional<dom::element> walk(dom::element from, std::string_view path) {
    while (!path.empty()) {
        const std::size_t dot = std::min(path.find('.'), path.size());
        const std::string_view part = path.substr(0, dot);
        path.remove_prefix(std::min(dot + 1, path.size()));
        dom::element next;
        if (from.is_array()) {
            if (from.get_array().at(std::stoul(std::string(part))).get(next)) return std::nullopt;
        } else if (!from.is_object() || from[part].get(next)) {
            return std::nullopt;
        }
        from = next;
    }
    return from;
}

std::optional<double> number_at(dom::element row, std::string_view path) {
    const auto found = walk(row, path);
    double number = 0;
    if (!found || found->get_double().get(number)) return std::nullopt;
    return number;
}

std::optional<std::string> text_at(dom::element row, std::string_view path) {
    const auto found = walk(row, path);
    if (!found || found->is_null()) return std::nullopt;
    if (bool truth = false; !found->get_bool().get(truth)) return truth ? "true" : "false";
    std::string_view text;
    return found->get_string().get(text) ? std::nullopt : std::optional(std::string(text));
}

bool is_equal(const std::optional<double>& a, const std::optional<double>& b) {
    if (!a || !b) return !a && !b;
    return *a == *b || std::abs(*a - *b) <= 1e-12 * std::max(std::abs(*a), std::abs(*b));
}

std::string shown(const std::optional<double>& value) {
    std::ostringstream out;
    out << std::setprecision(17);
    value ? out << *value : out << "null";
    return out.str();
}

std::string shown(const std::optional<std::string>& value) { return value ? *value : "null"; }

/// ccxt's row for ours: by place in a list, by name in an object, and by id among markets, which ccxt sorts.
std::optional<dom::element> partner(const CcxtCase& payload, dom::element answer, const OurRow& ours,
                                    std::size_t place) {
    if (payload.kind == "market") {
        for (const dom::element candidate : answer.get_array()) {
            if (text_at(candidate, "id") == ours.of) return candidate;
        }
        return std::nullopt;
    }
    if (!ours.of.empty()) return walk(answer, ours.of);
    return walk(answer, std::to_string(place));
}

}  // namespace

void Agreement::note(const CcxtCase& payload, const std::string& field, const Finding& finding) {
    Count& count = counts_[{payload.venue + " " + payload.category, payload.kind, field}];
    ++count.compared;
    if (finding.is_equal) return;
    const std::string_view reason = reason_for(payload, field, finding.numbers);
    if (reason.empty()) {
        std::ostringstream text;
        text << payload.venue << ' ' << payload.category << ' ' << payload.kind << ' ' << field << ": "
             << finding.what << " in " << payload.source;
        unexplained_.push_back(text.str());
        return;
    }
    ++count.explained;
    count.why = reason;
}

void Agreement::judge(const std::string& case_line) {
    dom::parser parser;
    dom::object root;
    if (parser.parse(case_line).get(root)) {
        unexplained_.emplace_back("a case that is not JSON");
        return;
    }
    const CcxtCase payload{member(root, "venue"),  member(root, "category"), member(root, "kind"),
                           member(root, "source"), member(root, "symbol"),   member(root, "tick"),
                           member(root, "lot"),    member(root, "base"),     member(root, "quote"),
                           member(root, "settle"), member(root, "body")};
    dom::element answer;
    if (root["ccxt"].get(answer)) return;
    const auto rows = our_rows(payload);
    note(payload, "(decodes)", {rows.has_value(), {}, rows ? "" : "we refuse it: " + rows.error().what});
    if (!rows) return;
    if (answer.is_array() && payload.kind != "market") {
        const auto count = static_cast<double>(answer.get_array().size());
        const auto read = static_cast<double>(rows->size());
        note(payload, "(rows)", {count == read, {}, shown(read) + " against " + shown(count)});
    }
    for (std::size_t i = 0; i < rows->size(); ++i) {
        const OurRow& ours = (*rows)[i];
        const auto theirs = partner(payload, answer, ours, i);
        if (!theirs) {
            note(payload, "(row)", {false, {}, "ccxt has no row " + ours.of});
            continue;
        }
        for (const auto& [field, value] : ours.numbers) {
            const auto other = number_at(*theirs, field);
            note(payload, field,
                 {is_equal(value, other),
                  {value, other},
                  shown(value) + " against " + shown(other) + " of " + ours.of});
        }
        for (const auto& [field, value] : ours.texts) {
            const auto other = text_at(*theirs, field);
            note(payload, field, {value == other, {}, shown(value) + " against " + shown(other) + " of " + ours.of});
        }
    }
}

std::size_t Agreement::compared() const {
    std::size_t sum = 0;
    for (const auto& [key, count] : counts_) sum += count.compared;
    return sum;
}

std::string Agreement::table() const {
    std::ostringstream out;
    std::size_t explained = 0;
    std::map<std::pair<std::string, std::string>, std::pair<std::size_t, std::string>> by_kind;
    for (const auto& [key, count] : counts_) {
        const auto& [venue, kind, field] = key;
        explained += count.explained;
        auto& [sum, fields] = by_kind[{venue, kind}];
        sum += count.compared;
        if (!field.starts_with('(')) fields += (fields.empty() ? "" : " ") + field;
    }
    out << "compared with ccxt:\n";
    for (const auto& [key, value] : by_kind)
        out << "  " << key.first << " | " << key.second << " | " << value.first << " | " << value.second << "\n";
    out << "differences that are meant:\n";
    for (const auto& [key, count] : counts_) {
        const auto& [venue, kind, field] = key;
        if (count.explained > 0)
            out << "  " << venue << " | " << kind << " | " << field << " | " << count.explained << " of "
                << count.compared << " | " << count.why << "\n";
    }
    out << "total: " << compared() << " compared, " << explained << " explained, " << unexplained_.size()
        << " unexplained\n";
    return out.str();
}

}  // namespace vt::exchange
