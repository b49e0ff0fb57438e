#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace vt::net {

/// The gzip form of a text, as `Content-Encoding: gzip` wants it.
[[nodiscard]] std::string gzipped(std::string_view plain);
/// errors: corrupt (not gzip, cut off); out_of_range (more than `bytes_max`)
[[nodiscard]] Result<std::string> gunzipped(std::string_view packed, std::size_t bytes_max);

}  // namespace vt::net
