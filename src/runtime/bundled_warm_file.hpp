#pragma once

#include <cstddef>
#include <string_view>

namespace vt::runtime {

/// data/warm/demo.vtw, embedded.
[[nodiscard]] std::string_view bundled_warm_file();

}  // namespace vt::runtime
