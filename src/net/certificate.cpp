#include "net/certificate.hpp"

#include "net/detail/openssl_objects.hpp"

#include <openssl/ec.h>
#include <openssl/rand.h>

#include <algorithm>

namespace vt::net {

namespace {

using detail::Bio;
using detail::Certificate;
using detail::Extension;
using detail::Key;

std::string drained(BIO* bio) {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(bio, &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

std::string pem(X509* certificate) {
    const Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(bio.get(), certificate);
    return drained(bio.get());
}

std::string pem(EVP_PKEY* key) {
    const Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return drained(bio.get());
}

void set_time(ASN1_TIME* field, Timestamp at) {
    ASN1_TIME_set(field, static_cast<std::time_t>(to_ms(at) / 1000));
}

bool add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

/// A certificate for `key` with everything but its extensions and signature.
Certificate blank(EVP_PKEY* key, const std::string& common_name, Timestamp not_before, Timestamp not_after) {
    Certificate certificate(X509_new());
    if (!certificate) return nullptr;
    X509_set_version(certificate.get(), 2);
    std::uint64_t serial = 0;
    if (RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial)) != 1) return nullptr;
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1U);
    set_time(X509_getm_notBefore(certificate.get()), not_before);
    set_time(X509_getm_notAfter(certificate.get()), not_after);
    X509_set_pubkey(certificate.get(), key);
    const auto* text = reinterpret_cast<const unsigned char*>(common_name.data());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8, text,
                               static_cast<int>(common_name.size()), -1, 0);
    return certificate;
}

bool is_address(const std::string& name) {
    return name.find(':') != std::string::npos ||
           std::ranges::all_of(name, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

std::string alternative_names(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& each : names) {
        if (!out.empty()) out += ",";
        out += (is_address(each) ? "IP:" : "DNS:") + each;
    }
    return out;
}

tl::unexpected<Error> openssl_failed(std::string_view what) {
    return fail(Errc::io, "OpenSSL cannot make " + std::string(what));
}

/// in: issuer, issuer_key: null for a certificate that signs itself
Result<CertificateAndKey> make_leaf(const LeafParams& params, X509* issuer, EVP_PKEY* issuer_key) {
    if (params.names.empty()) return fail(Errc::configuration, "a certificate needs at least one name or address");
    if (params.not_after < params.not_before)
        return fail(Errc::configuration, "the certificate ends before it begins");
    const Key key(EVP_EC_gen("P-256"));
    if (!key) return openssl_failed("a key");
    const Certificate leaf = blank(key.get(), params.names.front(), params.not_before, params.not_after);
    if (!leaf) return openssl_failed("a certificate");
    X509* signer = issuer != nullptr ? issuer : leaf.get();
    X509_set_issuer_name(leaf.get(), X509_get_subject_name(signer));
    const bool has_extensions =
        add_extension(leaf.get(), signer, NID_basic_constraints, "critical,CA:FALSE") &&
        add_extension(leaf.get(), signer, NID_key_usage, "critical,digitalSignature") &&
        add_extension(leaf.get(), signer, NID_ext_key_usage, "serverAuth") &&
        add_extension(leaf.get(), signer, NID_subject_alt_name, alternative_names(params.names));
    if (!has_extensions) return fail(Errc::configuration, "not a host name or address: " + params.names.front());
    if (X509_sign(leaf.get(), issuer_key != nullptr ? issuer_key : key.get(), EVP_sha256()) == 0) {
        return openssl_failed("a signature");
    }
    return CertificateAndKey{pem(leaf.get()), pem(key.get())};
}

}  // namespace

struct TestAuthority::Impl {
    Key key;
    Certificate certificate;
    std::string certificate_pem;
};

const std::string& TestAuthority::certificate_pem() const { return impl_->certificate_pem; }

Result<CertificateAndKey> TestAuthority::issue(const LeafParams& params) const {
    return make_leaf(params, impl_->certificate.get(), impl_->key.get());
}

Result<TestAuthority> make_test_authority(const std::string& common_name) {
    auto impl = std::make_shared<TestAuthority::Impl>();
    impl->key.reset(EVP_EC_gen("P-256"));
    if (!impl->key) return openssl_failed("a key");
    const LeafParams dates;
    impl->certificate = blank(impl->key.get(), common_name, dates.not_before, dates.not_after);
    if (!impl->certificate) return openssl_failed("a certificate");
    X509* self = impl->certificate.get();
    X509_set_issuer_name(self, X509_get_subject_name(self));
    const bool is_signed = add_extension(self, self, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                           add_extension(self, self, NID_key_usage, "critical,keyCertSign,cRLSign") &&
                           add_extension(self, self, NID_subject_key_identifier, "hash") &&
                           X509_sign(self, impl->key.get(), EVP_sha256()) != 0;
    if (!is_signed) return openssl_failed("an authority");
    impl->certificate_pem = pem(self);
    TestAuthority authority;
    authority.impl_ = std::move(impl);
    return authority;
}

Result<CertificateAndKey> make_self_signed(const LeafParams& params) { return make_leaf(params, nullptr, nullptr); }

}  // namespace vt::net
