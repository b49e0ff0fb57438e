#pragma once

#include "app/commands.hpp"

#include <CLI/CLI.hpp>

namespace vt::app {

/// Flags of several subcommands that set knobs of the configuration. in: options: outlives the command
void add_config_flags(CLI::App& command, ConfigOptions& options);

}  // namespace vt::app
