#pragma once

#include "obs/log_output.hpp"

#include <memory>

namespace spdlog {
class logger;
}

namespace vt::obs {

/// A logger to standard error, and to the files of `output`.
///   in:     color: on standard error, where that is a terminal
///   errors: io, unavailable: a file cannot be used
[[nodiscard]] Result<std::shared_ptr<spdlog::logger>> make_logger(bool color, const LogOutput& output);

}  // namespace vt::obs
