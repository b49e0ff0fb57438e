#pragma once

#include "api/place.hpp"
#include "login/accounts.hpp"

#include <optional>
#include <string>

namespace vt::api {

/// Who asks, and from where.
struct Visitor {
    Place place;
    std::optional<login::Caller> caller;  ///< absent: nobody who is logged in
    std::string session_secret;           ///< of the cookie, where the caller is a session
};

}  // namespace vt::api
