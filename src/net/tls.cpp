#include "net/tls.hpp"

#include "net/detail/openssl_objects.hpp"
#include "net/detail/tls_context.hpp"

#include <boost/asio/buffer.hpp>
#include <openssl/ssl.h>

#include <memory>
#include <utility>

namespace vt::net {

namespace {

using boost::system::error_code;

using detail::Certificate;

/// Accepts this certificate as the server's own, whatever signed it, and none else.
void trust_only(boost::asio::ssl::context& context, Certificate certificate) {
    context.set_verify_mode(boost::asio::ssl::verify_peer);
    context.set_verify_callback(
        [only = std::shared_ptr<X509>(std::move(certificate))](bool, boost::asio::ssl::verify_context& judged) {
            X509_STORE_CTX* store = judged.native_handle();
            if (X509_STORE_CTX_get_error_depth(store) > 0) return true;  // of its issuers nothing is asked
            const bool is_it = X509_cmp(X509_STORE_CTX_get_current_cert(store), only.get()) == 0;
            X509_STORE_CTX_set_error(store, is_it ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
            return is_it;
        });
}

/// TLS 1.2 is the least, and idle connections give their buffers back.
void harden(boost::asio::ssl::context& context) {
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_mode(context.native_handle(), SSL_MODE_RELEASE_BUFFERS);
}

}  // namespace

bool TlsContext::is_server() const { return impl_->is_server; }

Result<TlsContext> TlsContext::client(const ClientTlsParams& params) {
    auto impl = std::make_shared<Impl>(false);
    boost::asio::ssl::context& context = impl->context;
    harden(context);
    if (!params.only_certificate_pem.empty()) {
        Certificate only = detail::first_certificate(params.only_certificate_pem);
        if (!only)
            return fail(Errc::configuration, "the server's certificate is not PEM text with BEGIN CERTIFICATE");
        trust_only(context, std::move(only));
        return TlsContext(std::move(impl));
    }
    error_code problem;
    std::string source = "the system's authorities";
    if (!params.authorities_pem.empty()) {
        source = "the given authorities";
        context.add_certificate_authority(boost::asio::buffer(params.authorities_pem), problem);
    } else if (!params.authorities_file.empty()) {
        source = params.authorities_file;
        context.load_verify_file(params.authorities_file, problem);
    } else {
        context.set_default_verify_paths(problem);
    }
    if (problem) {
        ERR_clear_error();
        return fail(Errc::configuration, "cannot read certificates from " + source + " (" + problem.message() +
                                             "); expected PEM text with BEGIN CERTIFICATE");
    }
    context.set_verify_mode(boost::asio::ssl::verify_peer);
    return TlsContext(std::move(impl));
}

Result<TlsContext> TlsContext::server(const ServerTlsParams& params) {
    auto impl = std::make_shared<Impl>(true);
    boost::asio::ssl::context& context = impl->context;
    harden(context);
    error_code problem;
    context.use_certificate_chain(boost::asio::buffer(params.certificate_pem), problem);
    if (problem) {
        ERR_clear_error();
        return fail(Errc::configuration, "the server's certificate is not PEM: " + problem.message());
    }
    context.use_private_key(boost::asio::buffer(params.key_pem), boost::asio::ssl::context::pem, problem);
    if (problem) {
        ERR_clear_error();
        return fail(Errc::configuration,
                    "the server's key is not PEM, or not the certificate's: " + problem.message());
    }
    return TlsContext(std::move(impl));
}

}  // namespace vt::net
