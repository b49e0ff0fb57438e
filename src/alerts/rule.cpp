#include "alerts/rule.hpp"

#include "alerts/kind_terms.hpp"
#include "base/json_writer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace vt::alerts {
namespace {

constexpr std::size_t kNameMost = 40;
constexpr std::size_t kSymbolMost = 80;

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= kNameMost && std::ranges::all_of(text, [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_' || letter == '-';
    });
}

bool is_symbol(std::string_view text) {
    return !text.empty() && text.size() <= kSymbolMost &&
           std::ranges::all_of(text, [](unsigned char letter) { return letter > ' ' && letter != 0x7f; });
}

std::string written(double number) {
    JsonWriter out;
    out.value(number);
    return std::string(out.text());
}

tl::unexpected<Error> refuse(const Rule& rule, const std::string& part, const std::string& why) {
    return fail(Errc::configuration,
                "rule " + (rule.name.empty() ? "without a name" : rule.name) + ", " + part + ": " + why);
}

Result<void> check_lists(const Rule& rule) {
    if (rule.symbols.size() > kMostRuleNames)
        return refuse(rule, "symbols",
                      std::to_string(rule.symbols.size()) + " of them, at most " + std::to_string(kMostRuleNames) +
                          " are taken: leave it empty for all");
    for (const std::string& symbol : rule.symbols)
        if (!is_symbol(symbol))
            return refuse(rule, "symbols", "a symbol is 1 to 80 characters without spaces, like BTCUSDT");
    if (rule.channels.size() > kMostRuleNames)
        return refuse(rule, "channels", "at most " + std::to_string(kMostRuleNames) + " are taken");
    for (const std::string& channel : rule.channels)
        if (!is_name(channel))
            return refuse(rule, "channels", "a channel is named by small letters, digits, _ and -, at most 40");
    return {};
}

Result<void> check_size(const Rule& rule, const KindTerms& terms) {
    const std::string unit = suffix(terms.unit).empty() ? "" : " " + std::string(suffix(terms.unit));
    if (terms.has_level) {
        if (rule.minimum) return refuse(rule, "minimum", "this kind asks for a level: set level instead");
        if (!rule.level) return refuse(rule, "level", "is missing: say what is to be crossed");
        if (!std::isfinite(*rule.level) || *rule.level <= 0 || *rule.level >= terms.most)
            return refuse(rule, "level",
                          written(*rule.level) + " is never crossed" +
                              (std::isfinite(terms.most) ? ": it lies between 0 and " + written(terms.most)
                                                         : ": it has to be above 0"));
        return {};
    }
    if (rule.level) return refuse(rule, "level", "only price_level and score_level have one: set minimum instead");
    if (!rule.minimum) return {};
    if (terms.unit == Unit::none) return refuse(rule, "minimum", "this kind has no size: leave it out");
    if (!std::isfinite(*rule.minimum) || *rule.minimum < 0)
        return refuse(rule, "minimum", "has to be a number from " + written(terms.least) + " on");
    if (*rule.minimum < terms.least)
        return refuse(rule, "minimum",
                      written(*rule.minimum) + unit + " is less than what is watched for: " + written(terms.least) +
                          unit + " is the least");
    if (*rule.minimum > terms.most)
        return refuse(
            rule, "minimum",
            written(*rule.minimum) + unit + " is never reached: " + written(terms.most) + unit + " is the most");
    return {};
}

}  // namespace

Result<void> check_rule(const Rule& rule) {
    if (!is_name(rule.name)) return refuse(rule, "name", "takes small letters, digits, _ and -, at most 40");
    const KindTerms& terms = terms_of(rule.kind);
    if (const auto lists = check_lists(rule); !lists) return lists;
    if (!terms.has_instrument && !rule.symbols.empty())
        return refuse(rule, "symbols",
                      "what this kind is about has no symbol, so it would never fire: leave it empty");
    if (rule.side && !terms.has_side)
        return refuse(rule, "side", "what this kind is about points nowhere, so it would never fire: leave it out");
    if (const auto size = check_size(rule, terms); !size) return size;
    if (!(rule.coverage_min >= 0 && rule.coverage_min <= 1))
        return refuse(rule, "coverage_min",
                      written(rule.coverage_min) + " is never reached: it lies between 0 and 1");
    if (rule.cooldown && (*rule.cooldown < Nanos{0} || *rule.cooldown > kCooldownMost))
        return refuse(rule, "cooldown", "lies between 0 and 7 days");
    return {};
}

std::vector<Rule> usual_rules() {
    std::vector<Rule> rules;
    for (const Kind kind : {Kind::signal, Kind::price_move, Kind::large_order, Kind::liquidation_single,
                            Kind::liquidation_burst, Kind::cascade, Kind::funding_extreme, Kind::leverage_buildup,
                            Kind::spread_blowout, Kind::feed_stale, Kind::resync_storm, Kind::trade, Kind::account})
        rules.push_back({.name = std::string(name(kind)), .kind = kind});
    return rules;
}

double minimum_of(const Rule& rule) { return rule.minimum.value_or(terms_of(rule.kind).minimum); }
Nanos cooldown_of(const Rule& rule) { return rule.cooldown.value_or(terms_of(rule.kind).cooldown); }
Severity severity_of(const Rule& rule, const Occurrence& seen) {
    // what is critical stays so: no rule may hide that money is at risk
    if (seen.severity == Severity::critical) return Severity::critical;
    return rule.severity.value_or(seen.severity.value_or(terms_of(rule.kind).severity));
}

bool names(const Rule& rule, std::string_view instrument, std::string_view symbol) {
    return rule.symbols.empty() || std::ranges::any_of(rule.symbols, [&](const std::string& one) {
               return one == symbol || one == instrument;
           });
}

bool is_about(const Rule& rule, const Occurrence& seen) {
    return rule.is_on && rule.kind == seen.kind && seen.size >= minimum_of(rule) &&
           (!rule.side || rule.side == seen.side) &&
           (rule.coverage_min <= 0 || (seen.coverage && *seen.coverage >= rule.coverage_min)) &&
           names(rule, seen.instrument, seen.symbol);
}

}  // namespace vt::alerts
