#include "storage/output_file.hpp"

#include "storage/system_failure.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace vt::storage {

OutputFile::OutputFile(int descriptor, std::filesystem::path path)
    : descriptor_(descriptor), path_(std::move(path)) {}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_), path_(std::move(other.path_)) {}

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(size_, other.size_);
    std::swap(path_, other.path_);
    return *this;
}

OutputFile::~OutputFile() {
    if (descriptor_ >= 0) (void)::close(descriptor_);
}

Result<OutputFile> OutputFile::create(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (descriptor < 0) return system_failure("create", path, errno);
    sync_directory_of(path);
    return OutputFile(descriptor, path);
}

Result<void> OutputFile::append(std::string_view bytes) {
    std::string_view rest = bytes;
    while (!rest.empty()) {
        const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
        if (written > 0) {
            rest.remove_prefix(static_cast<std::size_t>(written));
        } else if (written == 0 || errno != EINTR) {
            const int cause = written == 0 ? ENOSPC : errno;
            // Should even the cut fail, readers still find the next block by its magic number.
            if (::ftruncate(descriptor_, static_cast<off_t>(size_)) == 0) {
                (void)::lseek(descriptor_, static_cast<off_t>(size_), SEEK_SET);
            }
            return system_failure("write to", path_, cause);
        }
    }
    size_ += bytes.size();
    return {};
}

Result<void> OutputFile::sync() {
    if (::fdatasync(descriptor_) != 0) return system_failure("make durable", path_, errno);
    return {};
}

Result<void> OutputFile::rename(const std::filesystem::path& path) {
    if (::rename(path_.c_str(), path.c_str()) != 0) return system_failure("rename to " + path.string(), path_, errno);
    sync_directory_of(path);
    path_ = path;
    return {};
}

}  // namespace vt::storage
