#pragma once

#include <string_view>

namespace vt {

/// The program's version, as CMakeLists.txt states it (a test compares).
inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace vt
