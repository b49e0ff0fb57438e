// What the doctor looks at of this user's files and of the way to the pages.

#include "api/place.hpp"
#include "net/certificate_facts.hpp"
#include "net/loop.hpp"
#include "records/database_url.hpp"
#include "runtime/api_access.hpp"
#include "runtime/disk_watch.hpp"
#include "runtime/doctor.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace vt::runtime {
namespace {

constexpr auto kCertificateEndsSoon = std::chrono::hours{24 * 21};
constexpr std::uint64_t kRoomWanted = std::uint64_t{256} << 20U;

Check machine_check(std::string name, std::string text, Finding finding = Finding::good, std::string remedy = {}) {
    return {.subject = "machine",
            .name = std::move(name),
            .finding = finding,
            .text = std::move(text),
            .remedy = std::move(remedy),
            .value_ms = std::nullopt};
}

/// What a file's mode lets others do; absent: there is no such file.
std::optional<mode_t> mode_of(const std::string& file) {
    struct stat state{};
    if (file.empty() || ::stat(file.c_str(), &state) != 0) return std::nullopt;
    return state.st_mode & 0777U;
}

std::string octal(mode_t mode) {
    std::string text;
    for (int shift = 6; shift >= 0; shift -= 3)
        text += static_cast<char>('0' + ((mode >> static_cast<unsigned>(shift)) & 7U));
    return text;
}

std::string whole_file(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string days_text(Nanos span) { return std::to_string(span / std::chrono::hours{24}) + " days"; }

/// The file of a SQLite database; empty for any other.
std::string database_file(const config::Config& config, const OwnFiles& files) {
    const std::string& url = config.records.database_url;
    if (url == "off") return {};
    if (url.empty()) return files.data_folder.empty() ? "" : files.data_folder + "/records.db";
    const auto parsed = records::parse_database_url(url);
    return parsed && parsed->backend == records::Backend::sqlite ? parsed->path : std::string();
}

Check check_end(const net::CertificateFacts& facts, Timestamp now) {
    const std::string text = std::string(facts.is_self_signed ? "self-signed" : "signed by an authority") +
                             ", fingerprint " + facts.fingerprint;
    const char* const renew = "renew it, or let `virtuoso setup --public --self-signed` make a new one";
    if (now < facts.not_before)
        return machine_check("certificate",
                             text + ", not valid before " + days_text(facts.not_before - now) + " from now",
                             Finding::failed, "set this machine's clock (NTP), or use another certificate");
    if (now >= facts.not_after)
        return machine_check("certificate", text + ", ended " + days_text(now - facts.not_after) + " ago",
                             Finding::failed, renew);
    const Nanos left = facts.not_after - now;
    const bool is_soon = left < kCertificateEndsSoon;
    return machine_check("certificate", text + ", ends in " + days_text(left),
                         is_soon ? Finding::warning : Finding::good, is_soon ? renew : "");
}

Check check_certificate_names(const config::Config::Server& server, const std::string& pem,
                              const net::CertificateFacts& facts) {
    std::string names, missing;
    for (const std::string& name : facts.names) names += (names.empty() ? "" : ", ") + name;
    for (const std::string& host : server.allowed_hosts) {
        if (!net::certificate_holds_for(pem, host)) missing += (missing.empty() ? "" : ", ") + host;
    }
    if (!missing.empty())
        return machine_check("certificate names", "holds for " + names + ", not for " + missing, Finding::failed,
                             "browsers refuse it there: use a certificate for every name of server.allowed_hosts");
    return machine_check("certificate names", "holds for " + (names.empty() ? "no name" : names),
                         names.empty() ? Finding::failed : Finding::good,
                         names.empty() ? "use a certificate with subject alternative names" : "");
}

}  // namespace

std::vector<Check> check_modes(const config::Config& config, const OwnFiles& files) {
    struct Private {
        std::string what, file;
    };
    std::vector<Private> all = {{"configuration", files.config_file},
                                {"database", database_file(config, files)},
                                {"key of the certificate", config.server.tls_key_file}};
    for (const std::string& file : files.secret_files) all.push_back({"secret", file});
    std::vector<Check> checks;
    std::size_t looked_at = 0;
    for (const auto& [what, file] : all) {
        const auto mode = mode_of(file);
        if (!mode) continue;
        ++looked_at;
        if ((*mode & 077U) == 0) continue;
        const bool is_writable = (*mode & 022U) != 0;
        checks.push_back(machine_check("file modes",
                                       what + " " + file + " has mode " + octal(*mode) + ": other users may " +
                                           (is_writable ? "change" : "read") + " it",
                                       is_writable ? Finding::failed : Finding::warning, "chmod 600 " + file));
    }
    if (checks.empty())
        checks.push_back(machine_check("file modes", std::to_string(looked_at) + " files of secrets and settings, " +
                                                         "readable by their user only"));
    return checks;
}

std::vector<Check> check_disks(const OwnFiles& files) {
    std::vector<Check> checks;
    for (const auto& [name, folder] :
         {std::pair{"disk of the data", files.data_folder}, {"disk of the log", files.log_folder}}) {
        if (folder.empty()) continue;
        const auto space = disk_space(folder);
        if (!space) {
            checks.push_back(machine_check(name, folder + " cannot be looked at", Finding::failed,
                                           "give this user access to it, or name another folder"));
            continue;
        }
        const bool is_low = space->free_bytes < kRoomWanted || space->free_bytes < space->size_bytes / 10;
        checks.push_back(
            machine_check(name, folder + ", " + std::to_string(space->free_bytes >> 20U) + " MiB free",
                          is_low ? Finding::warning : Finding::good,
                          is_low ? "make room: less than a tenth of the disk, or than 256 MiB, is left" : ""));
    }
    return checks;
}

std::vector<Check> check_certificate(const config::Config::Server& server, Timestamp now) {
    std::vector<Check> checks;
    const bool is_local = server.host == "localhost" || api::is_loopback_address(server.host);
    // Whether there is an admin is for the start to find out: it owns the database.
    if (const auto may = may_listen(server, true); !may) {
        checks.push_back(machine_check("server.host", may.error().what, Finding::failed,
                                       "`virtuoso setup --public` sets all of it"));
    } else {
        checks.push_back(
            machine_check("server.host", server.host + (is_local ? ", this machine only" : ", other machines too")));
    }
    if (server.tls_certificate_file.empty()) {
        const bool is_bare = !is_local && server.trusted_proxies.empty();
        checks.push_back(machine_check("certificate",
                                       is_bare ? "none: passwords cross the network as they are" : "none",
                                       is_bare ? Finding::warning : Finding::note,
                                       is_bare ? "set server.tls_certificate_file and server.tls_key_file" : ""));
        return checks;
    }
    const std::string pem = whole_file(server.tls_certificate_file);
    const auto facts = net::read_certificate(pem);
    if (!facts) {
        checks.push_back(machine_check("certificate", server.tls_certificate_file + ": " + facts.error().what,
                                       Finding::failed, "name a PEM file that this user can read"));
        return checks;
    }
    if (const auto tls = server_tls(server); !tls) {
        checks.push_back(machine_check("certificate", tls.error().what, Finding::failed,
                                       "server.tls_key_file must be the key of server.tls_certificate_file"));
        return checks;
    }
    checks.push_back(check_end(*facts, now));
    checks.push_back(check_certificate_names(server, pem, *facts));
    return checks;
}

}  // namespace vt::runtime
