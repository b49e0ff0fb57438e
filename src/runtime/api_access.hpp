#pragma once

#include "api/login_desk.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "net/tls.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vt::runtime {

/// Whether the program may listen where it is told to: beyond loopback only where somebody has a password, and where
/// it does not go over the network as it is.
///   in:     has_admin: absent: it cannot be read
///   errors: configuration: one sentence, with the remedies
[[nodiscard]] Result<void> may_listen(const config::Config::Server& server, std::optional<bool> has_admin);

/// The certificate and key of the configuration; absent: none are named.
///   errors: configuration: a file that cannot be read or is too long, not PEM, another certificate's key
[[nodiscard]] Result<std::optional<net::TlsContext>> server_tls(const config::Config::Server& server);

/// The names that the ports are asked for under, besides loopback.
[[nodiscard]] std::vector<std::string> allowed_hosts(const config::Config::Server& server);

/// Who reads the market without a login.
[[nodiscard]] api::AnonymousRead anonymous_read(const config::Config& config);

}  // namespace vt::runtime
