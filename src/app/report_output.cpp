#include "app/report_output.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

namespace vt::app {
namespace {

Result<void> write_report(const std::string& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out)
        return fail(Errc::io, "cannot write the report to " + file + ": " + std::strerror(errno) +
                                  "; name another file, or one whose folder is there");
    return {};
}

}  // namespace

Result<void> put_out(const ReportOptions& options, const RenderedReport& report) {
    std::printf("%s", options.json == "-" ? (report.json + "\n").c_str() : report.text.c_str());
    if (!options.json.empty() && options.json != "-")
        if (auto written = write_report(options.json, report.json + "\n"); !written) return written;
    if (!options.html.empty())
        if (auto written = write_report(options.html, report.html); !written) return written;
    return {};
}

}  // namespace vt::app
