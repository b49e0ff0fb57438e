#pragma once

#include "base/result.hpp"
#include "storage/output_file.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace vt::storage {

/// A file of JSON documents, one a line. Until close() it is called `path`.partial: whoever sees `path` sees all of
/// it.
class JsonLinesFile {
public:
    /// An older file of that name is replaced at close().
    ///   errors: io
    [[nodiscard]] static Result<JsonLinesFile> create(std::filesystem::path path);

    /// in:     one JSON document without a line end (else assertion)
    /// errors: io (full disk): lines since the last success are missing, and from then on every call says so
    [[nodiscard]] Result<void> write(std::string_view document);
    /// Writes what is buffered and gives the file its name; not if a line is missing. Nothing may follow.
    ///   errors: io
    [[nodiscard]] Result<void> close();

    [[nodiscard]] std::uint64_t lines() const { return lines_; }

private:
    JsonLinesFile(OutputFile file, std::filesystem::path path);
    Result<void> flush();

    OutputFile file_;
    std::filesystem::path path_;
    std::string buffer_;
    std::uint64_t lines_ = 0;
    std::optional<Error> failure_;
};

}  // namespace vt::storage
