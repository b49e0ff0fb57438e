#pragma once

// Reading a flat JSON object into named places. Included by the account codecs' .cpp files only.

#include "base/decimal.hpp"
#include "base/time.hpp"
#include "exchange/json_walk.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace vt::exchange::json {

using Place = std::variant<std::string*, std::optional<Decimal>*, std::optional<double>*, std::optional<Timestamp>*,
                           std::optional<bool>*>;

/// A member of a row and where its value goes.
struct Member {
    std::string_view key;
    Place into;
};

/// A value as text: a text itself, or the digits of a number, or true and false. null: empty.
Fault scalar_text(ondemand::value value, std::string_view& text);
/// Puts a value in its place. "" and null are absent; so is the time 0.
///   errors: a text that is not what the place holds
Fault put(ondemand::value value, const Place& into);
/// Reads the members that are wanted and passes over the others.
Fault read_row(ondemand::object row, std::span<const Member> members);

}  // namespace vt::exchange::json
