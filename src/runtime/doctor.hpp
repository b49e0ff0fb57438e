#pragma once

#include "base/result.hpp"
#include "config/config.hpp"
#include "exchange/protocol.hpp"
#include "exchange/signature.hpp"
#include "gateway/gateway.hpp"
#include "runtime/site_client.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vt::runtime {

enum class Finding : std::uint8_t { good, note, warning, failed };
[[nodiscard]] std::string_view name(Finding finding);

/// One thing that was looked at.
struct Check {
    std::string subject;  ///< "bybit", "machine"
    std::string name;     ///< "clock"
    Finding finding = Finding::good;
    std::string text;                ///< what was found, for people
    std::string remedy = {};         ///< what to do about it; empty when good
    std::optional<double> value_ms;  ///< of latency and clock offset
};

/// What a site is asked, and where.
struct SiteToCheck {
    exchange::Site site = exchange::Site::bybit;
    gateway::SiteHosts hosts;
    std::string stream_path;  ///< "/v5/public/linear"
    /// Of the same venue's site that says what a key may do, for one that does not: Binance's futures know the
    /// account only, its spot market the key.
    std::optional<gateway::SiteHosts> rights_hosts = {};
};

/// What a venue said of a key.
enum class KeyStanding : std::uint8_t {
    accepted,
    unknown,  ///< it said nothing of it: not reached, banned, a wrong clock
    refused,  ///< not a key, not its secret, ended, without the right to read, or with the right to withdraw
};
struct KeyCheck {
    Check check;
    KeyStanding standing = KeyStanding::unknown;
};

/// The sites that the configuration names.
///   errors: configuration (a certificate file)
[[nodiscard]] Result<std::vector<SiteToCheck>> configured_sites(const config::Config& config);

/// Looks at one site: the way to it, REST, stream, latency, clock, limits, and the key where there is one. Reads
/// only.
///   in: `credentials`: the variables of config::credential_variable_names() that are set
[[nodiscard]] std::vector<Check> check_site(const SiteToCheck& site,
                                            const std::map<std::string, std::string>& credentials);
/// Looks at the key of one site only.
///   in: `is_stopping` ends the waiting for an answer
[[nodiscard]] KeyCheck check_key(const SiteToCheck& site, const exchange::Credentials& credentials,
                                 StopCheck is_stopping = {});
/// Looks at this machine: ports, the folder of recordings, disk, file limit.
[[nodiscard]] std::vector<Check> check_machine(const config::Config& config);

}  // namespace vt::runtime
