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

Result<AppendFile> AppendFile::open(const std::filesystem::path& path) {
    std::error_code failed;
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), failed);
    if (failed) return system_failure("make the folder of", path, failed.value());
    FileDescriptor descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!descriptor.is_open()) return system_failure("open", path, errno);
    if (::flock(descriptor.number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return system_failure("lock", path, errno);
        return fail(Errc::unavailable, path.string() + " is being written by another run; wait for it or stop it");
    }
    struct stat opened{};
    struct stat named{};
    if (::fstat(descriptor.number(), &opened) != 0) return system_failure("read", path, errno);
    // Whoever held the lock before may have put a new file in the place of this one.
    if (::stat(path.c_str(), &named) != 0 || named.st_ino != opened.st_ino || named.st_dev != opened.st_dev)
        return fail(Errc::unavailable, path.string() + " was just rewritten by another run; try again");
    if (!S_ISREG(opened.st_mode)) return fail(Errc::io, "cannot write to " + path.string() + ": it is not a file");
    if (opened.st_size == 0) sync_directory_of(path);
    return AppendFile(std::move(descriptor), path, static_cast<std::uint64_t>(opened.st_size));
}

Result<void> AppendFile::append(std::string_view bytes) {
    if (const int cause = descriptor_.append(bytes, size_); cause != 0)
        return system_failure("write to", path_, cause);
    if (::fdatasync(descriptor_.number()) != 0) return system_failure("make durable", path_, errno);
    size_ += bytes.size();
    return {};
}

Result<void> AppendFile::cut_to(std::uint64_t size) {
    if (::ftruncate(descriptor_.number(), static_cast<off_t>(size)) != 0)
        return system_failure("shorten", path_, errno);
    if (::fdatasync(descriptor_.number()) != 0) return system_failure("make durable", path_, errno);
    size_ = size;
    return {};
}

}  // namespace vt::storage
