#pragma once

#include "base/result.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace vt::config {

/// An earlier text of a file.
struct FileVersion {
    std::uint32_t number = 0;  ///< counted from 1, never given twice
    Timestamp replaced{};      ///< when a later text took its place
    std::uint64_t bytes = 0;
};

/// A small text file that is only ever replaced whole, and whose last texts are kept beside it, in FILE.history. At
/// whatever moment the process or the machine stops, the file is the old text or the new one, and the old one is in
/// the history before it is gone from the file. A text that was changed by other means enters the history at the next
/// replacement. Files are private to their owner unless the file was not.
class VersionedFile {
public:
    static constexpr std::size_t kVersionsMax = 50;          ///< the oldest go for a further one
    static constexpr std::uint64_t kBytesMax = 1ULL << 20U;  ///< of one text

    /// in: path: a symbolic link is followed, so that it stays one
    explicit VersionedFile(const std::filesystem::path& path);

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path history_folder() const;

    /// out: absent: there is no such file
    ///   errors: io; out_of_range: it is longer than kBytesMax
    [[nodiscard]] Result<std::optional<std::string>> read() const;
    /// The kept versions, the oldest first.
    [[nodiscard]] Result<std::vector<FileVersion>> versions() const;
    /// errors: not_found, with the numbers that are kept
    [[nodiscard]] Result<std::string> version(std::uint32_t number) const;

    /// Replaces the text by what `make` makes of the present one (absent: there is no file); folders are made. One
    /// process at a time: what `make` was given is what is replaced.
    ///   out:    whether the text changed
    ///   errors: what `make` says; unavailable: another process is replacing it; io: then the old text stands
    ///   cost:   some fsyncs: not on a thread that must answer soon
    using Make = std::function<Result<std::string>(const std::optional<std::string>& present)>;
    [[nodiscard]] Result<bool> replace(const Make& make) const;

private:
    [[nodiscard]] std::filesystem::path version_path(std::uint32_t number) const;
    [[nodiscard]] Result<bool> replace_text(const Make& make) const;
    [[nodiscard]] Result<void> keep(const std::string& text) const;

    std::filesystem::path path_;
};

}  // namespace vt::config
