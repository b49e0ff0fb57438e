#pragma once

#include "base/result.hpp"
#include "base/time.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace vt::app {

struct CertificateFiles {
    std::string certificate;
    std::string key;
};

/// The self-signed certificate of this user's program: that which is in the folder, as long as it holds for all these
/// names and for another month; else a new one in its place. The key is readable by this user only.
///   errors: io, configuration (a name that is none)
[[nodiscard]] Result<CertificateFiles> own_certificate(const std::filesystem::path& folder,
                                                       const std::vector<std::string>& names, Timestamp now);

/// Under which names other machines may know this one: its addresses and its own name. The addresses first: a
/// telephone in the same house knows no name.
[[nodiscard]] std::vector<std::string> names_of_this_machine();

}  // namespace vt::app
