#pragma once

#include "base/result.hpp"
#include "config/config.hpp"
#include "exchange/protocol.hpp"
#include "exchange/signature.hpp"
#include "gateway/gateway.hpp"

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
[[nodiscard]] Check check_key(const SiteToCheck& site, const std::map<std::string, std::string>& credentials);
[[nodiscard]] Check check_key(const SiteToCheck& site, const exchange::Credentials& credentials);
/// Looks at this machine: ports, the folder of recordings, disk, file limit.
[[nodiscard]] std::vector<Check> check_machine(const config::Config& config);

}  // namespace vt::runtime
