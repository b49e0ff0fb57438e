#pragma once

#include "base/result.hpp"
#include "config/config.hpp"
#include "login/accounts.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace vt::app {

/// The answer of the running program, at the port of the configuration, to a GET of this target.
///   in:     scope: what a token has to have for what is done in the end; told to who has none
///   out:    the body of an answer 200
///   errors: unavailable and the like: it does not answer, with the remedy; not_found: what its problem document
///           says; malformed: it says nothing that can be read; configuration: it serves TLS, and its certificate's
///           file cannot be read
[[nodiscard]] Result<std::string> ask_running_program(const config::Loaded& loaded, std::string_view target,
                                                      login::Scope scope = login::Scope::read);

/// Likewise the answer to a POST without a body, which changes something there; it may take `limit`.
[[nodiscard]] Result<std::string> tell_running_program(const config::Loaded& loaded, std::string_view target,
                                                       std::chrono::seconds limit);

/// Likewise the answer to a PUT of this JSON.
[[nodiscard]] Result<std::string> put_to_running_program(const config::Loaded& loaded, std::string_view target,
                                                         std::string body);

/// Likewise the answer to a DELETE.
[[nodiscard]] Result<std::string> delete_at_running_program(const config::Loaded& loaded, std::string_view target);

}  // namespace vt::app
