#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "exchange/signature.hpp"
#include "market/instrument.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::config {

/// The variables that carry or name the parts of an API key: each also with _FILE, which holds the path of a file
/// with the value.
struct CredentialVariables {
    market::Venue venue = market::Venue::bybit;
    std::string_view key;
    std::string_view secret;
};
inline constexpr CredentialVariables kCredentialVariables[] = {
    {market::Venue::bybit, "BYBIT_API_KEY", "BYBIT_API_SECRET"},
    {market::Venue::binance, "BINANCE_API_KEY", "BINANCE_SECRET"},
};
/// All names, the _FILE ones too: what to read from the environment, and to remove from it after that.
[[nodiscard]] std::vector<std::string> credential_variable_names();

/// The value of a variable, or of the file that NAME_FILE names; empty: neither is set.
///   in, errors: as read_credentials
[[nodiscard]] Result<Secret> read_secret(const std::string& name,
                                         const std::map<std::string, std::string>& environment);

/// Reads the key of a venue; nullopt where none of its variables is set (market data needs none).
///   in:     `environment`: the set ones of credential_variable_names()
///   errors: configuration: half a key, a value and a file for the same part, a file that is missing, empty, longer
///           than 16 KB or open to other users, a value with spaces or control characters; never with a value in the
///           message
[[nodiscard]] Result<std::optional<exchange::Credentials>> read_credentials(
    market::Venue venue, const std::map<std::string, std::string>& environment);

}  // namespace vt::config
