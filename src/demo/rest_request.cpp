#include "demo/rest_request.hpp"

#include "demo/wire.hpp"
#include "net/http_message.hpp"

#include <algorithm>
#include <charconv>

namespace vt::demo::rest {

tl::unexpected<Refusal> refuse(std::string message) {
    return tl::unexpected<Refusal>(Refusal{.message = std::move(message)});
}

std::string Request::text(std::string_view name) const {
    return net::query_value(asked.query, name).value_or(std::string());
}

std::optional<std::int64_t> Request::number(std::string_view name) const {
    const std::string value = text(name);
    std::int64_t parsed = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
    if (value.empty() || error != std::errc{} || end != value.data() + value.size()) return std::nullopt;
    return parsed;
}

Answer<std::size_t> limit_of(const Request& request, std::int64_t usual, std::int64_t largest) {
    if (request.text("limit").empty()) return static_cast<std::size_t>(usual);
    const auto limit = request.number("limit");
    if (!limit || *limit < 1) return refuse("params error: limit invalid");
    return static_cast<std::size_t>(std::min(*limit, largest));
}

Answer<std::optional<Segment>> segment_of(const Request& request) {
    const std::string category = request.text("category");
    if (category == "linear") return Segment::bybit_linear;
    if (category == "spot") return Segment::bybit_spot;
    if (category == "inverse") return Segment::bybit_inverse;
    if (category == "option") return std::optional<Segment>();
    return refuse("Illegal category");
}

Answer<std::size_t> symbol_of(const Request& request) {
    const auto segment = segment_of(request);
    if (!segment) return tl::unexpected(segment.error());
    const std::string symbol = request.text("symbol");
    const auto index = *segment ? request.stream.find(symbol, **segment) : std::nullopt;
    if (!index || !request.stream.symbol(*index).is_listed) return refuse("params error: symbol invalid " + symbol);
    return *index;
}

Answer<std::size_t> contract_of(const Request& request) {
    const auto segment = segment_of(request);
    if (!segment) return tl::unexpected(segment.error());
    if (segment == Segment::bybit_spot) return refuse("params error: Category is invalid");
    return symbol_of(request);
}

Answer<Range> range_of(const Request& request, std::string_view start_name, std::string_view end_name) {
    const auto start = request.number(start_name);
    const auto end = request.number(end_name);
    if ((!start && !request.text(start_name).empty()) || (!end && !request.text(end_name).empty())) {
        return refuse("params error: invalid time");
    }
    const Range range{.from = instant_of(start.value_or(0)), .to = end ? instant_of(*end) : request.now};
    if (range.from > range.to) return refuse("params error: start time is after end time");
    return range;
}

Steps steps_of(const SymbolView& view) {
    return Steps{
        .tick = view.instrument.tick_size, .lot = view.instrument.lot_size, .category = view.instrument.category};
}

void append_field(std::string& out, std::string_view key, std::string_view value, bool is_first) {
    out.append(is_first ? "\"" : ",\"").append(key).append("\":\"").append(value).append("\"");
}

std::string steps_text(std::int64_t count, Decimal step) {
    std::string text;
    append_steps(text, count, step);
    return text;
}

}  // namespace vt::demo::rest
