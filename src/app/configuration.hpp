#pragma once

#include "app/commands.hpp"
#include "base/result.hpp"
#include "config/config.hpp"

#include <map>
#include <string>

namespace vt::app {

/// Reads the configuration file (the one named, else $XDG_CONFIG_HOME/virtuoso/virtuoso.toml where it exists), the
/// process's environment and the flags.
///   errors: configuration, io (a named file that cannot be read)
[[nodiscard]] Result<config::Loaded> load_configuration(const ConfigOptions& options);

/// The variables that carry or name API keys, as far as they are set.
[[nodiscard]] std::map<std::string, std::string> credential_environment();

/// Prints the error to standard error and gives the exit code that belongs to it.
[[nodiscard]] Exit report(const Error& error);

}  // namespace vt::app
