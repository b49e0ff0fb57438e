#pragma once

#include "config/config.hpp"

#include <map>
#include <string>
#include <vector>

namespace vt::config {

/// Looks at the files that the configuration and the variables of the keys name: authorities to trust, parts of keys.
/// Nothing is connected to.
///   in:  `credentials`: the variables of credential_variable_names() that are set
///   out: one sentence for each that cannot be used: which knob or variable, the path, what is wrong, and the remedy;
///        never a value
[[nodiscard]] std::vector<std::string> file_problems(const Config& config,
                                                     const std::map<std::string, std::string>& credentials);

}  // namespace vt::config
