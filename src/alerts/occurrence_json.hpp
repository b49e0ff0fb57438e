#pragma once

#include "alerts/occurrence.hpp"
#include "base/json_writer.hpp"

namespace vt::alerts {

/// Appends one as a JSON object: what is absent is null; times are milliseconds.
void write_occurrence(JsonWriter& out, const Occurrence& seen);
/// Likewise of an alert, as the API shows it, but for its deliveries.
void write_alert(JsonWriter& out, const Alert& alert);

}  // namespace vt::alerts
