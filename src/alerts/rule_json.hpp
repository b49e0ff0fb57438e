#pragma once

#include "alerts/rule.hpp"
#include "base/json_writer.hpp"
#include "base/result.hpp"

#include <string_view>

namespace vt::alerts {

/// Appends a rule as a JSON object, every member written; null: as the kind has it.
void write_rule(JsonWriter& out, const Rule& rule);

/// Reads what write_rule() wrote, or what a person did: members that are left out are as in Rule. `name` and `kind`
/// are needed; a member that is not known, or is there twice, is refused with the nearest known one.
///   errors: malformed (no JSON, another type), configuration (as check_rule; unknown kind, side, severity, member)
///   cost:   O(text), allocates
[[nodiscard]] Result<Rule> parse_rule(std::string_view json);

}  // namespace vt::alerts
