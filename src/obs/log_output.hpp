#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace vt::obs {

/// How a line looks: `time level component: message`; one JSON object {"time","level","component","message"}; or, for
/// systemd's journal, `<priority>component: message`, since the journal stamps the time itself.
enum class LogFormat : std::uint8_t { text, json, journal };

/// Where lines go besides standard error, and how they look.
struct LogOutput {
    LogFormat format = LogFormat::text;
    /// Folder of virtuoso.log and of error.log, which has the lines at `warning` and above; empty: no files.
    std::string folder;
    std::uint64_t file_bytes_max = 10U << 20U;  ///< then the file becomes virtuoso.1.log, that virtuoso.2.log ...
    std::size_t files_max = 5;                  ///< of each, besides the one that is written
};

/// Whether standard error is the journal's: then the journal keeps the lines, and files would keep them twice.
[[nodiscard]] bool is_standard_error_the_journal();

/// Sets that; once, before the first line and before a BackgroundLog. The files are private to their owner.
///   errors: io: the folder cannot be made or written; unavailable: another process writes there. Then lines go to
///           standard error only, in this format
[[nodiscard]] Result<void> set_log_output(const LogOutput& output);

}  // namespace vt::obs
