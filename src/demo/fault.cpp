#include "demo/fault.hpp"

#include "base/decimal.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace vt::demo {
namespace {

using FaultKind = Fault::Kind;

/// What follows a verb, one letter for each word: t topic, s seconds, n count, a amount in seconds (may be negative),
/// l long or short, q quantity.
struct Verb {
    std::string_view name;
    FaultKind kind;
    std::string_view words;
};
constexpr std::array kVerbs{Verb{"drop", FaultKind::drop, ""},
                            Verb{"restart", FaultKind::restart, "s"},
                            Verb{"new_books", FaultKind::new_books, ""},
                            Verb{"stall", FaultKind::stall, "ts"},
                            Verb{"lose", FaultKind::lose, "tn"},
                            Verb{"duplicate", FaultKind::duplicate, "tn"},
                            Verb{"reorder", FaultKind::reorder, "tn"},
                            Verb{"malform", FaultKind::malform, "tn"},
                            Verb{"slow", FaultKind::slow, "tas"},
                            Verb{"slow_rest", FaultKind::slow_rest, "as"},
                            Verb{"mute", FaultKind::mute, "s"},
                            Verb{"overload", FaultKind::overload, "s"},
                            Verb{"ban", FaultKind::ban, "s"},
                            Verb{"forbid", FaultKind::forbid, "s"},
                            Verb{"tls", FaultKind::tls, "s"},
                            Verb{"maintenance", FaultKind::maintenance, "s"},
                            Verb{"clock", FaultKind::clock, "as"},
                            Verb{"delist", FaultKind::delist, "t"},
                            Verb{"list", FaultKind::list, "t"},
                            Verb{"liquidate", FaultKind::liquidate, "tlq"}};
constexpr double kMostSeconds = 1e7;

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    while (true) {
        const std::size_t begin = line.find_first_not_of(" \t\r");
        if (begin == std::string_view::npos) return words;
        const std::size_t end = std::min(line.find_first_of(" \t\r", begin), line.size());
        words.push_back(line.substr(begin, end - begin));
        line.remove_prefix(end);
    }
}

std::optional<Nanos> amount_of(std::string_view text) {
    const auto parsed = parse_decimal(text);
    if (!parsed || std::abs(parsed->to_double()) > kMostSeconds) return std::nullopt;
    return Nanos{std::llround(parsed->to_double() * 1e9)};
}

std::optional<Nanos> seconds_of(std::string_view text) {
    const auto amount = amount_of(text);
    return amount && amount->count() >= 0 ? amount : std::nullopt;
}

std::string usage(const Verb& verb) {
    std::string text = std::string("expected: SECONDS ").append(verb.name);
    for (const char word : verb.words) {
        switch (word) {
            case 't': text.append(verb.words == "t" || verb.words == "tlq" ? " SYMBOL" : " TOPIC"); break;
            case 's': text.append(" SECONDS"); break;
            case 'n': text.append(" COUNT"); break;
            case 'a': text.append(verb.kind == FaultKind::clock ? " OFFSET" : " DELAY"); break;
            case 'l': text.append(" long|short"); break;
            default: text.append(" QUANTITY"); break;
        }
    }
    return text;
}

tl::unexpected<Error> wrong(std::size_t line, std::string_view what) {
    return fail(Errc::configuration,
                std::string("scenario line ").append(std::to_string(line)).append(": ").append(what));
}

/// out: whether the word is right
bool read_word(char kind, std::string_view word, Fault& fault) {
    if (kind == 't') {
        fault.topic = word;
        return true;
    }
    if (kind == 'l') {
        fault.is_long = word == "long";
        return fault.is_long || word == "short";
    }
    if (kind == 's' || kind == 'a') {
        const bool may_be_negative = kind == 'a' && fault.kind == FaultKind::clock;
        const auto time = may_be_negative ? amount_of(word) : seconds_of(word);
        if (time) (kind == 's' ? fault.duration : fault.amount) = *time;
        return time.has_value();
    }
    const auto parsed = parse_decimal(word);
    if (!parsed || parsed->mantissa < 1) return false;
    if (kind == 'q') {
        fault.quantity = parsed->to_double();
        return true;
    }
    if (parsed->scale != 0 || parsed->mantissa > 1'000'000) return false;
    fault.count = static_cast<std::uint32_t>(parsed->mantissa);
    return true;
}

Result<ScheduledFault> parse_line(std::size_t number, std::vector<std::string_view> words) {
    const auto after = seconds_of(words[0]);
    if (!after) return wrong(number, "begins with a number of seconds, then says what goes wrong");
    words.erase(words.begin());
    std::optional<market::Venue> venue;
    for (const market::Venue one : {market::Venue::bybit, market::Venue::binance}) {
        if (words.empty() || words[0] != name(one)) continue;
        venue = one;
        words.erase(words.begin());
        break;
    }
    if (words.empty()) return wrong(number, "says no fault");
    const auto verb =
        std::find_if(kVerbs.begin(), kVerbs.end(), [&](const Verb& one) { return one.name == words[0]; });
    if (verb == kVerbs.end()) {
        std::string known = "unknown fault; known are";
        for (const Verb& one : kVerbs) known.append(" ").append(one.name);
        return wrong(number, known);
    }
    ScheduledFault scheduled{.after = *after, .fault = {.kind = verb->kind, .topic = {}, .venue = venue}};
    if (words.size() != verb->words.size() + 1) return wrong(number, usage(*verb));
    for (std::size_t i = 0; i < verb->words.size(); ++i) {
        if (!read_word(verb->words[i], words[i + 1], scheduled.fault)) return wrong(number, usage(*verb));
    }
    return scheduled;
}

}  // namespace

bool Fault::concerns(std::string_view name) const {
    if (topic.ends_with('*')) return name.starts_with(std::string_view(topic).substr(0, topic.size() - 1));
    return name == topic;
}

Result<std::vector<ScheduledFault>> parse_scenario(std::string_view text) {
    std::vector<ScheduledFault> faults;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        line = line.substr(0, line.find('#'));
        auto words = words_of(line);
        if (words.empty()) continue;
        VT_TRY(ScheduledFault one, parse_line(number, std::move(words)));
        faults.push_back(std::move(one));
    }
    std::stable_sort(faults.begin(), faults.end(), [](const auto& a, const auto& b) { return a.after < b.after; });
    return faults;
}

}  // namespace vt::demo
