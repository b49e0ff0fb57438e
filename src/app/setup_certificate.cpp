#include "app/setup_certificate.hpp"

#include "net/certificate.hpp"
#include "net/certificate_facts.hpp"
#include "net/tls.hpp"
#include "storage/output_file.hpp"
#include "storage/system_failure.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <iterator>

namespace vt::app {
namespace {

namespace fs = std::filesystem;

/// What telephones take of a certificate that its user trusts by hand.
constexpr auto kLife = std::chrono::hours{24 * 825};
constexpr auto kEnough = std::chrono::hours{24 * 30};
/// Clocks differ: a certificate of this very second is not valid yet for some.
constexpr auto kBackdated = std::chrono::hours{24};

std::string whole_text(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

bool is_good_enough(const CertificateFiles& files, const std::vector<std::string>& names, Timestamp now) {
    const std::string pem = whole_text(files.certificate);
    const auto facts = net::read_certificate(pem);
    return facts && facts->not_before <= now && now + kEnough < facts->not_after &&
           net::TlsContext::server({.certificate_pem = pem, .key_pem = whole_text(files.key)}) &&
           std::ranges::all_of(names, [&](const std::string& name) { return net::certificate_holds_for(pem, name); });
}

/// The file is the old text or, durably, the new one; nobody else may read it.
Result<void> write_private(const fs::path& file, const std::string& text) {
    fs::path made = file;
    made += ".new";
    std::error_code problem;
    fs::remove(made, problem);
    VT_TRY(storage::OutputFile out, storage::OutputFile::create(made));
    fs::permissions(made, fs::perms::owner_read | fs::perms::owner_write, problem);
    if (problem) return storage::system_failure("set the mode of", made, problem.value());
    if (auto written = out.append(text); !written) return written;
    if (auto synced = out.sync(); !synced) return synced;
    return out.rename(file);
}

}  // namespace

Result<CertificateFiles> own_certificate(const fs::path& folder, const std::vector<std::string>& names,
                                         Timestamp now) {
    CertificateFiles files{.certificate = (folder / "certificate.pem").string(),
                           .key = (folder / "key.pem").string()};
    if (is_good_enough(files, names, now)) return files;
    VT_TRY(const net::CertificateAndKey made,
           net::make_self_signed({.names = names, .not_before = now - kBackdated, .not_after = now + kLife}));
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem) return storage::system_failure("create", folder, problem.value());
    fs::permissions(folder, fs::perms::owner_all, problem);
    if (auto written = write_private(files.key, made.key_pem); !written) return tl::unexpected(written.error());
    if (auto written = write_private(files.certificate, made.certificate_pem); !written)
        return tl::unexpected(written.error());
    return files;
}

std::vector<std::string> names_of_this_machine() {
    std::vector<std::string> names;
    ifaddrs* all = nullptr;
    if (::getifaddrs(&all) == 0) {
        for (const ifaddrs* one = all; one != nullptr; one = one->ifa_next) {
            if (one->ifa_addr == nullptr || one->ifa_addr->sa_family != AF_INET || (one->ifa_flags & IFF_UP) == 0 ||
                (one->ifa_flags & IFF_LOOPBACK) != 0)
                continue;
            const auto* address = reinterpret_cast<const sockaddr_in*>(one->ifa_addr);
            std::array<char, INET_ADDRSTRLEN> text{};
            if (::inet_ntop(AF_INET, &address->sin_addr, text.data(), text.size()) != nullptr)
                names.emplace_back(text.data());
        }
        ::freeifaddrs(all);
    }
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) == 0 && host.front() != '\0') names.emplace_back(host.data());
    std::vector<std::string> once;
    for (std::string& name : names) {
        if (std::ranges::find(once, name) == once.end() && name != "localhost") once.push_back(std::move(name));
    }
    return once;
}

}  // namespace vt::app
