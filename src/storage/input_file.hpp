#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace vt::storage {

/// Bytes that can be read at any place: a file, or memory that outlives this (an embedded recording).
class InputFile {
public:
    /// errors: not_found, io
    [[nodiscard]] static Result<InputFile> open(const std::filesystem::path& path);
    /// `name` is what errors call it.
    [[nodiscard]] static InputFile memory(std::string_view bytes, std::string name);

    InputFile(InputFile&& other) noexcept;
    InputFile& operator=(InputFile&& other) noexcept;
    ~InputFile();

    /// Replaces `out` by the `count` bytes at `offset`, fewer where the file ends.
    ///   errors: io
    [[nodiscard]] Result<void> read(std::uint64_t offset, std::size_t count, std::string& out) const;
    /// At opening; what is appended later is not seen.
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] const std::string& name() const { return name_; }

private:
    InputFile() = default;
    int descriptor_ = -1;  // -1: memory
    std::string_view memory_;
    std::uint64_t size_ = 0;
    std::string name_;
};

}  // namespace vt::storage
