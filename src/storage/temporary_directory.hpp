#pragma once

#include <filesystem>
#include <string_view>

namespace vt::storage {

/// A directory of its own for a test or a job, removed with its content at the end. Throws where it cannot be made.
class TemporaryDirectory {
public:
    explicit TemporaryDirectory(std::string_view prefix);
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace vt::storage
