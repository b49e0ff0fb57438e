#pragma once

// Internal to net: OpenSSL's objects with an owner. Included by net's own .cpp files only.

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace vt::net::detail {

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;

/// The first certificate of a PEM text; empty where there is none.
inline Certificate first_certificate(const std::string& pem_text) {
    const Bio text(BIO_new_mem_buf(pem_text.data(), static_cast<int>(pem_text.size())));
    Certificate certificate(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
    ERR_clear_error();
    return certificate;
}

}  // namespace vt::net::detail
