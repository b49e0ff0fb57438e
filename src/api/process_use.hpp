#pragma once

namespace vt::api {

/// What this process has used so far. Zero where the system does not say.
struct ProcessUse {
    double resident_bytes = 0;
    double cpu_seconds = 0;  ///< user and system
    double open_files = 0;   ///< descriptors, sockets included
    double threads = 0;
    double started_at_seconds = 0;  ///< since 1970
};
[[nodiscard]] ProcessUse process_use();

}  // namespace vt::api
