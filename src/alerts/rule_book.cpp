#include "alerts/rule_book.hpp"

#include "alerts/kind_terms.hpp"
#include "alerts/wording.hpp"
#include "base/assert.hpp"
#include "base/digest.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace vt::alerts {
namespace {

constexpr Nanos kMinute = std::chrono::minutes{1};
constexpr std::size_t kIdDigits = 32;
constexpr std::string_view kAnyway = "critical";  // the rule that nobody made

/// in: `at`: for levels the minute's start, so that both ways of seeing a minute have one id; `what`: what the rest
///     does not tell apart: two things that the account says in one instant are two alerts
std::string id_of(const Alert& alert, Timestamp at, const std::string& what) {
    Digest digest;
    for (const std::string_view part :
         {std::string_view(alert.rule), name(alert.kind), std::string_view(alert.instrument),
          alert.side ? name(*alert.side) : std::string_view()}) {
        digest.update(part);
        digest.update(std::string_view("\n"));
    }
    digest.update(std::to_string(to_ns(at)) + "\n" + std::to_string(alert.count) + "\n" + what);
    return digest.hex().substr(0, kIdDigits);
}

Alert alert_of(const Rule& rule, const Occurrence& seen, Timestamp at, std::uint32_t count) {
    Alert alert{.rule = rule.name,
                .kind = seen.kind,
                .severity = severity_of(rule, seen),
                .instrument = seen.instrument,
                .symbol = seen.symbol,
                .side = seen.side,
                .at = at,
                .count = count,
                .score = seen.score,
                .levels = seen.levels};
    put_into_words(seen, alert);
    alert.id = id_of(alert, at, std::to_string(seen.size) + "\n" + seen.what);
    return alert;
}

bool is_snoozed(const Rule& rule, Timestamp at) { return rule.snoozed_until && at < *rule.snoozed_until; }

}  // namespace

void RuleBook::set_rules(std::vector<Rule> rules) {
    std::map<std::string, std::uint32_t, std::less<>> places;
    for (std::uint32_t i = 0; i < rules.size(); ++i) {
        const bool is_new = places.emplace(rules[i].name, i).second;
        VT_ASSERT(is_new);
    }
    for (auto at = silences_.begin(); at != silences_.end();) {
        const auto place = places.find(rules_[at->second.rule].name);
        if (place == places.end()) {
            at = silences_.erase(at);
        } else {
            at++->second.rule = place->second;
        }
    }
    // another level stands elsewhere
    for (const Rule& old : rules_) {
        const auto place = places.find(old.name);
        if (place != places.end() && rules[place->second].level == old.level && rules[place->second].kind == old.kind)
            continue;
        std::erase_if(standings_, [&](const auto& standing) {
            return std::string_view(standing.first).substr(0, standing.first.find('\n')) == old.name;
        });
    }
    rules_ = std::move(rules);
    indexes_ = {};
    for (std::uint32_t i = 0; i < rules_.size(); ++i) {
        Index& index = indexes_[static_cast<std::size_t>(rules_[i].kind)];
        if (rules_[i].symbols.empty()) index.of_all.push_back(i);
        for (const std::string& symbol : rules_[i].symbols) {
            auto& of_symbol = index.of_symbol[symbol];
            if (of_symbol.empty() || of_symbol.back() != i) of_symbol.push_back(i);
        }
    }
}

template <class Visit>
void RuleBook::each_rule(Kind kind, const std::string& instrument, const std::string& symbol, Visit&& visit) {
    const Index& index = indexes_[static_cast<std::size_t>(kind)];
    for (const std::uint32_t rule : index.of_all) visit(rule);
    const auto by_symbol = index.of_symbol.find(symbol);
    if (by_symbol != index.of_symbol.end())
        for (const std::uint32_t rule : by_symbol->second) visit(rule);
    if (instrument == symbol) return;
    const auto by_path = index.of_symbol.find(instrument);
    if (by_path == index.of_symbol.end()) return;
    for (const std::uint32_t rule : by_path->second)  // a rule may name both
        if (by_symbol == index.of_symbol.end() || !std::ranges::binary_search(by_symbol->second, rule)) visit(rule);
}

std::string RuleBook::key_of(const Rule& rule, std::string_view instrument, std::optional<Side> side) {
    std::string key = rule.name;
    key += '\n';
    key += instrument;
    key += '\n';
    if (side) key += name(*side);
    return key;
}

void RuleBook::speak(std::uint32_t rule, Alert alert, std::vector<Alert>& alerts) {
    alerts.push_back(std::move(alert));
    if (!rules_[rule].is_once) return;
    rules_[rule].is_on = false;
    spent_.push_back(rules_[rule].name);
}

bool RuleBook::end_silence(Silence& silence, Timestamp now, std::vector<Alert>& alerts) {
    const Rule& rule = rules_[silence.rule];
    while (silence.until <= now) {
        if (silence.count == 0 || !silence.largest || !rule.is_on || is_snoozed(rule, silence.until)) return true;
        Alert digest = alert_of(rule, *silence.largest, silence.until, silence.count);
        silence.count = 0;
        silence.largest.reset();
        const Timestamp ended = silence.until;
        silence.until += std::max(cooldown_of(rule), Nanos{1});
        VT_ASSERT(silence.until > ended);
        speak(silence.rule, std::move(digest), alerts);
    }
    return false;
}

void RuleBook::begin_silence(std::string key, std::uint32_t rule, Timestamp until) {
    if (silences_.size() >= kMostSilences && !silences_.contains(key)) {
        const auto first = std::ranges::min_element(
            silences_, [](const auto& a, const auto& b) { return a.second.until < b.second.until; });
        silences_.erase(first);
    }
    silences_.insert_or_assign(std::move(key), Silence{.rule = rule, .until = until});
}

