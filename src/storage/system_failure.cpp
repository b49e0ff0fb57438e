#include "storage/system_failure.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace vt::storage {

tl::unexpected<Error> system_failure(std::string_view doing, const std::filesystem::path& path, int cause) {
    std::string what = "cannot " + std::string(doing) + " " + path.string() + ": ";
    switch (cause) {
        case ENOSPC: what += "the disk is full; free space there or choose another directory"; break;
        case EDQUOT: what += "the disk quota is used up; free space there or choose another directory"; break;
        case EFBIG: what += "the file may not grow further (file size limit); raise the limit (ulimit -f)"; break;
        default: what += std::generic_category().message(cause);
    }
    return fail(cause == EEXIST ? Errc::already_exists : Errc::io, std::move(what));
}

void sync_directory_of(const std::filesystem::path& path) {
    const std::filesystem::path directory = path.has_parent_path() ? path.parent_path() : ".";
    const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    (void)::fsync(descriptor);
    (void)::close(descriptor);
}

}  // namespace vt::storage
