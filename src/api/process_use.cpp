#include "api/process_use.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace vt::api {
namespace {

/// The fields of /proc/self/stat behind the program's name, which may hold anything; 1-based as in proc(5).
struct StatFields {
    double threads = 0;
    double started_ticks = 0;  ///< after boot
};

StatFields stat_fields() {
    std::ifstream in("/proc/self/stat");
    std::string text;
    std::getline(in, text);
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string::npos) return {};
    std::istringstream rest(text.substr(name_end + 1));
    StatFields found;
    std::string field;
    for (int number = 3; rest >> field; ++number) {
        if (number == 20) found.threads = std::stod(field);
        if (number == 22) {
            found.started_ticks = std::stod(field);
            break;
        }
    }
    return found;
}

double boot_seconds() {
    std::ifstream in("/proc/stat");
    std::string word;
    while (in >> word) {
        double seconds = 0;
        if (word == "btime" && in >> seconds) return seconds;
    }
    return 0;
}

/// Does not change while the process lives.
double started_at_seconds() {
    const double boot = boot_seconds();
    const double ticks = stat_fields().started_ticks;
    return boot > 0 && ticks > 0 ? boot + ticks / static_cast<double>(sysconf(_SC_CLK_TCK)) : 0;
}

double count_open_files() {
    std::error_code problem;
    double count = 0;
    for (std::filesystem::directory_iterator it("/proc/self/fd", problem), end; !problem && it != end;
         it.increment(problem))
        ++count;
    return count > 0 ? count - 1 : 0;  // one of them is this look
}

}  // namespace

ProcessUse process_use() {
    static const double started = started_at_seconds();
    ProcessUse use{.open_files = count_open_files(), .threads = stat_fields().threads, .started_at_seconds = started};
    if (std::FILE* statm = std::fopen("/proc/self/statm", "r")) {
        unsigned long total = 0, resident = 0;
        if (std::fscanf(statm, "%lu %lu", &total, &resident) == 2) {
            use.resident_bytes = static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
        }
        std::fclose(statm);
    }
    rusage usage{};
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        const auto seconds = [](const timeval& time) {
            return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
        };
        use.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    }
    return use;
}

}  // namespace vt::api
