#pragma once

#include "base/result.hpp"
#include "config/config.hpp"
#include "runtime/record_keeping.hpp"

namespace vt::app {

/// Where records are kept: what the configuration names, else a SQLite file in the user's data folder; an empty
/// address where they are not.
///   errors: configuration
[[nodiscard]] Result<runtime::RecordPlaces> record_places(const config::Config& config);

}  // namespace vt::app
