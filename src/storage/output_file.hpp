#pragma once

#include "base/result.hpp"
#include "storage/file_descriptor.hpp"

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <utility>

namespace vt::storage {

/// A new file that is only ever appended to. Closes itself.
class OutputFile {
public:
    /// Creates the file; the directory entry is made durable.
    ///   errors: already_exists, io (names the path and the cause)
    [[nodiscard]] static Result<OutputFile> create(const std::filesystem::path& path);

    /// Writes all of `bytes` or, on failure, none: a part that was written is cut off again.
    ///   errors: io; a full disk is named as such
    [[nodiscard]] Result<void> append(std::string_view bytes);
    /// Returns when the device has what was appended.
    ///   errors: io; what the device holds is then unknown, so do not go on with this file
    [[nodiscard]] Result<void> sync();
    /// Gives the file its final name; an older file of that name is replaced.
    [[nodiscard]] Result<void> rename(const std::filesystem::path& path);

    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    OutputFile(FileDescriptor descriptor, std::filesystem::path path, std::uint64_t size)
        : descriptor_(std::move(descriptor)), size_(size), path_(std::move(path)) {}

    FileDescriptor descriptor_;
    std::uint64_t size_ = 0;
    std::filesystem::path path_;
};

}  // namespace vt::storage
