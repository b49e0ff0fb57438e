#include "app/journal.hpp"

#include "storage/bundled_recording.hpp"

namespace vt::app {

Result<storage::JournalReader> open_recording(const std::string& path) {
    if (path.empty()) {
        return storage::JournalReader::open_memory(storage::bundled_recording(),
                                                   std::string(storage::kBundledRecordingName));
    }
    return storage::JournalReader::open(path);
}

}  // namespace vt::app
