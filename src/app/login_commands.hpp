#pragma once

#include "app/commands.hpp"

#include <cstdint>
#include <string>

/// The subcommands of `virtuoso user`, `token` and `setup-token`. They work on the database of the records; a running
/// program sees what they changed within seconds.
namespace vt::app {

struct LoginOptions {
    ConfigOptions config;
    std::string user;
    std::string role = "viewer";
    std::string password_file;  ///< "-": the standard input; empty: asked for on the terminal
    std::string label;
    std::string scope = "read";
    std::uint32_t days = 90;
    std::string id;  ///< of a token
    bool as_json = false;
};
[[nodiscard]] Exit user_add(const LoginOptions& options);
/// A new password, which also ends the user's sessions and takes away his second factor.
[[nodiscard]] Exit user_passwd(const LoginOptions& options);
[[nodiscard]] Exit user_list(const LoginOptions& options);
[[nodiscard]] Exit token_create(const LoginOptions& options);
[[nodiscard]] Exit token_list(const LoginOptions& options);
[[nodiscard]] Exit token_revoke(const LoginOptions& options);
[[nodiscard]] Exit setup_token(const LoginOptions& options);

}  // namespace vt::app
