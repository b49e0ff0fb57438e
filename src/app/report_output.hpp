#pragma once

#include "base/result.hpp"

#include <string>

namespace vt::app {

/// Where the reports of a measurement go.
struct ReportOptions {
    std::string json;  ///< a file, or "-" for standard output instead of the table; empty: none
    std::string html;  ///< a file; empty: none
};

/// The same report in its three forms.
struct RenderedReport {
    std::string text;
    std::string json;
    std::string html;
};

/// Prints the table, or the JSON where that was asked for, and writes the files.
///   errors: io, with the file
[[nodiscard]] Result<void> put_out(const ReportOptions& options, const RenderedReport& report);

}  // namespace vt::app
