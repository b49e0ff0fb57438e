#pragma once

#include "app/commands.hpp"
#include "base/result.hpp"
#include "config/config.hpp"

#include <string>

namespace vt::app {

/// Reads the configuration file (the one named, else $XDG_CONFIG_HOME/virtuoso/virtuoso.toml where it exists), the
/// process's environment and the flags.
///   errors: configuration, io (a named file that cannot be read)
[[nodiscard]] Result<config::Loaded> load_configuration(const ConfigOptions& options);

/// Prints the error to standard error and gives the exit code that belongs to it.
[[nodiscard]] Exit report(const Error& error);

}  // namespace vt::app
