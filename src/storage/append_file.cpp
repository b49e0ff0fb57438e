#include "storage/append_file.hpp"

#include "storage/system_failure.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace vt::storage {

AppendFile::AppendFile(int descriptor, std::filesystem::path path, std::uint64_t size)
    : descriptor_(descriptor), size_(size), path_(std::move(path)) {}

AppendFile::AppendFile(AppendFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_), path_(std::move(other.path_)) {}

AppendFile& AppendFile::operator=(AppendFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(size_, other.size_);
    std::swap(path_, other.path_);
    return *this;
}

AppendFile::~AppendFile() {
    if (descriptor_ >= 0) (void)::close(descriptor_);
}

Result<AppendFile> AppendFile::open(const std::filesystem::path& path) {
    std::error_code failed;
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), failed);
    if (failed) return system_failure("make the folder of", path, failed.value());
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (descriptor < 0) return system_failure("open", path, errno);
    AppendFile file(descriptor, path, 0);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return system_failure("lock", path, errno);
        return fail(Errc::unavailable, path.string() + " is being written by another run; wait for it or stop it");
    }
    struct stat opened{};
    struct stat named{};
    if (::fstat(descriptor, &opened) != 0) return system_failure("read", path, errno);
    // Whoever held the lock before may have put a new file in the place of this one.
    if (::stat(path.c_str(), &named) != 0 || named.st_ino != opened.st_ino || named.st_dev != opened.st_dev)
        return fail(Errc::unavailable, path.string() + " was just rewritten by another run; try again");
    if (!S_ISREG(opened.st_mode)) return fail(Errc::io, "cannot write to " + path.string() + ": it is not a file");
    if (opened.st_size == 0) sync_directory_of(path);
    file.size_ = static_cast<std::uint64_t>(opened.st_size);
    return file;
}

Result<void> AppendFile::append(std::string_view bytes) {
    std::string_view rest = bytes;
    while (!rest.empty()) {
        const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
        if (written > 0) {
            rest.remove_prefix(static_cast<std::size_t>(written));
        } else if (written == 0 || errno != EINTR) {
            const int cause = written == 0 ? ENOSPC : errno;
            (void)::ftruncate(descriptor_, static_cast<off_t>(size_));
            return system_failure("write to", path_, cause);
        }
    }
    if (::fdatasync(descriptor_) != 0) return system_failure("make durable", path_, errno);
    size_ += bytes.size();
    return {};
}

Result<void> AppendFile::cut_to(std::uint64_t size) {
    if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) return system_failure("shorten", path_, errno);
    if (::fdatasync(descriptor_) != 0) return system_failure("make durable", path_, errno);
    size_ = size;
    return {};
}

}  // namespace vt::storage
