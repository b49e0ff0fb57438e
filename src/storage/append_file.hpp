#pragma once

#include "base/result.hpp"
#include "storage/file_descriptor.hpp"

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <utility>

namespace vt::storage {

/// A file that grows over many runs; one process at a time may hold it. Closes itself.
class AppendFile {
public:
    /// Opens the file, or makes an empty one (its folders too), and locks it.
    ///   errors: io; unavailable (another process has it open for writing)
    [[nodiscard]] static Result<AppendFile> open(const std::filesystem::path& path);

    /// Writes all of `bytes` at the end and waits until the device has them. On failure the file is as long as
    /// before, as far as that can still be done.
    ///   errors: io; a full disk is named as such
    [[nodiscard]] Result<void> append(std::string_view bytes);
    /// Cuts off what lies behind `size`.
    [[nodiscard]] Result<void> cut_to(std::uint64_t size);

    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    AppendFile(FileDescriptor descriptor, std::filesystem::path path, std::uint64_t size)
        : descriptor_(std::move(descriptor)), size_(size), path_(std::move(path)) {}

    FileDescriptor descriptor_;
    std::uint64_t size_ = 0;
    std::filesystem::path path_;
};

}  // namespace vt::storage
