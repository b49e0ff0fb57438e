#pragma once

#include "base/result.hpp"
#include "storage/input_file.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace vt::storage {

/// The lines of a text file, plain or zstd-compressed (told by its first bytes), in bounded memory.
class LineReader {
public:
    static constexpr std::size_t kMaxLineBytes = std::size_t{16} << 20U;

    /// errors: not_found, io
    [[nodiscard]] static Result<LineReader> open(const std::filesystem::path& path);
    ~LineReader();
    LineReader(LineReader&&) noexcept;
    LineReader& operator=(LineReader&&) noexcept;

    /// The next line without its end (LF or CR LF), valid until the next call; nothing at the end of the file. A last
    /// line without an end counts.
    ///   errors: io, corrupt (zstd data damaged or cut), malformed (a line longer than kMaxLineBytes)
    [[nodiscard]] Result<std::optional<std::string_view>> next();
    /// Of the line that next() gave, from 1.
    [[nodiscard]] std::uint64_t line_number() const;
    [[nodiscard]] const std::string& name() const;

private:
    struct Impl;
    explicit LineReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::storage
