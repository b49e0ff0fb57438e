#pragma once

#include "base/result.hpp"
#include "storage/journal_reader.hpp"

#include <string>

namespace vt::app {

/// Opens the recording at `path`, or the bundled one when it is empty.
[[nodiscard]] Result<storage::JournalReader> open_recording(const std::string& path);

}  // namespace vt::app
