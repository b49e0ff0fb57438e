#pragma once

#include "alerts/alert.hpp"
#include "alerts/occurrence.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace vt::alerts {

// The binary forms that are kept: of an alert until it is delivered, of an occurrence as long as a rule may be tried
// on it. A version first: what another version wrote is refused.

void encode_alert(const Alert& alert, std::string& out);
/// errors: unsupported (another version), malformed (damaged)
[[nodiscard]] Result<Alert> decode_alert(std::string_view bytes);

void encode_occurrence(const Occurrence& seen, std::string& out);
/// errors: as decode_alert
[[nodiscard]] Result<Occurrence> decode_occurrence(std::string_view bytes);

}  // namespace vt::alerts
