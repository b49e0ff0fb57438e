#pragma once

#include "base/json_writer.hpp"
#include "base/result.hpp"
#include "config/config.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace vt::config {

using Texts = std::vector<std::string>;
/// A value as the file, a variable or a flag can give it.
using Value = std::variant<std::int64_t, double, std::string, Texts>;

/// How one knob is checked and written into a Config, and read back.
struct Binding {
    Knob knob;
    std::function<Result<void>(Config&, const Value&)> set;
    std::function<std::string(const Config&)> text;
    std::function<std::string(const Config&)> exact = {};  ///< where `text` hides something: all of it; else empty
    std::function<void(const Config& from, Config& to)> copy = {};  ///< where the knob is live
};

/// The same knob, which can be changed while the program runs.
template <class Field>
Binding live(Binding binding, Field field) {
    binding.knob.is_live = true;
    binding.copy = [field](const Config& from, Config& to) { field(to) = field(const_cast<Config&>(from)); };
    return binding;
}

/// As it stands in a file, and in JSON.
inline std::string quoted_text(const std::string& text) { return JsonWriter().value(text).take(); }

template <class Number>
std::string number_text(Number number) {
    std::array<char, 32> buffer{};
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    return {buffer.data(), end};
}

/// The knob of a number, with its bounds.
template <class Number>
Knob bounded(Knob knob, KnobKind kind, Number low, Number high) {
    knob.kind = kind;
    knob.low = number_text(low);
    knob.high = number_text(high);
    return knob;
}

template <class Field>
Binding whole_number(Knob knob, Field field, std::int64_t low, std::int64_t high) {
    return {bounded(knob, KnobKind::whole_number, low, high),
            [=](Config& config, const Value& value) -> Result<void> {
                const auto* number = std::get_if<std::int64_t>(&value);
                if (number == nullptr || *number < low || *number > high) {
                    return fail(Errc::configuration,
                                "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high));
                }
                auto& target = field(config);
                target = static_cast<std::remove_reference_t<decltype(target)>>(*number);
                return {};
            },
            [=](const Config& config) {
                return number_text(static_cast<std::int64_t>(field(const_cast<Config&>(config))));
            }};
}

template <class Field>
Binding real_number(Knob knob, Field field, double low, double high) {
    return {
        bounded(knob, KnobKind::real_number, low, high),
        [=](Config& config, const Value& value) -> Result<void> {
            const auto* whole = std::get_if<std::int64_t>(&value);
            const auto* real = std::get_if<double>(&value);
            const double number = whole != nullptr ? static_cast<double>(*whole) : real != nullptr ? *real : low - 1;
            if (!(number >= low && number <= high)) {
                return fail(Errc::configuration,
                            "must be a number from " + number_text(low) + " to " + number_text(high));
            }
            field(config) = number;
            return {};
        },
        [=](const Config& config) { return number_text(field(const_cast<Config&>(config))); }};
}

/// The knob of a span of time, in whole units of `Unit`.
template <class Unit, class Field>
Binding time_span(Knob knob, Field field, std::int64_t low, std::int64_t high) {
    return {bounded(knob, KnobKind::whole_number, low, high),
            [=](Config& config, const Value& value) -> Result<void> {
                const auto* number = std::get_if<std::int64_t>(&value);
                if (number == nullptr || *number < low || *number > high) {
                    return fail(Errc::configuration,
                                "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high));
                }
                field(config) = Unit{*number};
                return {};
            },
            [=](const Config& config) {
                const auto units = std::chrono::duration_cast<Unit>(field(const_cast<Config&>(config)));
                return number_text(static_cast<std::int64_t>(units.count()));
            }};
}

template <class Field>
Binding text(Knob knob, Field field, std::function<bool(const std::string&)> accepts, std::string expectation) {
    return {knob,
            [=](Config& config, const Value& value) -> Result<void> {
                const auto* given = std::get_if<std::string>(&value);
                if (given == nullptr || !accepts(*given)) return fail(Errc::configuration, "must be " + expectation);
                field(config) = *given;
                return {};
            },
            [=](const Config& config) { return quoted_text(field(const_cast<Config&>(config))); }};
}

/// Makes a binding show only this of its value.
inline void hide(Binding& binding, std::function<std::string(const Config&)> shown) {
    binding.knob.is_secret = true;
    binding.exact = std::exchange(binding.text, std::move(shown));
}

/// A text that is never shown; its variable also as NAME_FILE.
template <class Field>
Binding secret(Knob knob, Field field) {
    Binding binding = text(knob, field, [](const std::string&) { return true; }, "a text");
    hide(binding, [=](const Config& config) {
        return std::string(field(const_cast<Config&>(config)).empty() ? "\"\"" : "\"***\"");
    });
    binding.knob.has_file_variable = true;
    return binding;
}

template <class Field>
Binding text_list(Knob knob, Field field, std::function<bool(const Texts&)> accepts = nullptr,
                  std::string expectation = "a list of texts") {
    knob.kind = KnobKind::text_list;
    return {knob,
            [=](Config& config, const Value& value) -> Result<void> {
                const auto* list = std::get_if<Texts>(&value);
                if (list == nullptr || (accepts && !accepts(*list)))
                    return fail(Errc::configuration, "must be " + expectation);
                field(config) = *list;
                return {};
            },
            [=](const Config& config) {
                std::string out = "[";
                for (const std::string& item : field(const_cast<Config&>(config)))
                    out += (out.size() > 1 ? ", " : "") + quoted_text(item);
                return out + "]";
            }};
}

/// Every knob, in the order of `knobs()`.
[[nodiscard]] const std::vector<Binding>& bindings();
/// out: null for an unknown key
[[nodiscard]] const Binding* find_binding(std::string_view key);

/// A text made while the knobs are listed: they point to their texts as long as the program runs.
[[nodiscard]] std::string_view kept_text(std::string made);

/// All knobs but those below.
[[nodiscard]] std::vector<Binding> own_bindings();
/// The knobs of the dimensions' weights: the version, then each member of each profile.
[[nodiscard]] std::vector<Binding> weight_bindings();
/// Those of [signals].
[[nodiscard]] std::vector<Binding> signal_bindings();
/// Those of [alpha].
[[nodiscard]] std::vector<Binding> alpha_bindings();
/// Those of [risk].
[[nodiscard]] std::vector<Binding> risk_bindings();
/// errors: configuration: limits that contradict each other, and the remedy
[[nodiscard]] Result<void> check_risk(const Config& config);
/// Those of [trading].
[[nodiscard]] std::vector<Binding> trading_bindings();
/// Those of [paper].
[[nodiscard]] std::vector<Binding> paper_bindings();
/// errors: configuration: a latency above its own limit
[[nodiscard]] Result<void> check_paper(const Config& config);
/// The knobs of [server] and [auth].
[[nodiscard]] std::vector<Binding> server_bindings();
/// The knobs of [cache].
[[nodiscard]] std::vector<Binding> cache_bindings();
/// Those of [alerts].
[[nodiscard]] std::vector<Binding> alert_bindings();
/// errors: configuration: a channel that cannot be, and the remedy
[[nodiscard]] Result<void> check_alerts(const Config& config);
/// What of [cache] must fit together: times to live that grow from tier to tier, a day in its order.
///   errors: configuration: where it was set, and what would do
[[nodiscard]] Result<void> check_cache(const Loaded& loaded);

}  // namespace vt::config
