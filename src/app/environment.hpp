#pragma once

#include <filesystem>
#include <string>

namespace vt::app {

/// out: empty when it is not set
[[nodiscard]] std::string environment_variable(const char* name);

/// The program's folder among the user's data: $XDG_DATA_HOME/virtuoso, else ~/.local/share/virtuoso.
///   out: empty without a home
[[nodiscard]] std::filesystem::path data_folder();

/// The program's folder among what it remembers of its runs: $XDG_STATE_HOME/virtuoso, else ~/.local/state/virtuoso.
///   out: empty without a home
[[nodiscard]] std::filesystem::path state_folder();

}  // namespace vt::app
