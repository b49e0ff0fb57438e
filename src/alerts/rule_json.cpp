#include "alerts/rule_json.hpp"

#include "base/edit_distance.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <optional>
#include <set>
#include <span>
#include <string>

namespace vt::alerts {
namespace {

using simdjson::dom::element;

constexpr std::array<std::string_view, 13> kMembers{
    "name",     "kind",     "enabled", "symbols",      "side", "minimum", "level", "coverage_min", "cooldown_seconds",
    "severity", "channels", "once",    "snoozed_until"};
constexpr double kSecondsMost = 1e9;
constexpr std::size_t kDepthMost = 8;
constexpr std::size_t kWordMost = 40;

tl::unexpected<Error> refuse(std::string_view member, const std::string& why) {
    return fail(Errc::configuration, std::string(member) + ": " + why);
}

/// Of some words the one that was meant, if any is near.
std::optional<std::string_view> nearest(std::string_view text, std::span<const std::string_view> words) {
    text = text.substr(0, kWordMost);
    const auto at =
        std::ranges::min_element(words, {}, [&](std::string_view word) { return edit_distance(text, word); });
    return 3 * edit_distance(text, *at) <= text.size() ? std::optional(*at) : std::nullopt;
}

std::string list_of(std::span<const std::string_view> names) {
    std::string text;
    for (const std::string_view name : names) text += (text.empty() ? "" : ", ") + std::string(name);
    return text;
}

Result<std::string> text_in(std::string_view member, const element& value) {
    std::string_view text;
    if (value.get(text)) return fail(Errc::malformed, std::string(member) + " has to be a text");
    return std::string(text);
}

Result<double> number_in(std::string_view member, const element& value) {
    double number = 0;
    if (value.get(number)) return fail(Errc::malformed, std::string(member) + " has to be a number");
    return number;
}

Result<bool> truth_in(std::string_view member, const element& value) {
    bool truth = false;
    if (value.get(truth)) return fail(Errc::malformed, std::string(member) + " has to be true or false");
    return truth;
}

Result<std::vector<std::string>> texts_in(std::string_view member, const element& value) {
    simdjson::dom::array array;
    if (value.get(array)) return fail(Errc::malformed, std::string(member) + " has to be a list of texts");
    std::vector<std::string> texts;
    for (const element one : array) {
        VT_TRY(std::string text, text_in(member, one));
        texts.push_back(std::move(text));
    }
    return texts;
}

/// A word of a closed set, or what is nearest to it.
template <class Value, std::size_t Size>
Result<Value> word_in(std::string_view member, const element& value,
                      const std::array<std::string_view, Size>& words) {
    VT_TRY(const std::string text, text_in(member, value));
    const auto at = std::ranges::find(words, std::string_view(text));
    if (at != words.end()) return static_cast<Value>(at - words.begin());
    const auto near = nearest(text, words);
    return refuse(member,
                  "there is no " + text +
                      (near ? "; did you mean " + std::string(*near) + "?" : ": it is one of " + list_of(words)));
}

constexpr std::array<std::string_view, 2> kSideWords{"up", "down"};

Result<void> take_member(Rule& rule, std::string_view member, const element& value) {
    if (value.is_null() && member != "name" && member != "kind") return {};
    if (member == "name") {
        VT_TRY(rule.name, text_in(member, value));
    } else if (member == "kind") {
        VT_TRY(rule.kind, word_in<Kind>(member, value, kKindNames));
    } else if (member == "enabled") {
        VT_TRY(rule.is_on, truth_in(member, value));
    } else if (member == "symbols") {
        VT_TRY(rule.symbols, texts_in(member, value));
    } else if (member == "side") {
        VT_TRY(rule.side, word_in<Side>(member, value, kSideWords));
    } else if (member == "minimum") {
        VT_TRY(rule.minimum, number_in(member, value));
    } else if (member == "level") {
        VT_TRY(rule.level, number_in(member, value));
    } else if (member == "coverage_min") {
        VT_TRY(rule.coverage_min, number_in(member, value));
    } else if (member == "cooldown_seconds") {
        VT_TRY(const double seconds, number_in(member, value));
        if (!(std::abs(seconds) <= kSecondsMost)) return refuse(member, "lies between 0 and 604800 (7 days)");
        rule.cooldown = Nanos{std::llround(seconds * 1e3) * 1'000'000};
    } else if (member == "severity") {
        VT_TRY(rule.severity, word_in<Severity>(member, value, kSeverityNames));
    } else if (member == "channels") {
        VT_TRY(rule.channels, texts_in(member, value));
    } else if (member == "once") {
        VT_TRY(rule.is_once, truth_in(member, value));
    } else {
        VT_TRY(const double ms, number_in(member, value));
        if (!(ms >= 0 && ms <= static_cast<double>(to_ms(kLatestInstant))))
            return refuse(member, "is a time in milliseconds since 1970");
        rule.snoozed_until = from_ms(std::llround(ms));
    }
    return {};
}

}  // namespace

void write_rule(JsonWriter& out, const Rule& rule) {
    const auto list = [&](std::string_view name, const std::vector<std::string>& texts) {
        out.key(name).begin_array();
        for (const std::string& text : texts) out.value(text);
        out.end_array();
    };
    out.begin_object().field("name", rule.name).field("kind", name(rule.kind)).field("enabled", rule.is_on);
    list("symbols", rule.symbols);
    out.field("side", rule.side ? std::optional(name(*rule.side)) : std::nullopt);
    out.field("minimum", rule.minimum).field("level", rule.level).field("coverage_min", rule.coverage_min);
    out.field("cooldown_seconds", rule.cooldown ? std::optional(to_seconds(*rule.cooldown)) : std::nullopt);
    out.field("severity", rule.severity ? std::optional(name(*rule.severity)) : std::nullopt);
    list("channels", rule.channels);
    out.field("once", rule.is_once);
    out.field("snoozed_until", rule.snoozed_until ? std::optional(to_ms(*rule.snoozed_until)) : std::nullopt);
    out.end_object();
}

Result<Rule> parse_rule(std::string_view json) {
    simdjson::dom::parser parser;
    if (parser.allocate(std::max<std::size_t>(json.size(), 64), kDepthMost))
        return fail(Errc::malformed, "a rule is too long");
    element whole;
    simdjson::dom::object object;
    if (parser.parse(json.data(), json.size(), true).get(whole) || whole.get(object))
        return fail(Errc::malformed, "a rule is a JSON object like {\"name\": \"btc\", \"kind\": \"price_move\"}");
    Rule rule;
    std::set<std::string_view> seen;
    for (const auto& [member, value] : object) {
        if (std::ranges::find(kMembers, member) == kMembers.end()) {
            const auto near = nearest(member, kMembers);
            return refuse(member,
                          "a rule has no such member" + (near ? "; did you mean " + std::string(*near) + "?"
                                                              : std::string(": it has ") + list_of(kMembers)));
        }
        if (!seen.insert(member).second) return refuse(member, "is there twice");
        if (Result<void> taken = take_member(rule, member, value); !taken)
            return tl::unexpected<Error>(std::move(taken.error()));
    }
    for (const std::string_view needed : {"name", "kind"})
        if (!seen.contains(needed)) return refuse(needed, "is missing");
    if (Result<void> checked = check_rule(rule); !checked) return tl::unexpected<Error>(std::move(checked.error()));
    return rule;
}

}  // namespace vt::alerts
