#pragma once

// Internal to net: Asio and OpenSSL types. Included by net's own .cpp files only.

#include "net/tls.hpp"

#include <boost/asio/ssl/context.hpp>

namespace vt::net {

struct TlsContext::Impl {
    explicit Impl(bool server)
        : is_server(server),
          context(server ? boost::asio::ssl::context::tls_server : boost::asio::ssl::context::tls_client) {}
    bool is_server;
    boost::asio::ssl::context context;
};

}  // namespace vt::net
