#include "storage/temporary_directory.hpp"

#include <stdlib.h>  // mkdtemp is POSIX

#include <cerrno>
#include <string>
#include <system_error>

namespace vt::storage {

TemporaryDirectory::TemporaryDirectory(std::string_view prefix) {
    std::string name = (std::filesystem::temp_directory_path() / prefix).string() + "-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), "mkdtemp " + name);
    path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace vt::storage
