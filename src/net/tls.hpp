#pragma once

#include "base/result.hpp"

#include <memory>
#include <string>

namespace vt::net {

struct ClientTlsParams {
    std::string authorities_pem;   ///< trust these and only these; empty: see authorities_file
    std::string authorities_file;  ///< a PEM file, trusted alone; empty: the system's authorities
};

struct ServerTlsParams {
    std::string certificate_pem;  ///< the leaf first, then its chain
    std::string key_pem;
};

/// How connections are encrypted: TLS 1.2 or newer. A client always checks the chain, the dates and the host's name,
/// and always sends the name (SNI); there is no way to turn that off. A value: copies share one context.
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
