#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string_view>

namespace vt::storage {

/// The error of a system call on a file: what was being done, to which file, why not, and the remedy where one is
/// known.
///   in: `cause` an errno
[[nodiscard]] tl::unexpected<Error> system_failure(std::string_view doing, const std::filesystem::path& path,
                                                   int cause);

/// Makes the entries of the directory that holds `path` durable. File systems that cannot say so are believed.
void sync_directory_of(const std::filesystem::path& path);

}  // namespace vt::storage
