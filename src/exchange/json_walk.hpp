#pragma once

// Reading venues' JSON with simdjson on demand. Included by the codecs' .cpp files only: no other header shows
// simdjson.

#include "base/decimal.hpp"
#include "base/time.hpp"

#include <simdjson.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

namespace vt::exchange::json {

namespace ondemand = simdjson::ondemand;

inline constexpr int kMaxNesting = 32;

/// Why something was refused; a literal, so that refusing costs nothing. Empty: all is well.
struct Fault {
    const char* what = nullptr;
    bool is_off_step = false;
    explicit operator bool() const { return what != nullptr; }
};

/// A reused parser over a reused, zero-padded copy of the text. One document at a time.
class Document {
public:
    /// Copies the text; pointers into the copy may be read up to 64 zero bytes past its end.
    std::string_view hold(std::string_view text) {
        const std::size_t needed = text.size() + simdjson::SIMDJSON_PADDING;
        if (buffer_.size() < needed) buffer_.resize(needed + needed / 2);
        if (!text.empty()) std::memcpy(buffer_.data(), text.data(), text.size());
        std::memset(buffer_.data() + text.size(), 0, simdjson::SIMDJSON_PADDING);
        size_ = text.size();
        return {buffer_.data(), size_};
    }
    /// Parses what is held; its root must be an object.
    Fault open(ondemand::object& root) {
        const simdjson::padded_string_view view(buffer_.data(), size_, buffer_.size());
        if (parser_.iterate(view).get(document_)) return {"is not JSON"};
        if (document_.get_object().get(root)) return {"is not a complete JSON object"};
        return {};
    }
    /// Parses what is held, which must be one whole list of values that nobody needs.
    Fault check_list();
    /// Parses what is held; its root must be a list.
    Fault open(ondemand::array& root) {
        const simdjson::padded_string_view view(buffer_.data(), size_, buffer_.size());
        if (parser_.iterate(view).get(document_)) return {"is not JSON"};
        if (document_.get_array().get(root)) return {"is not a complete JSON list"};
        return {};
    }
    /// After the root was walked: nothing may follow it.
    Fault close() {
        const char* at = nullptr;
        if (document_.current_location().get(at) != simdjson::OUT_OF_BOUNDS) return {"is followed by something else"};
        return {};
    }

private:
    ondemand::parser parser_;
    ondemand::document document_;
    std::vector<char> buffer_;
    std::size_t size_ = 0;
};

/// Calls visit(key, value) -> Fault for each member until one is refused.
template <class Visit>
Fault each_member(ondemand::object object, Visit&& visit) {
    for (auto entry : object) {
        ondemand::field field;
        std::string_view key;
        if (std::move(entry).get(field)) return {"is cut off or not JSON"};
        if (field.unescaped_key().get(key)) return {"has a malformed member name"};
        if (const Fault fault = visit(key, field.value())) return fault;
    }
    return {};
}

/// Calls visit(value) -> Fault for each element until one is refused.
template <class Visit>
Fault each_element(ondemand::array list, Visit&& visit) {
    for (auto entry : list) {
        ondemand::value value;
        if (std::move(entry).get(value)) return {"is cut off or not JSON"};
        if (const Fault fault = visit(value)) return fault;
    }
    return {};
}

template <class Visit>
Fault each_element(ondemand::value list, Visit&& visit) {
    ondemand::array array;
    if (list.get_array().get(array)) return {"has something else where a list belongs"};
    return each_element(array, std::forward<Visit>(visit));
}

/// Whether an object has a member. The parser gives up a document that it finds broken: nothing of it may be touched
/// again after `broken`.
enum class Lookup : std::uint8_t { found, absent, broken };
inline Lookup look_up(ondemand::object& object, std::string_view key, ondemand::value& value) {
    const auto error = object.find_field_unordered(key).get(value);
    if (!error) return Lookup::found;
    return error == simdjson::NO_SUCH_FIELD ? Lookup::absent : Lookup::broken;
}

inline Fault object_of(ondemand::value value, ondemand::object& out) {
    if (value.get_object().get(out)) return {"has something else where an object belongs"};
    return {};
}

inline Fault text_of(ondemand::value value, std::string_view& out) {
    if (value.get_string().get(out)) return {"has something else where a text belongs"};
    return {};
}

inline Fault flag_of(ondemand::value value, bool& out) {
    if (value.get_bool().get(out)) return {"has something else where true or false belongs"};
    return {};
}

/// A whole number, bare or as text: venues write both.
inline Fault count_of(ondemand::value value, std::uint64_t& out) {
    ondemand::json_type type{};
    if (value.type().get(type)) return {"has something else where a whole number belongs"};
    if (type == ondemand::json_type::number) {
        if (value.get_uint64().get(out)) return {"has a number that is not whole, negative or too large"};
        return {};
    }
    std::string_view text;
    if (const Fault fault = text_of(value, text)) return fault;
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, out);
    if (error != std::errc{} || at != end) return {"has a text that is not a whole number"};
    return {};
}

