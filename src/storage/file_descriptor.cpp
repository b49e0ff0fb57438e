#include "storage/file_descriptor.hpp"

#include <unistd.h>

#include <cerrno>
#include <utility>

namespace vt::storage {

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
}

FileDescriptor::~FileDescriptor() {
    if (is_open()) (void)::close(number_);
}

int FileDescriptor::append(std::string_view bytes, std::uint64_t size) const {
    while (!bytes.empty()) {
        const ssize_t written = ::write(number_, bytes.data(), bytes.size());
        if (written > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (written == 0 || errno != EINTR) {
            const int cause = written == 0 ? ENOSPC : errno;
            // Should even the cut fail, readers still find the next block by its magic number.
            if (::ftruncate(number_, static_cast<off_t>(size)) == 0)
                (void)::lseek(number_, static_cast<off_t>(size), SEEK_SET);
            return cause;
        }
    }
    return 0;
}

}  // namespace vt::storage
