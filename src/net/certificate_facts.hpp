#pragma once

#include "base/result.hpp"
#include "base/time.hpp"

#include <string>
#include <vector>

namespace vt::net {

/// What a certificate says of itself.
struct CertificateFacts {
    std::vector<std::string> names;  ///< DNS names (with wildcards as they stand) and IP addresses that it holds for
    Timestamp not_before;
    Timestamp not_after;
    std::string fingerprint;  ///< SHA-256 of its DER form, "AB:CD:..." as browsers show it
    bool is_self_signed = false;
};

/// The first certificate of a PEM text: a server's own.
///   errors: configuration (not PEM)
[[nodiscard]] Result<CertificateFacts> read_certificate(const std::string& pem);

/// Whether a client that asks for this DNS name or IP address takes the certificate for it.
[[nodiscard]] bool certificate_holds_for(const std::string& pem, const std::string& name);

}  // namespace vt::net
