#pragma once

#include <string>
#include <string_view>

namespace vt::config {

/// config/default.toml: every knob with its default and its meaning.
[[nodiscard]] std::string_view default_file();

/// The same as a user's first file: every value commented out, so that what is not changed follows the program.
[[nodiscard]] std::string first_file();

}  // namespace vt::config