/// Milliseconds since 1970 that nanoseconds can hold.
inline Fault instant_of(ondemand::value value, Timestamp& out) {
    constexpr std::uint64_t kLast = 9'000'000'000'000;  // the year 2255
    std::uint64_t ms = 0;
    if (const Fault fault = count_of(value, ms)) return fault;
    if (ms == 0 || ms > kLast) return {"has a time out of range"};
    out = from_ms(static_cast<std::int64_t>(ms));
    return {};
}

/// Exactly a multiple of the step.
inline Fault steps_of(std::string_view text, Decimal step, std::int64_t& out) {
    const Result<std::int64_t> steps = parse_steps(text, step);
    if (steps) {
        out = *steps;
        return {};
    }
    if (parse_decimal(text)) return {"has a value off the instrument's step", true};
    return {"has a text that is not a number in range"};
}

/// A finite number; an empty text is absent.
inline Fault real_in(std::string_view text, std::optional<double>& out) {
    out.reset();
    if (text.empty()) return {};
    double number = 0;
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || at != end || !std::isfinite(number))
        return {"has a text that is not a finite number"};
    out = number;
    return {};
}

inline Fault real_of(ondemand::value value, std::optional<double>& out) {
    std::string_view text;
    if (const Fault fault = text_of(value, text)) return fault;
    return real_in(text, out);
}

/// A finite number that must be there.
inline Fault required_real_of(ondemand::value value, double& out) {
    std::optional<double> number;
    if (const Fault fault = real_of(value, number)) return fault;
    if (!number) return {"lacks a number that must be there"};
    out = *number;
    return {};
}

/// A member that nobody needs: passed over, unless it is nested deeper than allowed.
inline Fault pass_over(ondemand::value value) {
    ondemand::json_type type{};
    if (value.type().get(type)) return {"has a malformed value"};
    std::string_view raw;
    if (type == ondemand::json_type::array) {
        ondemand::array array;
        if (value.get_array().get(array) || array.raw_json().get(raw)) return {"is cut off or not JSON"};
    } else if (type == ondemand::json_type::object) {
        ondemand::object object;
        if (value.get_object().get(object) || object.raw_json().get(raw)) return {"is cut off or not JSON"};
    }
    int depth = 0;
    bool in_text = false;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        const char c = raw[i];
        if (in_text && c == '\\')
            ++i;
        else if (c == '"')
            in_text = !in_text;
        else if (in_text)
            continue;
        else if (c == '{' || c == '[')
            ++depth;
        else if (c == '}' || c == ']')
            --depth;
        if (depth > kMaxNesting) return {"is nested deeper than 32"};
    }
    return {};
}

inline Fault Document::check_list() {
    ondemand::array list;
    if (const Fault fault = open(list)) return fault;
    if (const Fault fault = each_element(list, [](ondemand::value value) { return pass_over(value); })) return fault;
    return close();
}

}  // namespace vt::exchange::json