bool RuleBook::may_speak(std::uint32_t rule, const Occurrence& seen, std::vector<Alert>& alerts) {
    std::string key = key_of(rules_[rule], seen.instrument, seen.side);
    const auto at = silences_.find(key);
    if (at != silences_.end() && !end_silence(at->second, seen.at, alerts)) {
        Silence& silence = at->second;
        ++silence.count;
        if (terms_of(seen.kind).is_digested && (!silence.largest || seen.size > silence.largest->size))
            silence.largest = seen;
        return false;
    }
    if (!rules_[rule].is_on) return false;  // the digest was its last word
    const Nanos cooldown = cooldown_of(rules_[rule]);
    if (cooldown > Nanos{0}) {
        begin_silence(std::move(key), rule, seen.at + cooldown);
    } else if (at != silences_.end()) {
        silences_.erase(at);
    }
    return true;
}

void RuleBook::take(const Occurrence& seen, std::vector<Alert>& alerts) {
    const std::size_t before = alerts.size();
    each_rule(seen.kind, seen.instrument, seen.symbol, [&](std::uint32_t rule) {
        if (!is_about(rules_[rule], seen) || is_snoozed(rules_[rule], seen.at)) return;
        // what is critical is told each time
        const bool is_critical = severity_of(rules_[rule], seen) == Severity::critical;
        if (!is_critical && !may_speak(rule, seen, alerts)) return;
        speak(rule, alert_of(rules_[rule], seen, seen.at, 1), alerts);
    });
    // no rule, none that is on, one that is snoozed: money may be at risk all the same
    if (seen.severity == Severity::critical && alerts.size() == before)
        alerts.push_back(alert_of({.name = std::string(kAnyway), .kind = seen.kind}, seen, seen.at, 1));
}

void RuleBook::take(const Reading& seen, std::vector<Alert>& alerts) {
    each_rule(seen.kind, seen.instrument, seen.symbol, [&](std::uint32_t rule) { cross(rule, seen, alerts); });
}

void RuleBook::cross(std::uint32_t rule, const Reading& seen, std::vector<Alert>& alerts) {
    const double level = *rules_[rule].level;
    const Timestamp minute = floor_to(seen.at, kMinute);
    const auto [at, is_new] =
        standings_.try_emplace(key_of(rules_[rule], seen.instrument, std::nullopt),
                               Standing{.minute = minute, .low = seen.low, .high = seen.high, .last = seen.last});
    Standing& standing = at->second;
    if (minute < standing.minute) return;
    if (minute > standing.minute) {
        if (standing.last != level) standing.is_above = standing.last > level;
        standing = {.is_above = standing.is_above, .minute = minute, .low = seen.low, .high = seen.high};
    }
    standing.low = std::min(standing.low, seen.low);
    standing.high = std::max(standing.high, seen.high);
    standing.last = seen.last;
    if (is_new || standing.is_judged || !standing.is_above || !rules_[rule].is_on ||
        is_snoozed(rules_[rule], seen.at))
        return;
    const Side side = *standing.is_above ? Side::down : Side::up;
    if (*standing.is_above ? standing.low > level : standing.high < level) return;
    if (rules_[rule].side && rules_[rule].side != side) return;
    standing.is_judged = true;
    std::string key = key_of(rules_[rule], seen.instrument, side);
    const auto silence = silences_.find(key);
    if (silence != silences_.end() && minute < silence->second.until) return;
    begin_silence(std::move(key), rule, minute + std::max(cooldown_of(rules_[rule]), kMinute));
    Alert alert{.rule = rules_[rule].name,
                .kind = seen.kind,
                .severity = rules_[rule].severity.value_or(terms_of(seen.kind).severity),
                .instrument = seen.instrument,
                .symbol = seen.symbol,
                .side = side,
                .at = seen.at};
    put_into_words(seen, level, side, alert);
    alert.id = id_of(alert, minute, {});
    speak(rule, std::move(alert), alerts);
}

void RuleBook::on_time(Timestamp now, std::vector<Alert>& alerts) {
    for (auto at = silences_.begin(); at != silences_.end();)
        at = end_silence(at->second, now, alerts) ? silences_.erase(at) : std::next(at);
}

void RuleBook::resume(const Alert& told) {
    for (std::uint32_t i = 0; i < rules_.size(); ++i) {
        const Rule& rule = rules_[i];
        if (rule.name != told.rule || rule.kind != told.kind || cooldown_of(rule) == Nanos{0}) continue;
        std::string key = key_of(rule, told.instrument, told.side);
        const Timestamp until = told.at + cooldown_of(rule);
        const auto at = silences_.find(key);
        if (at == silences_.end() || at->second.until < until) begin_silence(std::move(key), i, until);
    }
}

std::vector<std::string> RuleBook::take_spent() { return std::exchange(spent_, {}); }

std::vector<Alert> preview(const Rule& rule, std::span<const Occurrence> occurrences,
                           std::span<const Reading> readings, Timestamp until) {
    RuleBook book;
    book.set_rules({rule});
    std::vector<Alert> alerts;
    std::size_t reading = 0;
    for (const Occurrence& seen : occurrences) {
        for (; reading < readings.size() && readings[reading].at <= seen.at; ++reading)
            book.take(readings[reading], alerts);
        book.take(seen, alerts);
    }
    for (; reading < readings.size(); ++reading) book.take(readings[reading], alerts);
    book.on_time(until, alerts);
    std::ranges::stable_sort(alerts, {}, &Alert::at);
    return alerts;
}

}  // namespace vt::alerts
