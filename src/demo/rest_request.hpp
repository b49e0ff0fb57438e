#pragma once

// What the demo exchange's REST endpoints share: parameters, refusals and small pieces of JSON.

#include "demo/rest.hpp"
#include "demo/stream.hpp"

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vt::demo::rest {

/// A request that was refused: retCode and retMsg.
struct Refusal {
    int code = 10001;
    std::string message;
};
template <class T>
using Answer = tl::expected<T, Refusal>;
[[nodiscard]] tl::unexpected<Refusal> refuse(std::string message);

struct Request {
    Stream& stream;
    const FrontRequest& asked;
    Timestamp now;
    const VenueState& state;

    /// Empty when absent or not decodable.
    [[nodiscard]] std::string text(std::string_view name) const;
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view name) const;
};

/// `limit`, cut to the largest page.
[[nodiscard]] Answer<std::size_t> limit_of(const Request& request, std::int64_t usual, std::int64_t largest);
/// The segment of the request's category; nothing for options, of which there are none.
[[nodiscard]] Answer<std::optional<Segment>> segment_of(const Request& request);
/// The index of the listed symbol that the request names, in its category.
[[nodiscard]] Answer<std::size_t> symbol_of(const Request& request);
/// The same of a contract: spot has no funding, open interest or ratio.
[[nodiscard]] Answer<std::size_t> contract_of(const Request& request);

struct Range {
    Timestamp from;
    Timestamp to;
};
/// Two times in ms, inclusive; an absent start is 1970, an absent end is now.
[[nodiscard]] Answer<Range> range_of(const Request& request, std::string_view start_name, std::string_view end_name);

[[nodiscard]] Steps steps_of(const SymbolView& view);
[[nodiscard]] std::string steps_text(std::int64_t count, Decimal step);
/// `,"key":"value"`, without the comma when it is the first.
void append_field(std::string& out, std::string_view key, std::string_view value, bool is_first = false);

// rest_instruments.cpp
[[nodiscard]] Answer<std::string> instruments(const Request& request);
[[nodiscard]] Answer<std::string> margin_tiers(const Request& request);
// rest_contract.cpp: what is sampled or settled over time. Each returns the `result` member.
[[nodiscard]] Answer<std::string> open_interest(const Request& request);
[[nodiscard]] Answer<std::string> account_ratio(const Request& request);
[[nodiscard]] Answer<std::string> funding_history(const Request& request);

}  // namespace vt::demo::rest
