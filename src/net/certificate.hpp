#pragma once

#include "base/result.hpp"
#include "base/time.hpp"

#include <memory>
#include <string>
#include <vector>

namespace vt::net {

/// A certificate and its private key, both PEM.
struct CertificateAndKey {
    std::string certificate_pem;
    std::string key_pem;
};

struct LeafParams {
    std::vector<std::string> names = {"localhost", "127.0.0.1", "::1"};  ///< DNS names and IP addresses
    Timestamp not_before{};                                              ///< 1970 by default
    Timestamp not_after = kLatestInstant;
};

/// A certificate authority made on the spot (ECDSA P-256), for the demo exchange and for tests: a client that is
/// given certificate_pem() as its only authority trusts what issue() makes and nothing else. The key never leaves
/// memory.
class TestAuthority {
public:
    [[nodiscard]] const std::string& certificate_pem() const;
    /// A server certificate signed by this authority.
    ///   errors: configuration (no names, dates reversed)
    [[nodiscard]] Result<CertificateAndKey> issue(const LeafParams& params = {}) const;

    struct Impl;

private:
    friend Result<TestAuthority> make_test_authority(const std::string& common_name);
    std::shared_ptr<const Impl> impl_;
};

/// errors: io (OpenSSL has no randomness)
[[nodiscard]] Result<TestAuthority> make_test_authority(const std::string& common_name = "Virtuoso demo authority");
/// A certificate that signs itself and that nobody should trust: for tests of refusal.
[[nodiscard]] Result<CertificateAndKey> make_self_signed(const LeafParams& params = {});

}  // namespace vt::net
