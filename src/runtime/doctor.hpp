#pragma once

#include "base/result.hpp"
#include "config/config.hpp"
#include "exchange/protocol.hpp"
#include "exchange/signature.hpp"
#include "gateway/gateway.hpp"
#include "runtime/examination.hpp"
#include "runtime/site_client.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vt::runtime {

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
///       `limit`: for all of it; what has no answer by then says so
[[nodiscard]] std::vector<Check> check_site(const SiteToCheck& site,
                                            const std::map<std::string, std::string>& credentials,
                                            Nanos limit = std::chrono::seconds{6});
/// Looks at the key of one site only.
///   in: `is_stopping` ends the waiting for an answer
[[nodiscard]] KeyCheck check_key(const SiteToCheck& site, const exchange::Credentials& credentials,
                                 StopCheck is_stopping = {});
/// Looks at this machine: ports, the folder of recordings, disk, file limit.
[[nodiscard]] std::vector<Check> check_machine(const config::Config& config);

/// Where this user's files lie.
struct OwnFiles {
    std::string config_file;                ///< empty: there is none
    std::string data_folder;                ///< of records and series; empty: no home
    std::string log_folder;                 ///< empty: no files are written
    std::vector<std::string> secret_files;  ///< what variables of secrets name (NAME_FILE)
};
/// Who else on this machine may read what is this user's: configuration, database, keys.
[[nodiscard]] std::vector<Check> check_modes(const config::Config& config, const OwnFiles& files);
/// Whether the disks of data and log have room.
[[nodiscard]] std::vector<Check> check_disks(const OwnFiles& files);
/// Who can reach the pages, and the certificate that they are shown: its files, its end, its names.
[[nodiscard]] std::vector<Check> check_certificate(const config::Config::Server& server, Timestamp now);
/// Whether a venue's name is known here, and how fast. Waits for the resolver as long as that takes.
[[nodiscard]] Check check_name(const std::string& host);
/// Whether each proxy takes a connection.
///   in: `limit`: for each
[[nodiscard]] std::vector<Check> check_proxies(const std::vector<SiteToCheck>& sites, Nanos limit);

/// Everything that the doctor looks at, for examine(): machine, files, certificate, names, proxies, each site. None
/// of them writes anything but a probe in the folder of recordings.
[[nodiscard]] std::vector<Examination> examinations(const config::Config& config,
                                                    const std::map<std::string, std::string>& credentials,
                                                    const std::vector<SiteToCheck>& sites, const OwnFiles& files);

}  // namespace vt::runtime
