#pragma once

#include "app/commands.hpp"
#include "base/result.hpp"
#include "config/config.hpp"

#include <map>
#include <optional>
#include <string>

namespace vt::app {

/// Reads the configuration file (the one named, else $XDG_CONFIG_HOME/virtuoso/virtuoso.toml where it exists), the
/// process's environment and the flags.
///   errors: configuration, io (a named file that cannot be read)
[[nodiscard]] Result<config::Loaded> load_configuration(const ConfigOptions& options);

/// What `load_configuration` reads but for the text of the file: its name, the variables (with what their _FILE
/// holds) and the flags.
///   out:    file_name: empty without a home and a --config
///   errors: configuration: a file of a secret that cannot be used
[[nodiscard]] Result<config::Inputs> configuration_inputs(const ConfigOptions& options);

/// Merges and checks everything as a start of the program does, for a file that has, or would have, this text
/// (absent: there is no file).
[[nodiscard]] Result<config::Loaded> load_configuration_text(config::Inputs inputs, std::optional<std::string> text);

/// The variables that carry or name API keys, as far as they are set.
[[nodiscard]] std::map<std::string, std::string> credential_environment();

/// Prints the error to standard error and gives the exit code that belongs to it.
[[nodiscard]] Exit report(const Error& error);

}  // namespace vt::app
