#include "storage/output_file.hpp"

#include "storage/system_failure.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace vt::storage {

Result<OutputFile> OutputFile::create(const std::filesystem::path& path) {
    FileDescriptor descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!descriptor.is_open()) return system_failure("create", path, errno);
    sync_directory_of(path);
    return OutputFile(std::move(descriptor), path, 0);
}

Result<void> OutputFile::append(std::string_view bytes) {
    if (const int cause = descriptor_.append(bytes, size_); cause != 0)
        return system_failure("write to", path_, cause);
    size_ += bytes.size();
    return {};
}

Result<void> OutputFile::sync() {
    if (::fdatasync(descriptor_.number()) != 0) return system_failure("make durable", path_, errno);
    return {};
}

Result<void> OutputFile::rename(const std::filesystem::path& path) {
    if (::rename(path_.c_str(), path.c_str()) != 0) return system_failure("rename to " + path.string(), path_, errno);
    sync_directory_of(path);
    path_ = path;
    return {};
}

}  // namespace vt::storage
