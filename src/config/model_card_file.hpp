#pragma once

#include "analysis/machine_learning/model_card.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace vt::config {

/// Reads the card of a promoted model (TOML) and checks it against what this program computes.
///   errors: configuration: what is wrong, with file, line and remedy
[[nodiscard]] Result<analysis::machine_learning::ModelCard> read_model_card(const std::string& file_name,
                                                                            std::string_view text);

}  // namespace vt::config
