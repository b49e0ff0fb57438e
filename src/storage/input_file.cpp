#include "storage/input_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace vt::storage {
namespace {

tl::unexpected<Error> system_failure(const std::string& name, int cause) {
    return fail(cause == ENOENT ? Errc::not_found : Errc::io,
                "cannot read " + name + ": " + std::generic_category().message(cause));
}

}  // namespace

Result<InputFile> InputFile::open(const std::filesystem::path& path) {
    InputFile file;
    file.name_ = path.string();
    file.descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status {};
    if (file.descriptor_ < 0 || ::fstat(file.descriptor_, &status) != 0) return system_failure(file.name_, errno);
    if (!S_ISREG(status.st_mode)) return fail(Errc::io, "cannot read " + file.name_ + ": it is not a file");
    file.size_ = static_cast<std::uint64_t>(status.st_size);
    return file;
}

InputFile InputFile::memory(std::string_view bytes, std::string name) {
    InputFile file;
    file.memory_ = bytes;
    file.size_ = bytes.size();
    file.name_ = std::move(name);
    return file;
}

InputFile::InputFile(InputFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      memory_(other.memory_),
      size_(other.size_),
      name_(std::move(other.name_)) {}

InputFile& InputFile::operator=(InputFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(memory_, other.memory_);
    std::swap(size_, other.size_);
    std::swap(name_, other.name_);
    return *this;
}

InputFile::~InputFile() {
    if (descriptor_ >= 0) (void)::close(descriptor_);
}

Result<void> InputFile::read(std::uint64_t offset, std::size_t count, std::string& out) const {
    const std::uint64_t available = offset < size_ ? size_ - offset : 0;
    out.resize(static_cast<std::size_t>(std::min<std::uint64_t>(count, available)));
    if (descriptor_ < 0) {
        out.assign(
            memory_.substr(std::min<std::size_t>(static_cast<std::size_t>(offset), memory_.size()), out.size()));
        return {};
    }
    std::size_t filled = 0;
    while (filled < out.size()) {
        const ssize_t got =
            ::pread(descriptor_, &out[filled], out.size() - filled, static_cast<off_t>(offset + filled));
        if (got == 0) break;  // the file was cut while it was read
        if (got > 0) {
            filled += static_cast<std::size_t>(got);
        } else if (errno != EINTR) {
            const int cause = errno;
            out.clear();
            return system_failure(name_, cause);
        }
    }
    out.resize(filled);
    return {};
}

}  // namespace vt::storage
