#pragma once

#include <cstddef>
#include <string_view>

namespace vt::api {

/// src/api/schemas.json, embedded: JSON schemas of the answers that are not made from tables of members.
[[nodiscard]] std::string_view fixed_schemas();

}  // namespace vt::api
