#include "exchange/row_reader.hpp"

#include <algorithm>

namespace vt::exchange::json {
namespace {

Fault put_decimal(std::string_view text, std::optional<Decimal>& out) {
    const Result<Decimal> number = parse_decimal(text);
    if (!number) return {"has a text that is not a number of at most 18 digits"};
    out = *number;
    return {};
}

Fault put_instant(std::string_view text, std::optional<Timestamp>& out) {
    constexpr std::int64_t kLast = 9'000'000'000'000;
    std::int64_t ms = 0;
    const char* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, ms);
    if (error != std::errc{} || at != end || ms > kLast) return {"has a text that is not a time"};
    if (ms > 0) out = from_ms(ms);
    return {};
}

Fault put_flag(std::string_view text, std::optional<bool>& out) {
    if (text != "true" && text != "false") return {"has something else where true or false belongs"};
    out = text == "true";
    return {};
}

}  // namespace

Fault scalar_text(ondemand::value value, std::string_view& text) {
    ondemand::json_type type{};
    if (value.type().get(type)) return {"has a malformed value"};
    text = {};
    switch (type) {
        case ondemand::json_type::string: return text_of(value, text);
        case ondemand::json_type::number:
        case ondemand::json_type::boolean: {
            text = value.raw_json_token();
            while (!text.empty() &&
                   (text.back() == ' ' || text.back() == '\n' || text.back() == '\r' || text.back() == '\t'))
                text.remove_suffix(1);
            return {};
        }
        case ondemand::json_type::null: {
            bool is_null = false;
            return value.is_null().get(is_null) || !is_null ? Fault{"has a malformed value"} : Fault{};
        }
        default: return {"has a list or an object where a plain value belongs"};
    }
}

Fault put(ondemand::value value, const Place& into) {
    std::string_view text;
    if (const Fault fault = scalar_text(value, text)) return fault;
    if (auto* const* const copy = std::get_if<std::string*>(&into)) {
        **copy = text.substr(0, 128);
        return {};
    }
    if (text.empty()) return {};
    if (auto* const* const decimal = std::get_if<std::optional<Decimal>*>(&into)) return put_decimal(text, **decimal);
    if (auto* const* const real = std::get_if<std::optional<double>*>(&into)) return real_in(text, **real);
    if (auto* const* const at = std::get_if<std::optional<Timestamp>*>(&into)) return put_instant(text, **at);
    return put_flag(text, *std::get<std::optional<bool>*>(into));
}

Fault read_row(ondemand::object row, std::span<const Member> members) {
    return each_member(row, [&](std::string_view key, ondemand::value value) -> Fault {
        const auto wanted =
            std::find_if(members.begin(), members.end(), [&](const Member& member) { return member.key == key; });
        return wanted == members.end() ? pass_over(value) : put(value, wanted->into);
    });
}

}  // namespace vt::exchange::json
