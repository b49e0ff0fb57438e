#pragma once

#include "base/result.hpp"
#include "config/config.hpp"

#include <optional>
#include <string>

namespace vt::app {

/// Where the program is that is to be measured, in the form that paths are added to.
///   in:     url: of --url; empty: the configured port on this machine
///   errors: configuration
[[nodiscard]] Result<std::string> measured_address(const std::string& url, const config::Config& config);

/// Runnable threads of this machine over the last minute; nothing where it does not say.
[[nodiscard]] std::optional<double> load_average();

}  // namespace vt::app
