#include "demo/fault.hpp"

#include "base/decimal.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace vt::demo {
namespace {

enum class Needs : std::uint8_t { nothing, duration, topic_and_duration, topic_and_count };
struct Verb {
    std::string_view name;
    Fault::Kind kind;
    Needs needs;
};
constexpr std::array kVerbs{Verb{"drop", Fault::Kind::drop, Needs::nothing},
                            Verb{"restart", Fault::Kind::restart, Needs::duration},
                            Verb{"new_books", Fault::Kind::new_books, Needs::nothing},
                            Verb{"stall", Fault::Kind::stall, Needs::topic_and_duration},
                            Verb{"lose", Fault::Kind::lose, Needs::topic_and_count},
                            Verb{"duplicate", Fault::Kind::duplicate, Needs::topic_and_count},
                            Verb{"reorder", Fault::Kind::reorder, Needs::topic_and_count},
                            Verb{"malform", Fault::Kind::malform, Needs::topic_and_count},
                            Verb{"mute", Fault::Kind::mute, Needs::duration},
                            Verb{"overload", Fault::Kind::overload, Needs::duration},
                            Verb{"ban", Fault::Kind::ban, Needs::duration}};

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

std::optional<Nanos> seconds_of(std::string_view text) {
    const auto parsed = parse_decimal(text);
    if (!parsed || parsed->mantissa < 0 || parsed->to_double() > 1e7) return std::nullopt;
    return Nanos{std::llround(parsed->to_double() * 1e9)};
}

std::string_view usage(Needs needs) {
    switch (needs) {
        case Needs::nothing: return "";
        case Needs::duration: return " SECONDS";
        case Needs::topic_and_duration: return " TOPIC SECONDS";
        case Needs::topic_and_count: return " TOPIC COUNT";
    }
    return "";
}

tl::unexpected<Error> wrong(std::size_t line, std::string_view what) {
    return fail(Errc::configuration,
                std::string("scenario line ").append(std::to_string(line)).append(": ").append(what));
}

Result<ScheduledFault> parse_line(std::size_t number, const std::vector<std::string_view>& words) {
    const auto after = seconds_of(words[0]);
    if (!after) return wrong(number, "begins with a number of seconds, then says what goes wrong");
    if (words.size() < 2) return wrong(number, "says no fault");
    const auto verb =
        std::find_if(kVerbs.begin(), kVerbs.end(), [&](const Verb& one) { return one.name == words[1]; });
    if (verb == kVerbs.end()) {
        std::string known = "unknown fault; known are";
        for (const Verb& one : kVerbs) known.append(" ").append(one.name);
        return wrong(number, known);
    }
    ScheduledFault scheduled{.after = *after, .fault = {.kind = verb->kind}};
    const std::string expected = std::string("expected: SECONDS ").append(verb->name).append(usage(verb->needs));
    const bool has_topic = verb->needs == Needs::topic_and_duration || verb->needs == Needs::topic_and_count;
    const std::size_t count = verb->needs == Needs::nothing ? 2 : has_topic ? 4 : 3;
    if (words.size() != count) return wrong(number, expected);
    if (has_topic) scheduled.fault.topic = words[2];
    if (verb->needs == Needs::topic_and_count) {
        const auto parsed = parse_decimal(words[3]);
        if (!parsed || parsed->scale != 0 || parsed->mantissa < 1 || parsed->mantissa > 1'000'000)
            return wrong(number, expected);
        scheduled.fault.count = static_cast<std::uint32_t>(parsed->mantissa);
    } else if (verb->needs != Needs::nothing) {
        const auto duration = seconds_of(words.back());
        if (!duration) return wrong(number, expected);
        scheduled.fault.duration = *duration;
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
        const auto words = words_of(line);
        if (words.empty()) continue;
        VT_TRY(ScheduledFault one, parse_line(number, words));
        faults.push_back(std::move(one));
    }
    std::stable_sort(faults.begin(), faults.end(), [](const auto& a, const auto& b) { return a.after < b.after; });
    return faults;
}

}  // namespace vt::demo
