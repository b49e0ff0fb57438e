#pragma once

#include "base/result.hpp"

#include <memory>
#include <string>

namespace vt::net {

struct ClientTlsParams {
    std::string authorities_pem;   ///< trust these and only these; empty: see authorities_file
    std::string authorities_file;  ///< a PEM file, trusted alone; empty: the system's authorities
    /// PEM: the server has to show this certificate, and nothing else of it is judged. For commands on the server's
    /// own machine, which have its file and call it by another name. Excludes the two above.
    std::string only_certificate_pem;
};

struct ServerTlsParams {
    std::string certificate_pem;  ///< the leaf first, then its chain
    std::string key_pem;
};

/// How connections are encrypted: TLS 1.2 or newer. A client always sends the host's name (SNI) and checks
/// the chain, the dates and that name, unless it knows the one certificate that it may meet; there is no way to check
/// nothing. A value: copies share one context.
class TlsContext {
public:
    /// errors: configuration (no such file, not PEM)
    [[nodiscard]] static Result<TlsContext> client(const ClientTlsParams& params = {});
    /// errors: configuration (not PEM, the key is not the certificate's)
    [[nodiscard]] static Result<TlsContext> server(const ServerTlsParams& params);

    struct Impl;
    [[nodiscard]] const std::shared_ptr<Impl>& impl() const { return impl_; }
    [[nodiscard]] bool is_server() const;

private:
    explicit TlsContext(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
    std::shared_ptr<Impl> impl_;
};

}  // namespace vt::net
