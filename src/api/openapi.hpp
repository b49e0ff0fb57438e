#pragma once

#include "api/route.hpp"

#include <string>

namespace vt::api {

/// The OpenAPI 3.1 document of a route table: every route, its parameters, its access class and the schema of its
/// answer.
[[nodiscard]] std::string openapi_document(const RouteTable& table);

}  // namespace vt::api
